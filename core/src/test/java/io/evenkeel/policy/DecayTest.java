package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DecayTest {

    @Test
    void isTheExponential() {
        for (double x = 0; x < 600; x += 0.037) {
            assertThat(Decay.after(x) / Math.exp(-x)).isCloseTo(1, within(1e-5));
        }
    }

    @Test
    void neverIncreases() {
        double before = 1;
        for (double x = 0; x < 30; x += 1e-3) {
            // But for the last digits, where series and parts meet.
            assertThat(Decay.after(x)).isBetween(0.0, before * (1 + 1e-5));
            before = Decay.after(x);
        }
    }

    /** Where the exponent changes, the pieces meet. */
    @Test
    void hasNoJumps() {
        for (int halvings = 1; halvings < 40; halvings++) {
            double x = halvings * Math.log(2);
            assertThat(Decay.after(x - 1e-9)).isGreaterThanOrEqualTo(Decay.after(x + 1e-9));
            assertThat(Decay.after(x - 1e-9) / Decay.after(x + 1e-9)).isCloseTo(1, within(1e-8));
        }
    }

    @Test
    void strangeTimesDecayAllOrNothing() {
        assertThat(Decay.after(-5)).isEqualTo(1);
        assertThat(Decay.after(Double.NaN)).isEqualTo(1);
        assertThat(Decay.after(Double.NEGATIVE_INFINITY)).isEqualTo(1);
        assertThat(Decay.after(Double.MIN_VALUE)).isEqualTo(1);
        assertThat(Decay.after(689.9)).isBetween(0.0, 1e-290);
        assertThat(Decay.after(1e300)).isZero();
        assertThat(Decay.after(Double.POSITIVE_INFINITY)).isZero();
    }
}
