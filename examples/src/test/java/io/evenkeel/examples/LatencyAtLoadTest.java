package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyAtLoadTest {

    private final LatencyAtLoad latencies = new LatencyAtLoad();

    @Test
    void bucketsGrowWithTheLoad() {
        assertThat(IntStream.of(-1, 0, 1, 7, 8, 9, 10, 15, 16, 19, 20, 31, 32, 1_023, 1_024, 2_048, Integer.MAX_VALUE)
                        .map(LatencyAtLoad::bucket))
                .containsExactly(0, 0, 1, 7, 8, 8, 9, 11, 12, 12, 13, 15, 16, 35, 36, 39, 39);
    }

    @Test
    void theMedianOfTheLastFifteenIsExpected() {
        latencies.add(3, 1_000_000); // soon outvoted
        for (int i = 0; i < 15; i++) {
            latencies.add(3, 100 + i);
        }
        assertThat(latencies.nanosAt(3)).isEqualTo(107);
    }

    @Test
    void eachLoadHasItsOwn() {
        latencies.add(0, 10);
        latencies.add(20, 500);
        assertThat(latencies.nanosAt(0)).isEqualTo(10);
        assertThat(latencies.nanosAt(23)).isEqualTo(500);
    }

    @Test
    void anUnknownLoadTakesAfterTheNearestKnownOne() {
        assertThat(latencies.nanosAt(5)).isEqualTo(1);
        latencies.add(2, 10);
        latencies.add(7, 50);
        assertThat(latencies.nanosAt(3)).isEqualTo(10);
        assertThat(latencies.nanosAt(6)).isEqualTo(50);
        assertThat(latencies.nanosAt(100)).isEqualTo(50);
    }

    @Test
    void aLatencyThatTheClockCannotTellIsTheShortestThereIs() {
        latencies.add(0, 0);
        latencies.add(0, -5);
        assertThat(latencies.nanosAt(0)).isEqualTo(1);
    }

    @Test
    void whatWasSeenBoundsWhatIsExpected() {
        Random random = new Random(42);
        for (int i = 0; i < 10_000; i++) {
            latencies.add(random.nextInt(3_000), 100 + random.nextInt(900));
            assertThat(latencies.nanosAt(random.nextInt(3_000))).isBetween(100L, 999L);
        }
    }
}
