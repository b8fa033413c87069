package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.examples.QuickerOfTwo;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The guide's example of a user's policy, and what the guide says of it. */
class OwnPolicyTest {

    private final Scenario fleet = Scenario.of("one of five is ten times slower")
            .replicas(1, Script.of(4).speed(0.1))
            .replicas(4, Script.of(4))
            .work(Work.exponential(Duration.ofMillis(10)))
            .clients(5)
            .load(0.5)
            .calls(200_000);

    private double mean(Policy policy) {
        return fleet.run(Variant.policy(policy), 1).mean();
    }

    @Test
    void itBeatsChanceByFarAndNotTheDefault() {
        double own = mean(new QuickerOfTwo());
        assertThat(own).isLessThan(mean(Policy.random()) / 2).isGreaterThan(mean(Policy.adaptive()));
    }
}
