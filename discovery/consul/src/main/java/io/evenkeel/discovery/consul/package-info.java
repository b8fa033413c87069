/**
 * Endpoints from Consul's catalogue. Open {@link io.evenkeel.discovery.consul.ConsulEndpoints} first: it describes what becomes of an instance.
 *
 * <p>Inside, {@code HealthQuery} is the question, {@code HealthPoll} asks it again and again by the rules of blocking queries, of which {@code
 * Cursor} knows where to go on and {@code Rate} how soon, and {@code Instances} turns an answer into endpoints.
 *
 * <p>Depends on packages {@code io.evenkeel..} only.
 */
@NullMarked
package io.evenkeel.discovery.consul;

import org.jspecify.annotations.NullMarked;
