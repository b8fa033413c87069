package io.evenkeel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A balancer at one moment.
 *
 * @param name the balancer's name
 * @param ready whether a first list has come
 * @param panic whether fewer than half of the replicas that can be reached are usable, so that all of them are used
 * @param condition how well it can do its work; {@link Condition#FAILING} before the first list
 * @param calls calls made through {@code call}, {@code callAsync} and HTTP clients
 * @param repeats attempts beyond the first of a call
 * @param malformedReports what replicas said of their load that made no sense, and was ignored
 * @param sourceError what the source last reported, if its last report was trouble
 * @param listAge since the source last published a list, or said that the last still holds; empty before its first
 * @param endpoints one line per endpoint, in the order of the list
 */
public record BalancerStats(
        String name,
        boolean ready,
        boolean panic,
        Condition condition,
        long calls,
        long repeats,
        long malformedReports,
        Optional<String> sourceError,
        Optional<Duration> listAge,
        List<EndpointStats> endpoints) {

    /** Checks nothing; copies the list. */
    public BalancerStats {
        endpoints = List.copyOf(endpoints);
    }
}
