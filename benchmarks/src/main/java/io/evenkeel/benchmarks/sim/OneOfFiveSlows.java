package io.evenkeel.benchmarks.sim;

import io.evenkeel.Retry;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.List;

/** A fleet of one's own: what happens to the p99 if one of five replicas takes twice as long, with and without repeats? */
public final class OneOfFiveSlows {

    private OneOfFiveSlows() {}

    /** Prints a table for the fleet that is well, and one for the other. */
    public static void main(String[] args) {
        List<Variant> variants = List.of(
                Variant.repeating("defaults", settings -> settings),
                Variant.repeating("no repeats", settings -> settings.retry(Retry.none())),
                Variant.repeating("round robin", settings -> settings.policy(Policy.roundRobin())));
        System.out.println(fleet("all well").replicas(5, Script.of(8)).compare(5, variants));
        System.out.println(fleet("one takes twice as long")
                .replicas(4, Script.of(8))
                .replicas(1, Script.of(8).at(Duration.ofSeconds(20), Condition.slow(2)))
                .compare(5, variants));
    }

    private static Scenario fleet(String name) {
        return Scenario.of(name)
                .clients(10)
                .work(Work.exponential(Duration.ofMillis(20)))
                .callsPerSecond(1_000)
                .network(Duration.ofNanos(250_000))
                .timeout(Duration.ofMillis(500))
                .calls(100_000);
    }
}
