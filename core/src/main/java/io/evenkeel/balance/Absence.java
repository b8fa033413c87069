package io.evenkeel.balance;

import io.evenkeel.EndpointState;

/**
 * How a replica is out, for the next start. Times are those of a clock in nanoseconds: the balancer's own here, the wall's in a file.
 *
 * @param unreachable whether that is no judgement ({@link Standing#isUnreachable})
 * @param doublings how often it was out
 */
record Absence(
        EndpointState state, String reason, boolean unreachable, int doublings, long sinceNanos, long untilNanos) {

    /** Neither a clock that was set nor a setting leads further from now than this: a year. */
    private static final long MOST_NANOS = 365 * 86_400 * 1_000_000_000L;

    /** The same by another clock, which shows {@code then} while this one's shows {@code now}. */
    Absence movedTo(long now, long then) {
        long gone = Math.clamp(now - sinceNanos, 0, MOST_NANOS);
        long left = Math.clamp(untilNanos - now, 0, MOST_NANOS);
        return new Absence(state, reason, unreachable, doublings, then - gone, then + left);
    }

    /** The same with another end. */
    Absence until(long nanos) {
        return new Absence(state, reason, unreachable, doublings, sinceNanos, nanos);
    }
}
