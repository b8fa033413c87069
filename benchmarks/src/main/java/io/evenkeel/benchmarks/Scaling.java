package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What replicas add up to. Each can do 100 requests a second, by waiting, so that this machine is not the limit; and ten
 * times the calls on ten times the slots should take as long as before.
 */
final class Scaling {

    private static final int SLOTS = 2;
    private static final int IN_FLIGHT = 48;
    private static final List<Integer> REPLICAS = List.of(1, 2, 3, 6);

    private final boolean brief;
    private final int rounds;
    private final Report report = new Report("scaling", "Throughput by replicas");

    Scaling(boolean brief) {
        this.brief = brief;
        this.rounds = brief ? 5 : 31;
    }

    void run() throws Exception {
        try (Processes processes = new Processes()) {
            String[] origins =
                    WaitingOrigin.start(processes, 50, "256m", new WaitingOrigin.Behaviour(200, SLOTS, 20_000, 0));
            byReplicas(origins);
            tenTimes(origins);
        }
        report.write(!brief);
    }

    private void byReplicas(String[] origins) throws Exception {
        Map<String, Rounds.Slice> slices = new LinkedHashMap<>();
        for (int replicas : REPLICAS) {
            slices.put(String.valueOf(replicas), slice(origins, replicas, IN_FLIGHT));
        }
        slices.put("1 again", slice(origins, 1, IN_FLIGHT));
        Rounds.run(slices, 1, 0);
        Samples samples = Rounds.run(slices, rounds, 1);
        report.samples("by replicas", samples);
        Paired control = Paired.ratio(samples.of("1 again", "rate"), samples.of("1", "rate"));
        Paired three = Paired.ratio(samples.of("3", "rate"), samples.of("1", "rate"));
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("replicas", "requests per second", "against one", "mean, ms", "p99, ms", "failures"));
        Map<Double, Double> line = new TreeMap<>();
        for (int replicas : REPLICAS) {
            String name = String.valueOf(replicas);
            double rate = samples.median(name, "rate");
            line.put((double) replicas, rate);
            table.add(List.of(
                    name,
                    Report.number(rate),
                    Paired.ratio(samples.of(name, "rate"), samples.of("1", "rate"))
                            .toString(),
                    millis(samples, name, "mean"),
                    millis(samples, name, "p99"),
                    Report.number(Arrays.stream(samples.of(name, "failures")).sum())));
        }
        report.paragraph("Each replica has " + SLOTS + " slots in which a request waits for 20 ms, and so can do 100 a"
                + " second; " + IN_FLIGHT + " calls are in flight throughout.");
        report.table(table);
        report.goals(List.of(Goal.atLeast(2.9, "3 replicas / 1, requests per second", three, control)));
        report.paragraph("![Requests per second by replicas](scaling.svg)");
        new LineChart("Requests per second by replicas", "replicas")
                .line("what they can do", "#bbb", Map.of(0.0, 0.0, 6.0, 600.0))
                .line("measured", "#06c", line)
                .write(report.file("scaling.svg", !brief));
    }

    private void tenTimes(String[] origins) throws Exception {
        Map<String, Rounds.Slice> slices = new LinkedHashMap<>();
        slices.put("100 on 5", slice(origins, 5, 100));
        slices.put("100 on 5 again", slice(origins, 5, 100));
        slices.put("1000 on 50", slice(origins, 50, 1_000));
        Rounds.run(slices, 1, 0);
        Samples samples = Rounds.run(slices, rounds, 1);
        report.samples("ten times", samples);
        report.paragraph("100 calls in flight on 5 such replicas, and 1,000 on 50:");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("in flight", "requests per second", "mean, ms", "p99, ms", "client's CPU, us a request"));
        for (String name : List.of("100 on 5", "1000 on 50")) {
            table.add(List.of(
                    name,
                    Report.number(samples.median(name, "rate")),
                    millis(samples, name, "mean"),
                    millis(samples, name, "p99"),
                    Report.number(samples.median(name, "cpu"))));
        }
        report.table(table);
        report.goals(List.of(tenTimes(samples, "mean", 1.05), tenTimes(samples, "p99", 1.2)));
    }

    private static Goal tenTimes(Samples samples, String metric, double limit) {
        double[] base = samples.of("100 on 5", metric);
        return Goal.atMost(
                limit,
                "1,000 on 50 / 100 on 5, " + metric,
                Paired.ratio(samples.of("1000 on 50", metric), base),
                Paired.ratio(samples.of("100 on 5 again", metric), base));
    }

    private Rounds.Slice slice(String[] origins, int replicas, int inFlight) {
        LoadBalancer balancer = LoadBalancer.builder("orders")
                .endpoints(Arrays.copyOf(origins, replicas))
                .build();
        BalancedHttpClient client = BalancedHttpClient.of(balancer);
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://orders/"))
                .timeout(Duration.ofSeconds(10))
                .build();
        return () -> Loads.run(client, List.of(request), inFlight, 500, brief ? 1_000 : 2_000)
                .figures();
    }

    private static String millis(Samples samples, String name, String metric) {
        return Report.number(samples.median(name, metric) / 1e3);
    }
}
