package io.evenkeel.resilience;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PercentileTest {

    private static final int MANY = 200_000;

    /**
     * Of exponential latencies. One step is 5 % at most, and about the rest the walk spreads by some steps; its mean position, as a part of the
     * latencies that are shorter, is within 0.02.
     */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.9, 0.95, 0.99})
    void thePartThatIsAskedForIsShorter(double part) {
        SplittableRandom random = new SplittableRandom(7);
        Percentile percentile = new Percentile(part);
        int shorter = 0;
        for (int i = 0; i < MANY; i++) {
            long latency = (long) (-Math.log(1 - random.nextDouble()) * 1e6);
            shorter += i >= MANY / 2 && latency < percentile.nanos() ? 1 : 0;
            percentile.add(latency);
        }
        assertThat(shorter / (MANY / 2.0)).isCloseTo(part, within(0.02));
    }

    /** Each longer one raises it by 4.75 %: ln(10) / ln(1.0475) = 50 of them make it ten times as long. */
    @Test
    void itFollowsLatenciesThatChange() {
        Percentile percentile = new Percentile(0.95);
        for (int i = 0; i < 1_000; i++) {
            percentile.add(1_000_000);
        }
        for (int i = 0; i < 51; i++) {
            percentile.add(20_000_000);
        }
        assertThat(percentile.nanos()).isGreaterThan(9_000_000);
    }

    @Test
    void itIsKnownFromTheHundredthOn() {
        Percentile percentile = new Percentile(0.9);
        for (int i = 0; i < 99; i++) {
            percentile.add(5);
        }
        assertThat(percentile.isKnown()).isFalse();
        percentile.add(0);
        assertThat(percentile.isKnown()).isTrue();
    }
}
