package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoresTest {

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }

    @Test
    void theLogarithmIsOne() {
        for (double x = 0.5; x < 0x1p53; x *= 1.000_37) {
            assertThat(Scores.log2(x)).isCloseTo(log2(x), within(5e-6));
        }
        for (int power = -1; power <= 53; power++) {
            assertThat(Scores.log2(Math.scalb(1.0, power))).isEqualTo(power);
        }
    }

    /** The winner of many has a number near the end, where what counts is how far its logarithm is from the end. */
    @Test
    void theLogarithmIsAsGoodForTheLargestNumbers() {
        for (double x = 0x1p20; x < 0x1p40; x *= 2) {
            double distance = Math.log1p(-x * 0x1p-53) / Math.log(2);
            assertThat((Scores.log2(0x1p53 - x) - 53) / distance).isCloseTo(1, within(2e-4));
        }
    }

    @Test
    void theLogarithmOnlyGrows() {
        double before = -2;
        for (double x = 0.5; x < 16; x += 1e-4) {
            assertThat(Scores.log2(x)).isGreaterThan(before);
            before = Scores.log2(x);
        }
    }

    /** Equal weights compare numbers and unequal ones logarithms: a ramp that ends must move no more keys than its own. */
    @Test
    void theLogarithmKeepsTheOrderOfNumbers() {
        long[] seeds = new long[64];
        double[] same = new double[64];
        for (int i = 0; i < 64; i++) {
            seeds[i] = ConsistentHash.mix(i);
            same[i] = 3;
        }
        double[] other = same.clone();
        other[63] = 1e-9;
        Scores equal = new Scores(seeds, same);
        Scores unequal = new Scores(seeds, other);
        int moved = 0;
        for (long hash = 0; hash < 20_000; hash++) {
            int place = equal.highest(hash, 0, 64);
            moved += place == 63 || unequal.highest(hash, 0, 64) == place ? 0 : 1;
        }
        assertThat(moved).isZero();
    }
}
