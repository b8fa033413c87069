/**
 * Endpoints from the children of a node of ZooKeeper. Open {@link io.evenkeel.discovery.zookeeper.ZooKeeperEndpoints} first: it describes what a child may hold.
 *
 * <p>Inside, {@code Session} is one session: it reads the children, watches them, and ends with the first trouble; {@code ZooKeeperPoll} begins the next and
 * tells the listener; {@code ChildForm} knows how others write their children.
 *
 * <p>Depends on packages {@code io.evenkeel..} and, in {@code Session} only, on Curator and ZooKeeper. No module descriptor, but an automatic module's name: the jars of ZooKeeper
 * share packages, which modules may not, and so belong on the class path.
 */
@NullMarked
package io.evenkeel.discovery.zookeeper;

import org.jspecify.annotations.NullMarked;
