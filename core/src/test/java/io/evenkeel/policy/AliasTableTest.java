package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class AliasTableTest {

    private static final int POINTS = 1 << 20;

    /** How often each index is read at evenly spaced fractions. */
    private static long[] read(Draw draw, int size) {
        long[] counts = new long[size];
        for (long i = 0; i < POINTS; i++) {
            counts[draw.at((2 * i + 1) << 43)]++;
        }
        return counts;
    }

    /**
     * An index owns part of its own column and, at most, the upper part of each other column: evenly spaced points miss
     * each part by less than one.
     */
    @Test
    void sharesAreTheWeights() {
        SplittableRandom random = new SplittableRandom(Seeds.of(1));
        for (int size = 1; size <= 50; size++) {
            double[] weights = DoubleStream.generate(() -> Math.exp(random.nextDouble(-5, 5)))
                    .limit(size)
                    .toArray();
            double sum = Arrays.stream(weights).sum();
            long[] counts = read(new AliasTable(weights), size);
            for (int i = 0; i < size; i++) {
                assertThat((double) counts[i]).isCloseTo(POINTS * weights[i] / sum, within((double) size));
            }
        }
    }

    @Test
    void sharesOfEqualWeightsAreExact() {
        assertThat(read(new AliasTable(new double[] {3, 3, 3, 3}), 4)).containsOnly(POINTS / 4);
        assertThat(read(new Draw.Uniform(4), 4)).containsOnly(POINTS / 4);
    }

    @Test
    void theLightestIsReadWhereItsShareIs() {
        AliasTable table = new AliasTable(new double[] {1e-6, 1e6});
        // Its column is the first half, and its share of that 2e-12: the first 2^63 * 2e-12 = 18 million fractions.
        assertThat(table.at(0)).isZero();
        assertThat(table.at(18_000_000)).isZero();
        assertThat(table.at(19_000_000)).isEqualTo(1);
        assertThat(table.at(-1)).isEqualTo(1);
    }

    @Test
    void theFirstAndTheLastFractionAreInTheTable() {
        for (int size : new int[] {1, 2, 3, 1_000, 9_999}) {
            double[] weights =
                    new SplittableRandom(size).doubles(size, 0.01, 100).toArray();
            for (Draw draw : List.of(new AliasTable(weights), new Draw.Uniform(size))) {
                assertThat(draw.at(0)).isBetween(0, size - 1);
                assertThat(draw.at(-1)).isBetween(0, size - 1);
                assertThat(draw.at(Long.MAX_VALUE)).isBetween(0, size - 1);
                assertThat(draw.at(Long.MIN_VALUE)).isBetween(0, size - 1);
            }
        }
    }

    @Test
    void thousandsOfAllWeightsAreRead() {
        int size = 10_000;
        double[] weights =
                new SplittableRandom(Seeds.of(3)).doubles(size, 0.5, 1.5).toArray();
        double sum = Arrays.stream(weights).sum();
        long[] counts = read(new AliasTable(weights), size);
        for (int i = 0; i < size; i++) {
            // About 105 points each, in a few parts.
            assertThat((double) counts[i]).isCloseTo(POINTS * weights[i] / sum, within(8.0));
        }
    }

    @Test
    void aTableIsMadeOnlyForUnequalWeights() {
        assertThat(Draw.of(List.copyOf(FakeReplica.fleet(3))).isUniform()).isTrue();
        assertThat(Draw.of(List.copyOf(FakeReplica.weighted(0.1, 0.1))).isUniform())
                .isTrue();
        assertThat(Draw.of(List.copyOf(FakeReplica.weighted(1, 1, 2))).isUniform())
                .isFalse();
    }
}
