package io.evenkeel.benchmarks.sim;

import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What clients find: time, chance, the network, and origins, each at its endpoint. */
final class World {

    private final Timeline time = new Timeline();
    private final Streams streams;
    private final Network network;
    private final List<Origin> origins = new ArrayList<>();
    private final Map<String, Origin> byId = new HashMap<>();
    private final double workNanos;
    private long probes;

    World(Streams streams, long delayNanos, long timeoutNanos, List<Script> scripts, double workNanos) {
        this.streams = streams;
        this.workNanos = workNanos;
        this.network = new Network(time, delayNanos, timeoutNanos);
        for (Script script : scripts) {
            int number = origins.size();
            Origin origin = new Origin(number, script, time, streams.of(Streams.Purpose.COURSE, number));
            origins.add(origin);
            byId.put(origin.endpoint().id(), origin);
        }
    }

    Timeline time() {
        return time;
    }

    Streams streams() {
        return streams;
    }

    Network network() {
        return network;
    }

    List<Origin> origins() {
        return origins;
    }

    /** The mean work of calls. */
    double workNanos() {
        return workNanos;
    }

    /** Origins gauge their load from now on. */
    void gauge() {
        origins.forEach(origin -> origin.gauge(workNanos));
    }

    void countProbe() {
        probes++;
    }

    /** Messages beside calls and their answers. */
    long probes() {
        return probes;
    }

    Endpoint[] endpoints() {
        return origins.stream().map(Origin::endpoint).toArray(Endpoint[]::new);
    }

    Origin at(Endpoint endpoint) {
        Origin origin = byId.get(endpoint.id());
        if (origin == null) {
            throw new IllegalArgumentException("nobody is at " + endpoint + ": " + Arrays.toString(endpoints()));
        }
        return origin;
    }
}
