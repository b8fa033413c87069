package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.SlowStart;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Fleets that change, and clients with habits. */
class FleetTest {

    private static final Variant.Bare RANDOM = Variant.policy(Policy.random());

    private static Scenario fleet() {
        return Scenario.of("a fleet")
                .replicas(4, Script.of(2))
                .clients(5)
                .callsPerSecond(200)
                .calls(10_000)
                .warmUp(0);
    }

    /** 50 s in all, of which it is there for 10: of the calls then, a fifth. With 2,000 calls 5 sigma are 89. */
    @Test
    void aReplicaIsCalledWhileItIsListed() {
        Scenario scenario =
                fleet().replicas(1, Script.of(2).joining(Duration.ofSeconds(20)).leaving(Duration.ofSeconds(30)));
        for (Variant variant : new Variant[] {
            RANDOM,
            Variant.engine(
                    "engine", settings -> settings.policy(Policy.random()).slowStart(SlowStart.off())),
        }) {
            Figures figures = scenario.run(variant, 1);
            assertThat(figures.errors()).isZero();
            assertThat(figures.shares().getLast()).isBetween(0.04 - 0.009, 0.04 + 0.009);
        }
    }

    @Test
    void whoeverChoosesAmongAFewSticksToThem() {
        Scenario scenario = fleet().replicas(96, Script.of(2)).clients(1);
        Figures figures = scenario.run(RANDOM.among(7), 1);
        assertThat(figures.shares().stream().filter(share -> share > 0)).hasSize(7);
    }

    @Test
    void repeatsGoElsewhereWithinTheirBudget() {
        Scenario scenario = fleet().replicas(1, Script.of(2).starting(Condition.failing(Duration.ofMillis(1))));
        assertThat(scenario.run(RANDOM, 1).errors()).isBetween(0.18, 0.22);
        Figures repeated = scenario.run(RANDOM.repeating(Repeats.unlimited(2)), 1);
        assertThat(repeated.errors()).isZero();
        assertThat(repeated.repeats()).isBetween(0.18, 0.22);
        Figures budgeted = scenario.run(RANDOM.repeating(Repeats.unlimited(2).withBudget(0.1)), 1);
        // Five clients began with ten each: 50 of 10,000 more.
        assertThat(budgeted.repeats()).isBetween(0.09, 0.1051);
    }

    @Test
    void aRushIsRecoveredFromWhenCallsAreAnsweredAgain() {
        Scenario rush = fleet().calls(30_000)
                .timeout(Duration.ofMillis(500))
                .rush(Duration.ofSeconds(10), Duration.ofSeconds(5), 6);
        Figures figures = rush.run(Variant.policy(Policy.leastRequest()), 1);
        assertThat(figures.inRush()).isLessThan(0.9);
        assertThat(figures.recovery()).isBetween(1.0, 10.0);
        assertThat(fleet().run(RANDOM, 1).recovery()).isNaN();
    }

    @Test
    void whatIsPrintedCanBeRead() {
        Figures figures = fleet().run(RANDOM, 1);
        assertThat(Figures.parse(figures.print())).isEqualTo(figures);
    }
}
