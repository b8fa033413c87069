package io.evenkeel.resilience;

import static io.evenkeel.resilience.Attempts.UNBOUNDED;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Retry;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttemptsTest {

    private static final long START = Math.subtractExact(Long.MAX_VALUE, 500);
    private static final Duration BACKOFF = Duration.ofNanos(1_000);

    private final RetryBudget budget = new RetryBudget(START);
    private final RandomGenerator random = new SplittableRandom(6);

    private Attempts begin(Retry retry, long timeoutNanos) {
        return Attempts.begin(retry, budget, timeoutNanos, START);
    }

    private boolean again(Attempts attempts, long now) {
        return attempts.again(true, 0, now, random);
    }

    @Test
    void eachAttemptThatMayBeRepeatedGetsHalfOfWhatIsLeftAndTheLastOneAll() {
        Attempts attempts = begin(Retry.upTo(3), 800);
        assertThat(attempts.number()).isEqualTo(1);
        assertThat(attempts.timeoutNanos(true, START)).isEqualTo(400);
        assertThat(again(attempts, START + 400)).isTrue();
        assertThat(attempts.number()).isEqualTo(2);
        assertThat(attempts.timeoutNanos(true, START + 400)).isEqualTo(200);
        assertThat(attempts.remainingNanos(START + 600)).isEqualTo(200);
        attempts = begin(Retry.upTo(2), 800);
        assertThat(again(attempts, START + 100)).isTrue();
        assertThat(attempts.timeoutNanos(true, START + 100)).isEqualTo(700);
    }

    @Test
    void aCallThatMayNotBeRepeatedGetsAllOfTheTime() {
        Attempts attempts = begin(Retry.upTo(3), 800);
        assertThat(attempts.timeoutNanos(false, START)).isEqualTo(800);
        assertThat(attempts.timeoutNanos(false, START + 300)).isEqualTo(500);
        assertThat(begin(Retry.none(), 800).timeoutNanos(true, START)).isEqualTo(800);
    }

    @Test
    void theAttemptTimeoutIsTheMostForEveryAttempt() {
        Attempts attempts = begin(Retry.upTo(3).withAttemptTimeout(Duration.ofNanos(300)), 800);
        assertThat(attempts.timeoutNanos(true, START)).isEqualTo(300);
        assertThat(attempts.timeoutNanos(false, START)).isEqualTo(300);
        assertThat(attempts.timeoutNanos(true, START + 600)).isEqualTo(200);
    }

    @Test
    void withoutADeadlineOnlyTheAttemptTimeoutBounds() {
        Attempts unbounded = begin(Retry.upTo(3), UNBOUNDED);
        assertThat(unbounded.timeoutNanos(true, START)).isEqualTo(UNBOUNDED);
        assertThat(unbounded.timeoutNanos(false, START)).isEqualTo(UNBOUNDED);
        assertThat(unbounded.remainingNanos(START + 5)).isEqualTo(UNBOUNDED);
        assertThat(begin(Retry.upTo(3).withAttemptTimeout(Duration.ofNanos(300)), UNBOUNDED)
                        .timeoutNanos(true, START))
                .isEqualTo(300);
    }

    @Test
    void aTimeoutIsNeverZeroOrLess() {
        Attempts bounded = begin(Retry.upTo(3), 800);
        Attempts limited = begin(Retry.upTo(3).withAttemptTimeout(Duration.ofNanos(300)), 800);
        for (long late : new long[] {799, 800, 900}) {
            assertThat(bounded.timeoutNanos(true, START + late)).isEqualTo(1);
            assertThat(bounded.timeoutNanos(false, START + late)).isEqualTo(1);
            assertThat(limited.timeoutNanos(true, START + late)).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {800, 801, 10_000})
    void nothingFollowsAfterTheDeadline(long late) {
        Attempts attempts = begin(Retry.upTo(3), 800);
        assertThat(again(attempts, START + late)).isFalse();
        assertThat(attempts.number()).isEqualTo(1);
        assertThat(attempts.remainingNanos(START + late)).isEqualTo(800 - late);
        assertThat(budget.repeats()).isZero();
    }

    @Test
    void nothingFollowsWhoseWaitEndsAfterTheDeadline() {
        for (int i = 0; i < 1_000; i++) {
            Attempts attempts = begin(Retry.upTo(10).withBackoff(BACKOFF), 2_000);
            long now = START;
            while (again(attempts, now)) {
                now += attempts.waitNanos() + 100;
                assertThat(attempts.remainingNanos(now - 100)).isPositive();
            }
        }
    }

    @Test
    void thereAreNoMoreAttemptsThanTheSettingSays() {
        for (int most = 1; most <= 10; most++) {
            Attempts attempts = begin(Retry.upTo(most), UNBOUNDED);
            for (int number = 1; number < most; number++) {
                assertThat(attempts.number()).isEqualTo(number);
                assertThat(again(attempts, START)).isTrue();
            }
            assertThat(again(attempts, START)).isFalse();
            assertThat(attempts.number()).isEqualTo(most);
        }
    }

    @Test
    void everyCallIsCountedOnceAndEveryRepeatIsTakenFromTheBudget() {
        for (int i = 0; i < 500; i++) {
            Attempts attempts = begin(Retry.upTo(2), UNBOUNDED);
            assertThat(again(attempts, START))
                    .isEqualTo(budget.repeats() <= 100 + 0.2 * (i + 1) && attempts.number() == 2);
        }
        assertThat(budget.calls()).isEqualTo(500);
        assertThat(budget.repeats()).isEqualTo(200);
    }

    @Test
    void whenTheBudgetIsSpentNothingFollows() {
        while (budget.tryRepeat(START)) {
            assertThat(budget.repeats()).isLessThanOrEqualTo(100);
        }
        Attempts attempts = begin(Retry.upTo(3), UNBOUNDED);
        assertThat(again(attempts, START)).isFalse();
        assertThat(attempts.number()).isEqualTo(1);
    }

    @Test
    void theFirstRepeatElsewhereDoesNotWait() {
        Attempts attempts = begin(Retry.upTo(3).withBackoff(BACKOFF), UNBOUNDED);
        assertThat(again(attempts, START)).isTrue();
        assertThat(attempts.waitNanos()).isZero();
    }

    /** Uniform from 0 to the bound: of 2,000 waits the longest is within 1 % of it but for a chance of 0.99^2000 = 2e-9. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void furtherRepeatsWaitUpToTwiceAsLongEachTime(boolean elsewhere) {
        long[] longest = new long[10];
        for (int i = 0; i < 2_000; i++) {
            RetryBudget plenty = new RetryBudget(START);
            Attempts attempts = Attempts.begin(Retry.upTo(10).withBackoff(BACKOFF), plenty, UNBOUNDED, START);
            for (int number = 1; number < 10; number++) {
                assertThat(attempts.again(elsewhere, 0, START, random)).isTrue();
                longest[number] = Math.max(longest[number], attempts.waitNanos());
            }
        }
        long bound = BACKOFF.toNanos();
        int first = elsewhere ? 2 : 1;
        assertThat(longest[first - 1]).isZero();
        for (int number = first; number < 10; number++, bound *= 2) {
            assertThat(longest[number]).isBetween(bound * 99 / 100, bound);
        }
    }

    @Test
    void theLongestBackoffDoesNotOverflow() {
        Attempts attempts = begin(Retry.upTo(10).withBackoff(Duration.ofMinutes(1)), UNBOUNDED);
        for (int number = 1; number < 10; number++) {
            assertThat(attempts.again(false, 0, START, random)).isTrue();
            assertThat(attempts.waitNanos())
                    .isBetween(0L, Duration.ofMinutes(256).toNanos());
        }
    }
}
