package io.evenkeel;

import java.time.Duration;
import java.util.Optional;

/**
 * How often a call is attempted. Another attempt goes to another replica while one is left, starts only before the
 * deadline, and draws on a budget: over any 10 s the repeats of a balancer are at most 0.2 of its calls plus 10 per
 * second.
 *
 * @param attempts attempts in all, 1 to 10, default 3; 1 means no repeats
 * @param attemptTimeout how long one attempt may take; when absent an attempt that may be repeated gets half of the time
 *     left, the last one all of it
 * @param backoff the second repeat waits a random time up to this, each further one up to twice as long (full jitter),
 *     at most a minute, default 10 ms; the first repeat goes to another replica at once
 */
public record Retry(int attempts, Optional<Duration> attemptTimeout, Duration backoff) {

    private static final Duration DEFAULT_BACKOFF = Duration.ofMillis(10);
    private static final Duration MOST_BACKOFF = Duration.ofMinutes(1);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Retry {
        Check.range("attempts", attempts, 1, 10);
        attemptTimeout.ifPresent(timeout -> Check.positive("attemptTimeout", timeout));
        if (Check.positive("backoff", backoff).compareTo(MOST_BACKOFF) > 0) {
            throw new IllegalArgumentException("backoff is " + backoff + ", but must be at most " + MOST_BACKOFF);
        }
    }

    /** Up to {@code attempts} attempts in all, 1 to 10. */
    public static Retry upTo(int attempts) {
        return new Retry(attempts, Optional.empty(), DEFAULT_BACKOFF);
    }

    /** One attempt, never repeated. */
    public static Retry none() {
        return upTo(1);
    }

    /** A copy in which no attempt may take longer than {@code attemptTimeout}. */
    public Retry withAttemptTimeout(Duration attemptTimeout) {
        return new Retry(attempts, Optional.of(attemptTimeout), backoff);
    }

    /** A copy with another backoff. */
    public Retry withBackoff(Duration backoff) {
        return new Retry(attempts, attemptTimeout, backoff);
    }
}
