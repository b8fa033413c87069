package io.evenkeel.benchmarks.sim;

import io.evenkeel.benchmarks.sim.Script.Course;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The scenarios by which policies are judged. A service takes 10 ms on a replica of speed 1, at each of which calls queue
 * for one slot; the network takes no time.
 */
public final class Suite {

    private final double scale;

    private Suite(double scale) {
        this.scale = scale;
    }

    /** A scenario, and who takes part; the first is what the others are compared with. */
    public record Part(Scenario scenario, List<Variant> variants) {}

    /** All parts; a brief suite makes a tenth of the calls. */
    public static List<Part> parts(boolean brief) {
        Suite suite = new Suite(brief ? 0.1 : 1);
        List<Part> parts = new ArrayList<>();
        suite.sparsity(parts);
        suite.mixedHardware(parts);
        suite.neighbours(parts);
        suite.oneSlow(parts);
        suite.failFast(parts);
        suite.lightLoad(parts);
        suite.mixedCalls(parts);
        return parts;
    }

    private void sparsity(List<Part> parts) {
        for (int clients : List.of(1, 10, 100, 1_000)) {
            parts.add(new Part(
                    scenario("1. 100 replicas, 90 %, " + clients + clients(clients), 1_000_000)
                            .replicas(100, Script.of(1))
                            .clients(clients)
                            .load(0.9),
                    allKnowing(Variant.oracle())));
        }
    }

    private void mixedHardware(List<Part> parts) {
        parts.add(new Part(
                scenario("2. half at speed 0.5, half at 1.5, 75 %, 100 clients", 1_000_000)
                        .replicas(50, Script.of(1).speed(0.5))
                        .replicas(50, Script.of(1).speed(1.5))
                        .clients(100)
                        .load(0.75),
                oracleFirst(Variant.allKnowingTwoChoices())));
    }

    /** Speeds of which a fifth are 0.5 and the others 1.125, so that the mean is 1. */
    private void neighbours(List<Part> parts) {
        Course course = Course.neighbours(Duration.ofMillis(300), random -> random.nextDouble() < 0.2 ? 0.5 : 1.125);
        parts.add(new Part(
                scenario("3. speeds drawn anew every 300 ms, 80 %, 100 clients", 1_000_000)
                        .replicas(100, Script.of(1).through(course))
                        .clients(100)
                        .load(0.8),
                oracleFirst(Variant.allKnowingTwoChoices())));
    }

    private void oneSlow(List<Part> parts) {
        for (int clients : List.of(1, 20, 100)) {
            parts.add(new Part(
                    scenario("4. one of 20 at speed 0.1, 60 %, " + clients + clients(clients), 500_000)
                            .replicas(1, Script.of(1).speed(0.1))
                            .replicas(19, Script.of(1))
                            .clients(clients)
                            .load(0.6),
                    oracleFirst()));
        }
    }

    /** The load is that of the 19 that work. */
    private void failFast(List<Part> parts) {
        for (int clients : List.of(1, 20, 100)) {
            parts.add(new Part(
                    scenario("5. one of 20 fails in 0.2 ms, 60 %, " + clients + clients(clients), 500_000)
                            .replicas(1, Script.of(1).starting(Script.Condition.failing(Duration.ofNanos(200_000))))
                            .replicas(19, Script.of(1))
                            .clients(clients)
                            .callsPerSecond(0.6 * 19 * 100),
                    withEngines(oracleFirst())));
        }
    }

    private void lightLoad(List<Part> parts) {
        for (int clients : List.of(1, 10, 100)) {
            parts.add(new Part(
                    scenario("15. 100 replicas, 10 %, " + clients + clients(clients), 500_000)
                            .replicas(100, Script.of(1))
                            .clients(clients)
                            .load(0.1),
                    oracleFirst()));
        }
    }

    private void mixedCalls(List<Part> parts) {
        Work usual = Work.constant(Duration.ofMillis(5));
        Work rare = Work.constant(Duration.ofMillis(55));
        parts.add(new Part(
                scenario("16. one call in ten takes 55 ms, the others 5, 70 %, 100 clients", 1_000_000)
                        .work(Work.mixed(0.1, rare, usual))
                        .replicas(100, Script.of(1))
                        .clients(100)
                        .load(0.7),
                allKnowing(Variant.oracle())));
    }

    private Scenario scenario(String name, long calls) {
        return Scenario.of(name).work(Work.exponential(Duration.ofMillis(10))).calls((long) (calls * scale));
    }

    private static String clients(int n) {
        return n == 1 ? " client" : " clients";
    }

    /** Two choices that know everything first: what policies without knowledge are measured against. */
    private static List<Variant> allKnowing(Variant... more) {
        return policies(Variant.allKnowingTwoChoices(), more);
    }

    private static List<Variant> oracleFirst(Variant... more) {
        return policies(Variant.oracle(), more);
    }

    private static List<Variant> policies(Variant first, Variant... more) {
        List<Variant> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        all.add(Variant.policy(Policy.random()));
        all.add(Variant.policy(Policy.roundRobin()));
        all.add(Variant.policy(Policy.leastRequest()));
        all.add(Variant.policy(Policy.peakEwma()));
        all.add(Variant.prequal(3));
        all.add(Variant.policy(Policy.adaptive()));
        all.add(Variant.reporting("adaptive, reports of calls", Policy.adaptive(), Reports.ofCalls()));
        all.add(Variant.reporting("adaptive, reports of latency", Policy.adaptive(), Reports.ofLatency()));
        return all;
    }

    private static List<Variant> withEngines(List<Variant> variants) {
        List<Variant> all = new ArrayList<>(variants);
        all.add(Variant.engine("default balancer, no repeats", settings -> settings));
        all.add(Variant.repeating("default balancer, idempotent calls", settings -> settings));
        return all;
    }
}
