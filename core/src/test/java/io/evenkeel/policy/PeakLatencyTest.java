package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PeakLatencyTest {

    private static final double PER_DECAY = 1e-10;
    private static final long MILLI = 1_000_000;

    /** The time is kept in 32 bits of a millisecond each: from 26 days on its difference would be negative. */
    @Test
    void aPeakIsForgottenHoweverLongAgoItWas() {
        for (int days : new int[] {1, 20, 26, 30, 45, 51}) {
            PeakLatency latency = new PeakLatency();
            latency.observe(5 * MILLI, 0, PER_DECAY);
            assertThat(latency.nanos(Duration.ofDays(days).toNanos(), PER_DECAY))
                    .as(days + " days later")
                    .isZero();
        }
    }

    @Test
    void aPeakThatAnotherThreadHasSeenALittleLaterCountsInFull() {
        PeakLatency latency = new PeakLatency();
        latency.observe(5 * MILLI, 1_000 * MILLI, PER_DECAY);
        assertThat(latency.nanos(990 * MILLI, PER_DECAY)).isEqualTo(5 * MILLI);
    }
}
