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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Whole requests over TLS with routes and affinity, beside a bare client over TLS without, in one JVM, in turns. */
final class Features {

    private static final int IN_FLIGHT = 64;
    private static final String BARE = "bare client";
    private static final String BARE_AGAIN = "bare client again";
    private static final String EVENKEEL = "Evenkeel, routes and affinity";

    private final int millis;
    private final boolean brief;
    private final Report report = new Report("features", "Whole requests with routes, affinity and TLS");
    private final Turns turns;
    private final List<Goal> goals = new ArrayList<>();

    Features(boolean brief) {
        this.brief = brief;
        this.millis = brief ? 600 : 1_000;
        this.turns = new Turns(
                report,
                brief ? 6 : 41,
                List.of("rate", "p50", "p99", "cpu", "bytes"),
                "version",
                "client",
                "requests per second",
                "p50, us",
                "p99, us",
                "client's CPU, us a request",
                "bytes a request",
                "failures");
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
                        + " requests in flight, each on a virtual thread, with a timeout and a header of its own. The bare client has a fixed origin for"
                        + " each caller. Evenkeel's has four routes, of which the last is taken, and places calls by that header. Medians:");
        report.table(turns.figures());
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
        List<String> origins = loopback.secureOrigins();
        List<HttpRequest> direct = requests(version, user -> origins.get(user % origins.size()));
        List<HttpRequest> balanced = requests(version, user -> "orders");
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

    /** The same but for the authority, one for each user. */
    private static List<HttpRequest> requests(Version version, IntFunction<String> authority) {
        return IntStream.range(0, IN_FLIGHT)
                .mapToObj(user -> HttpRequest.newBuilder(URI.create("https://" + authority.apply(user) + "/items/42"))
                        .version(version)
                        .timeout(Duration.ofSeconds(5))
                        .header("X-User", "user " + user)
                        .build())
                .toList();
    }

    private Samples measure(Version version, List<Client> clients) throws Exception {
        Map<String, Rounds.Slice> slices = new LinkedHashMap<>();
        for (Client client : clients) {
            slices.put(
                    client.name,
                    () -> Loads.run(client.http, client.requests, IN_FLIGHT, 200, millis)
                            .figures());
        }
        return turns.take(name(version), name(version), slices, IN_FLIGHT);
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
