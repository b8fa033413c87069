package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.Affinity;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.http.Route;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;

/** Whole requests over TLS with routes and affinity, beside a bare client over TLS without, in one JVM, in turns. */
final class Features {

    private static final int IN_FLIGHT = 64;
    private static final String BARE = "bare client";
    private static final String BARE_AGAIN = "bare client again";
    private static final String EVENKEEL = "Evenkeel, routes and affinity";

    private final int rounds;
    private final int millis;
    private final boolean brief;
    private final Report report = new Report("features", "Whole requests with routes, affinity and TLS");
    private final List<List<String>> figures = new ArrayList<>();
    private final List<Goal> goals = new ArrayList<>();

    Features(boolean brief) {
        this.brief = brief;
        this.rounds = brief ? 6 : 41;
        this.millis = brief ? 600 : 1_000;
        figures.add(List.of(
                "version",
                "client",
                "requests per second",
                "p50, us",
                "p99, us",
                "client's CPU, us a request",
                "bytes a request",
                "failures"));
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
                goals(version, measure(version, clients(loopback, version)));
            }
        }
        report.paragraph(
                "Three ports of one nginx worker answer 200 with 1 KiB over TLS; " + IN_FLIGHT
                        + " requests in flight, each on a virtual thread, with a timeout. The bare client has a fixed origin for each"
                        + " caller. Evenkeel's has four routes, of which the last is taken, and places calls by a header. Medians:");
        report.table(figures);
        report.goals(goals);
        report.write(!brief);
    }

    private static List<Client> clients(Loopback loopback, Version version) {
        HttpClient bare = tuned(loopback).build();
        LoadBalancer orders = LoadBalancer.builder("orders")
                .endpoints(loopback.secureOrigins().stream()
                        .map(address -> "https://" + address)
                        .toArray(String[]::new))
                .build();
        HttpClient evenkeel = BalancedHttpClient.builder()
                .transport(() -> tuned(loopback))
                .balance(
                        orders,
                        Route.path("/admin/**").toTag("role", "admin"),
                        Route.header("X-Canary", "yes").toTag("version", "2"),
                        Route.method("DELETE").and(Route.query("force", "true")).toTag("role", "admin"),
                        Route.path("/**").withTimeout(Duration.ofSeconds(5)))
                .affinity(Affinity.header("X-User"))
                .build();
        List<HttpRequest> direct = loopback.secureOrigins().stream()
                .map(address -> get(address, version).build())
                .toList();
        List<HttpRequest> balanced = IntStream.range(0, IN_FLIGHT)
                .mapToObj(user ->
                        get("orders", version).header("X-User", "user " + user).build())
                .toList();
        return List.of(
                new Client(BARE, bare, direct),
                new Client(BARE_AGAIN, bare, direct),
                new Client(EVENKEEL, evenkeel, balanced));
    }

    private static HttpClient.Builder tuned(Loopback loopback) {
        return HttpClient.newBuilder()
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .connectTimeout(Duration.ofSeconds(1))
                .sslContext(loopback.trusting());
    }

    private static HttpRequest.Builder get(String authority, Version version) {
        return HttpRequest.newBuilder(URI.create("https://" + authority + "/items/42"))
                .version(version)
                .timeout(Duration.ofSeconds(5));
    }

    private Samples measure(Version version, List<Client> clients) throws Exception {
        Map<String, Rounds.Slice> slices = new LinkedHashMap<>();
        for (Client client : clients) {
            slices.put(
                    client.name,
                    () -> Loads.run(client.http, client.requests, IN_FLIGHT, 200, millis)
                            .figures());
        }
        Rounds.run(slices, rounds / 6, 0);
        Samples samples = Rounds.run(slices, rounds, IN_FLIGHT);
        report.samples(name(version), samples);
        for (String name : slices.keySet()) {
            List<String> row = new ArrayList<>(List.of(name(version), name));
            for (String metric : List.of("rate", "p50", "p99", "cpu", "bytes")) {
                row.add(Report.number(samples.median(name, metric)));
            }
            row.add(Report.number(Arrays.stream(samples.of(name, "failures")).sum()));
            figures.add(row);
        }
        return samples;
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

    /** A client, and what it asks for: each caller keeps to one of the requests. */
    private record Client(String name, HttpClient http, List<HttpRequest> requests) {}
}
