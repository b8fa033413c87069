package io.evenkeel.benchmarks.sim;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** What clients find: time, chance, the network, and origins, each at its endpoint, while they are listed. */
final class World {

    private final Timeline time = new Timeline();
    private final Streams streams;
    private final Network network;
    private final List<Origin> origins = new ArrayList<>();
    private final Map<String, Origin> byId = new HashMap<>();
    private final List<Consumer<List<Origin>>> watchers = new ArrayList<>();
    private final double workNanos;
    private final IntFunction<String> zones;
    private long probes;

    World(
            Streams streams,
            long delayNanos,
            long timeoutNanos,
            List<Script> scripts,
            double workNanos,
            IntFunction<String> zones) {
        this.streams = streams;
        this.workNanos = workNanos;
        this.zones = zones;
        this.network = new Network(time, delayNanos, timeoutNanos);
        for (Script script : scripts) {
            int number = origins.size();
            Origin origin = new Origin(number, script, time, streams.of(Streams.Purpose.COURSE, number));
            origins.add(origin);
            byId.put(origin.endpoint().id(), origin);
        }
        scripts.stream()
                .flatMapToLong(script -> script.listed().changes())
                .distinct()
                .sorted()
                .forEach(change -> time.after(change, nothing -> tell(), 0));
    }

    /** Whose clients are in no zone. */
    World(Streams streams, long delayNanos, long timeoutNanos, List<Script> scripts, double workNanos) {
        this(streams, delayNanos, timeoutNanos, scripts, workNanos, client -> "");
    }

    private void tell() {
        List<Origin> now = listed();
        watchers.forEach(watcher -> watcher.accept(now));
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

    /** All there ever are. */
    List<Origin> origins() {
        return origins;
    }

    private List<Origin> listed() {
        return origins.stream()
                .filter(origin -> origin.script().listed().at(time.now()))
                .toList();
    }

    /** Tells {@code watcher} who is listed, now and whenever that changes. */
    void watch(Consumer<List<Origin>> watcher) {
        watchers.add(watcher);
        watcher.accept(listed());
    }

    /** The zone of a client; "" if there are none. */
    String zoneOf(int client) {
        return zones.apply(client);
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

    EndpointSource source() {
        return listener -> {
            watch(listed ->
                    listener.endpoints(listed.stream().map(Origin::endpoint).toList()));
            return () -> {};
        };
    }

    Origin at(Endpoint endpoint) {
        Origin origin = byId.get(endpoint.id());
        if (origin == null) {
            throw new IllegalArgumentException("nobody is at " + endpoint + ": " + byId.keySet());
        }
        return origin;
    }
}
