package io.evenkeel.benchmarks.sim;

import io.evenkeel.Retry;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.List;

/** A fleet of one's own: what happens to the p99 if one of five replicas takes twice as long, with three retries and no budget? */
public final class OneOfFiveSlows {

    private OneOfFiveSlows() {}

    /** Prints a table for the fleet that is well, and one for the other. */
    public static void main(String[] args) {
        compare(5, 100_000).forEach(System.out::println);
    }

    static List<Comparison> compare(int seeds, long calls) {
        List<Variant> variants = List.of(
                Variant.repeating("defaults", settings -> settings),
                Variant.repeating("3 retries, with the budget", settings -> settings.retry(Retry.upTo(4))),
                Variant.repeating("no retries", settings -> settings.retry(Retry.none())),
                Variant.policy("no balancer: round robin, 3 retries, no budget", Policy.roundRobin())
                        .repeating(Repeats.unlimited(4)));
        return List.of(
                fleet("all well", calls).replicas(5, Script.of(5)).compare(seeds, variants),
                fleet("one takes twice as long", calls)
                        .replicas(4, Script.of(5))
                        .replicas(1, Script.of(5).at(Duration.ofSeconds(20), Condition.slow(2)))
                        .compare(seeds, variants));
    }

    private static Scenario fleet(String name, long calls) {
        return Scenario.of(name)
                .clients(10)
                .work(Work.exponential(Duration.ofMillis(20)))
                .callsPerSecond(1_000)
                .network(Duration.ofNanos(250_000))
                .timeout(Duration.ofMillis(500))
                .calls(calls);
    }
}
