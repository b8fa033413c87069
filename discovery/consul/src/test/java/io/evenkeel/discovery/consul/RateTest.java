package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RateTest {

    private long nanos = Long.MAX_VALUE - 5_000_000_000L; // soon to overflow
    private final Rate rate = new Rate(() -> nanos);

    @Test
    void afterEightAtOnceThereIsOneASecond() {
        for (int i = 0; i < 8; i++) {
            assertThat(rate.next()).isZero();
        }
        for (int i = 0; i < 100; i++) {
            Duration wait = rate.next();
            assertThat(wait).isEqualTo(Duration.ofSeconds(1));
            pass(wait);
        }
    }

    @Test
    void whoAsksRarelyNeverWaits() {
        for (int i = 0; i < 100; i++) {
            assertThat(rate.next()).isZero();
            pass(Duration.ofMillis(1_001));
        }
    }

    @Test
    void aQuietTimeAllowsEightAgainAndNoMore() {
        aQuestionTooMany();
        pass(Duration.ofDays(1));
        aQuestionTooMany();
    }

    private void aQuestionTooMany() {
        for (int i = 0; i < 8; i++) {
            assertThat(rate.next()).isZero();
        }
        assertThat(rate.next()).isPositive();
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }
}
