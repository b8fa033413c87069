package io.evenkeel;

import java.time.Duration;
import java.util.Optional;

/**
 * A second attempt beside the first, of a call that may be repeated and is not answered for a while: it goes to another replica, the
 * answer that comes first counts, and the other attempt is cancelled (Dean and Barroso, The Tail at Scale, 2013). It draws on the budget of repeats
 * ({@link Retry}). Off by default.
 *
 * <p>With hedging on, the function of a blocking {@code call} that is idempotent runs on a virtual thread, and one that loses is
 * interrupted.
 *
 * @param after how long to wait for the first answer, more than zero; empty if that follows from the percentile
 * @param percentile the part of the calls, 0.5 to 0.999, that are answered within the wait, which is followed as calls are
 *     answered, and begins with the hundredth; 0 if the wait is fixed, or there is no hedging
 */
public record Hedge(Optional<Duration> after, double percentile) {

    private static final Hedge OFF = new Hedge(Optional.empty(), 0);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Hedge {
        after.ifPresent(wait -> Check.positive("after", wait));
        if (percentile != 0) {
            Check.range("percentile", percentile, 0.5, 0.999);
            if (after.isPresent()) {
                throw new IllegalArgumentException("after is " + after.get() + " and percentile " + percentile
                        + ", but only one of them may be set");
            }
        }
    }

    /** No hedging. */
    public static Hedge off() {
        return OFF;
    }

    /** After a fixed time. */
    public static Hedge after(Duration wait) {
        return new Hedge(Optional.of(wait), 0);
    }

    /** After the time within which so many of the last calls were answered, such as 0.95. */
    public static Hedge atPercentile(double percentile) {
        return new Hedge(Optional.empty(), Check.range("percentile", percentile, 0.5, 0.999));
    }

    /** Whether there is none. */
    public boolean isOff() {
        return after.isEmpty() && percentile == 0;
    }
}
