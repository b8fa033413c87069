package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.Subset;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How long one change of 10,000 replicas takes until calls see it, while another thread picks without a pause; and how long
 * the slowest of these picks took.
 */
final class Rebuild {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int REPLICAS = 10_000;
    private static final long GOAL_MICROS = 5_000;
    private static final int WARM_UP = 100;

    private final boolean brief;
    private final Endpoint[] endpoints = EvenkeelPick.endpoints(REPLICAS);

    Rebuild(boolean brief) {
        this.brief = brief;
    }

    /** One change. */
    @FunctionalInterface
    private interface Change {
        void make(int number);
    }

    void run() throws Exception {
        Report report = new Report("rebuild", "One change of 10,000 replicas");
        Samples samples = new Samples();
        Map<String, Policy> policies = new LinkedHashMap<>();
        policies.put("adaptive", Policy.adaptive());
        policies.put("leastRequest", Policy.leastRequest());
        for (Map.Entry<String, Policy> policy : policies.entrySet()) {
            measure(policy.getKey(), policy.getValue(), samples);
        }
        report.samples("microseconds", samples);
        report.paragraph("Microseconds from the change to the new snapshot, over " + changes()
                + " changes, while another thread picks (acquire and complete) all the time; and that thread's picks, of which one that the"
                + " scheduler, a collection or the compiler interrupts is as slow as these are. A pick takes no lock, and so waits for no"
                + " rebuild: the same picks with nothing changing stand beside them.");
        report.table(table(policies, samples));
        report.write(!brief);
    }

    private int changes() {
        return brief ? 50 : 1_000;
    }

    private void measure(String policy, Policy chosen, Samples samples) throws Exception {
        EndpointSource.Listener[] listener = new EndpointSource.Listener[1];
        try (LoadBalancer balancer = LoadBalancer.builder("orders")
                .policy(chosen)
                .subset(Subset.off())
                .source(to -> {
                    listener[0] = to;
                    to.endpoints(List.of(endpoints));
                    return () -> {};
                })
                .build()) {
            // One weight by the operator's verb; one endpoint more or less in the list
            changes(
                    policy + ", weight verb",
                    balancer,
                    i -> balancer.weight(endpoints[i * 7 % REPLICAS], 1 + i % 2),
                    samples);
            changes(
                    policy + ", list",
                    balancer,
                    i -> listener[0].endpoints(List.of(endpoints).subList(0, REPLICAS - i % 2)),
                    samples);
            changes(policy + ", nothing", balancer, i -> sleep(), samples);
        }
    }

    private static void sleep() {
        try {
            TimeUnit.MILLISECONDS.sleep(1);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void changes(String row, LoadBalancer balancer, Change change, Samples samples) throws Exception {
        for (int i = 0; i < WARM_UP; i++) {
            change.make(i);
        }
        Picker picker = new Picker(balancer);
        for (int i = 0; i < changes(); i++) {
            long cpu = THREADS.getCurrentThreadCpuTime();
            long start = System.nanoTime();
            change.make(i);
            samples.add(row, "change", (System.nanoTime() - start) / 1e3);
            samples.add(row, "cpu", (THREADS.getCurrentThreadCpuTime() - cpu) / 1e3);
        }
        picker.stop();
        for (double percent : new double[] {50, 99.99, 100}) {
            samples.add(row, "pick " + percent, picker.micros(percent));
        }
    }

    private static List<List<String>> table(Map<String, Policy> policies, Samples samples) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of(
                "policy, change",
                "median, us",
                "its CPU, us",
                "99th percentile, us",
                "goal",
                "verdict",
                "pick, median, us",
                "pick, 99.99th percentile, us",
                "slowest pick, us"));
        for (String policy : policies.keySet()) {
            for (String change : List.of("weight verb", "list", "nothing")) {
                table.add(line(policy + ", " + change, samples, !change.equals("nothing")));
            }
        }
        return table;
    }

    private static List<String> line(String row, Samples samples, boolean changed) {
        double[] sorted = samples.of(row, "change");
        Arrays.sort(sorted);
        double most = sorted[(int) Math.ceil(sorted.length * 0.99) - 1];
        return List.of(
                row,
                changed ? Report.number(Samples.median(sorted)) : "",
                changed ? Report.number(samples.median(row, "cpu")) : "",
                changed ? Report.number(most) : "",
                changed ? "<= " + Report.number(GOAL_MICROS) : "",
                changed ? most <= GOAL_MICROS ? "met" : "not met" : "",
                Report.number(samples.median(row, "pick 50.0")),
                Report.number(samples.median(row, "pick 99.99")),
                Report.number(samples.median(row, "pick 100.0")));
    }
}
