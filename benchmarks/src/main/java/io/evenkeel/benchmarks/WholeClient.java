package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;

/**
 * Whole requests to an efficient origin on this machine: beside a bare client on the same transport, the default client, and
 * the same client through a proxy. All of them in one JVM, in turns.
 */
final class WholeClient {

    private static final String BARE = "bare client";
    private static final String BARE_AGAIN = "bare client again";
    private static final String SAME_TRANSPORT = "Evenkeel on the same transport";
    private static final String JDK_DEFAULT = "HttpClient.newHttpClient()";
    private static final String EVENKEEL = "BalancedHttpClient.of()";
    private static final String PROXY = "bare client, HAProxy";
    private static final String PROXY_AGAIN = "bare client, HAProxy again";

    private final int rounds;
    private final int millis;
    private final boolean brief;
    private final Report report = new Report("http", "Whole requests");
    private final Medians medians = new Medians(
            report,
            List.of("rate", "p50", "p99", "cpu", "origin", "proxy", "bytes"),
            "in flight",
            "client",
            "requests per second",
            "p50, us",
            "p99, us",
            "client's CPU, us a request",
            "origin's",
            "proxy's",
            "bytes a request",
            "failures");
    private final List<Goal> goals = new ArrayList<>();

    WholeClient(boolean brief) {
        this.brief = brief;
        this.millis = brief ? 600 : 1_000;
        this.rounds = brief ? 6 : 41;
    }

    void run() throws Exception {
        Optional<Loopback> started = Loopback.start();
        if (started.isEmpty()) {
            System.out.println(
                    "Part http is left out: it needs nginx and haproxy (apt-get install nginx-light haproxy).");
            return;
        }
        try (Loopback loopback = started.get()) {
            List<Client> clients = clients(loopback);
            at64(measure(loopback, 64, clients, BARE, BARE_AGAIN, SAME_TRANSPORT, JDK_DEFAULT, EVENKEEL, PROXY));
            fewer(16, measure(loopback, 16, clients, BARE, EVENKEEL, PROXY, PROXY_AGAIN));
            fewer(1, measure(loopback, 1, clients, BARE, EVENKEEL, PROXY, PROXY_AGAIN));
        }
        report.paragraph(
                "Three ports of one nginx worker answer 200 with 1 KiB; HTTP/1.1, kept alive; each call on a virtual"
                        + " thread, with a timeout. The bare client is the JDK's on virtual threads, with a fixed origin for each"
                        + " caller. HAProxy balances by leastconn, with one thread (two, at few connections, take three times the CPU for the same). Client, origin and proxy share the processors, so CPU time says"
                        + " more than throughput does. Medians:");
        report.table(medians.rows());
        report.goals(goals);
        report.write(!brief);
    }

    private static List<Client> clients(Loopback loopback) {
        HttpClient bare = tuned();
        HttpClient proxied = tuned();
        HttpClient same = BalancedHttpClient.builder()
                .transport(bare)
                .balance(balancer(loopback))
                .build();
        List<HttpRequest> direct =
                loopback.origins().stream().map(WholeClient::get).toList();
        List<HttpRequest> balanced = List.of(get("orders"));
        List<HttpRequest> viaProxy = List.of(get(loopback.proxy()));
        return List.of(
                new Client(BARE, bare, direct),
                new Client(BARE_AGAIN, bare, direct),
                new Client(SAME_TRANSPORT, same, balanced),
                new Client(JDK_DEFAULT, HttpClient.newHttpClient(), direct),
                new Client(EVENKEEL, BalancedHttpClient.of(balancer(loopback)), balanced),
                new Client(PROXY, proxied, viaProxy),
                new Client(PROXY_AGAIN, proxied, viaProxy));
    }

    /** The JDK's client as {@link BalancedHttpClient} sets its own. */
    static HttpClient tuned() {
        return HttpClient.newBuilder()
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .connectTimeout(Duration.ofSeconds(1))
                .build();
    }

    private static LoadBalancer balancer(Loopback loopback) {
        return LoadBalancer.builder("orders")
                .endpoints(loopback.origins().stream()
                        .map(address -> "http://" + address)
                        .toArray(String[]::new))
                .build();
    }

    private static HttpRequest get(String authority) {
        return HttpRequest.newBuilder(URI.create("http://" + authority + "/"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    private Samples measure(Loopback loopback, int inFlight, List<Client> clients, String... names) throws Exception {
        Map<String, Rounds.Slice> slices = new LinkedHashMap<>();
        for (Client client : clients) {
            if (Arrays.asList(names).contains(client.name)) {
                slices.put(client.name, () -> slice(loopback, client, inFlight));
            }
        }
        Rounds.run(slices, rounds / 6, 0); // to warm up
        Samples samples = Rounds.run(slices, rounds, inFlight);
        medians.add(String.valueOf(inFlight), inFlight + " in flight", slices.keySet(), samples);
        return samples;
    }

    private Map<String, Double> slice(Loopback loopback, Client client, int inFlight) throws InterruptedException {
        double origin = loopback.originCpuNanos();
        double proxy = loopback.proxyCpuNanos();
        Loads.Result load = Loads.run(client.http, client.requests, inFlight, 200, millis);
        origin = (loopback.originCpuNanos() - origin) / 1e3 / load.answeredInAll();
        proxy = (loopback.proxyCpuNanos() - proxy) / 1e3 / load.answeredInAll();
        Map<String, Double> result = load.figures();
        result.put("origin", origin);
        result.put("proxy", proxy);
        result.put("all CPU", load.cpu() + origin + proxy);
        return result;
    }

    private void at64(Samples samples) {
        Paired rate = ratio(samples, BARE_AGAIN, BARE, "rate");
        Paired cpu = ratio(samples, BARE_AGAIN, BARE, "cpu");
        goals.add(Goal.atLeast(
                0.97, "same transport / bare, throughput", ratio(samples, SAME_TRANSPORT, BARE, "rate"), rate));
        goals.add(Goal.atMost(1.03, "same transport / bare, CPU", ratio(samples, SAME_TRANSPORT, BARE, "cpu"), cpu));
        goals.add(Goal.atMost(
                1_024,
                "same transport - bare, bytes a request",
                Paired.difference(samples.of(SAME_TRANSPORT, "bytes"), samples.of(BARE, "bytes")),
                Paired.difference(samples.of(BARE_AGAIN, "bytes"), samples.of(BARE, "bytes"))));
        goals.add(Goal.atLeast(
                1.8, "of() / newHttpClient(), throughput", ratio(samples, EVENKEEL, JDK_DEFAULT, "rate"), rate));
        goals.add(Goal.atMost(0.6, "of() / newHttpClient(), CPU", ratio(samples, EVENKEEL, JDK_DEFAULT, "cpu"), cpu));
        goals.add(Goal.atLeast(1.4, "of() / HAProxy, throughput", ratio(samples, EVENKEEL, PROXY, "rate"), rate));
        goals.add(Goal.atMost(
                1,
                "of() / HAProxy, CPU of all processes",
                ratio(samples, EVENKEEL, PROXY, "all CPU"),
                ratio(samples, BARE_AGAIN, BARE, "all CPU")));
        goals.add(Goal.atLeast(0.9, "CPU saved by of() / HAProxy's own", saved(samples), cpu));
    }

    /** What all processes together spend less, in parts of what the proxy spends. */
    private static Paired saved(Samples samples) {
        double[] saved = samples.of(PROXY, "all CPU");
        double[] ours = samples.of(EVENKEEL, "all CPU");
        Arrays.setAll(saved, round -> saved[round] - ours[round]);
        return Paired.ratio(saved, samples.of(PROXY, "proxy"));
    }

    private void fewer(int inFlight, Samples samples) {
        for (String metric : List.of("p50", "p99")) {
            goals.add(Goal.atMost(
                    1,
                    "of() / HAProxy, " + metric + " at " + inFlight + " in flight",
                    ratio(samples, EVENKEEL, PROXY, metric),
                    ratio(samples, PROXY_AGAIN, PROXY, metric)));
        }
    }

    private static Paired ratio(Samples samples, String first, String second, String metric) {
        return Paired.ratio(samples.of(first, metric), samples.of(second, metric));
    }

    /** A client, and what it asks for: each caller keeps to one of the requests. */
    private record Client(String name, HttpClient http, List<HttpRequest> requests) {}
}
