/**
 * Endpoints from keys of etcd. Open {@link io.evenkeel.discovery.etcd.EtcdEndpoints} first: it describes what a key may hold.
 *
 * <p>Inside, {@code Connection} reads the keys at one revision and watches them from the next, and ends with the first trouble; {@code EtcdPoll} makes the next and
 * tells the listener; {@code ValueForm} knows how others write their values.
 *
 * <p>Depends on packages {@code io.evenkeel..} and, in {@code Connection} only, on jetcd.
 */
@NullMarked
package io.evenkeel.discovery.etcd;

import org.jspecify.annotations.NullMarked;
