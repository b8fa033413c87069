package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class EstimateTest {

    /** By hand: mean 2, sample deviation 1, so 4.303 / sqrt(3). */
    @Test
    void anIntervalIsStudents() {
        Estimate estimate = Estimate.of(new double[] {1, 2, 3});
        assertThat(estimate.mean()).isEqualTo(2);
        assertThat(estimate.reach()).isCloseTo(2.484, within(0.001));
        assertThat(estimate).hasToString("2.00 ± 2.48");
    }

    @Test
    void oneValueHasNoInterval() {
        assertThat(Estimate.of(new double[] {7})).hasToString("7.00");
    }
}
