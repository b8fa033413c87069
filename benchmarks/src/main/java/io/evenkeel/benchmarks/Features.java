package io.evenkeel.benchmarks;

import java.io.IOException;
import java.net.http.HttpClient.Version;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whole requests over TLS with routes and affinity, beside a bare client over TLS without, each in a JVM of its own, in turns. */
final class Features {

    private static final String BARE = "bare client";
    private static final String BARE_AGAIN = "bare client again";
    private static final String EVENKEEL = "Evenkeel, routes and affinity";

    private final boolean brief;
    /** New JVMs of each: what the compiler makes of the same code differs from one to the next. */
    private final int generations;

    private final int warmUp;
    private final int rounds;
    private final int millis;
    private final Report report = new Report("features", "Whole requests with routes, affinity and TLS");
    private final Medians medians = new Medians(
            report,
            List.of("rate", "p50", "p99", "cpu", "bytes"),
            "version",
            "client",
            "requests per second",
            "p50, us",
            "p99, us",
            "client's CPU, us a request",
            "bytes a request",
            "failures");
    private final List<Goal> goals = new ArrayList<>();

    Features(boolean brief) {
        this.brief = brief;
        this.generations = brief ? 1 : 3;
        this.warmUp = brief ? 1 : 25;
        this.rounds = brief ? 6 : 17;
        this.millis = brief ? 600 : 1_000;
    }

    void run() throws Exception {
        Optional<Loopback> started = Loopback.start();
        if (started.isEmpty()) {
            System.out.println(
                    "Part features is left out: it needs nginx and haproxy (apt-get install nginx-light haproxy).");
            return;
        }
        try (Loopback loopback = started.get()) {
            for (Version version : List.of(Version.HTTP_1_1, Version.HTTP_2)) {
                Samples samples = measure(loopback, version);
                medians.add(name(version), name(version), List.of(BARE, BARE_AGAIN, EVENKEEL), samples);
                goals(version, samples);
            }
        }
        report.paragraph(
                "Three ports of one nginx worker answer 200 with 1 KiB over TLS; " + FeaturesFork.IN_FLIGHT
                        + " requests in flight, each on a virtual thread, with a timeout and a header of its own. The bare client has a fixed origin for"
                        + " each caller. Evenkeel's has four routes, of which the last is taken, and places calls by that header. Each client is in a JVM of its own, and they take turns; "
                        + generations
                        + " JVMs of each, one after the other. Intervals are narrower than they should be, since rounds of one JVM are counted as independent. Medians:");
        report.table(medians.rows());
        report.goals(goals);
        report.write(!brief);
    }

    private Samples measure(Loopback loopback, Version version) throws Exception {
        Samples samples = new Samples();
        for (int generation = 0; generation < generations; generation++) {
            try (Processes processes = new Processes()) {
                Map<String, Rounds.Slice> forks = forks(processes, loopback, version);
                Rounds.run(forks, warmUp, generation);
                Rounds.run(forks, rounds, generation, samples);
            }
        }
        return samples;
    }

    private Map<String, Rounds.Slice> forks(Processes processes, Loopback loopback, Version version)
            throws IOException {
        Map<String, Rounds.Slice> forks = new LinkedHashMap<>();
        forks.put(BARE, new FeaturesFork(processes, loopback, version, false, millis));
        forks.put(BARE_AGAIN, new FeaturesFork(processes, loopback, version, false, millis));
        forks.put(EVENKEEL, new FeaturesFork(processes, loopback, version, true, millis));
        return forks;
    }

    private static String name(Version version) {
        return version == Version.HTTP_2 ? "HTTP/2" : "HTTP/1.1";
    }

    private void goals(Version version, Samples samples) {
        goals.add(Goal.atLeast(
                0.95,
                name(version) + ", Evenkeel / bare, throughput",
                Paired.ratio(samples.of(EVENKEEL, "rate"), samples.of(BARE, "rate")),
                Paired.ratio(samples.of(BARE_AGAIN, "rate"), samples.of(BARE, "rate"))));
        goals.add(Goal.atMost(
                2_560,
                name(version) + ", Evenkeel - bare, bytes a request",
                Paired.difference(samples.of(EVENKEEL, "bytes"), samples.of(BARE, "bytes")),
                Paired.difference(samples.of(BARE_AGAIN, "bytes"), samples.of(BARE, "bytes"))));
    }
}
