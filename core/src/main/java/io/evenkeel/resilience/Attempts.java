package io.evenkeel.resilience;

import io.evenkeel.Retry;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: how long each may take, whether another follows, and after which wait. A small state machine
 * that both drivers ask.
 *
 * <p>Threads: one attempt at a time; the next may run on another thread.
 */
public final class Attempts {

    /** "For ever", as a timeout. */
    public static final long UNBOUNDED = Long.MAX_VALUE;

    private static final long MOST_WAIT_NANOS = 10_000_000_000L;

    private final Retry retry;
    private final RetryBudget budget;
    private final boolean bounded;
    private final long deadlineNanos;
    private byte started = 1;
    private long waitNanos;

    private Attempts(Retry retry, RetryBudget budget, boolean bounded, long deadlineNanos) {
        this.retry = retry;
        this.budget = budget;
        this.bounded = bounded;
        this.deadlineNanos = deadlineNanos;
    }

    /** The attempts of a call that begins now and may take {@code timeoutNanos}, or {@link #UNBOUNDED}. */
    public static Attempts begin(Retry retry, RetryBudget budget, long timeoutNanos, long nowNanos) {
        budget.call(nowNanos);
        boolean bounded = timeoutNanos != UNBOUNDED;
        return new Attempts(retry, budget, bounded, bounded ? nowNanos + timeoutNanos : 0);
    }

    /** Time to the call's deadline: 0 or less when it has passed, {@link #UNBOUNDED} when there is none. */
    public long remainingNanos(long nowNanos) {
        return bounded ? deadlineNanos - nowNanos : UNBOUNDED;
    }

    /** What the attempt about to start may take, when the call may be repeated or not: at least 1, however late it is. */
    public long timeoutNanos(boolean repeatable, long nowNanos) {
        long remaining = Math.max(1, remainingNanos(nowNanos));
        if (retry.attemptTimeout().isPresent()) {
            return Math.min(remaining, retry.attemptTimeout().get().toNanos());
        }
        boolean last = !repeatable || started >= retry.attempts();
        return last || !bounded ? remaining : Math.max(1, remaining / 2);
    }

    /** Which attempt this is: 1 is the first. */
    public int number() {
        return started;
    }

    /**
     * Whether another attempt follows the one that just ended, of a call that may run again. A yes is final: it has been taken from the budget, and
     * {@link #waitNanos()} says how long to wait before it.
     *
     * @param elsewhere whether a replica is left that the call has not tried
     * @param leastWaitNanos the least to wait, 0 or more; more than 10 s are too long to wait for
     */
    public boolean again(boolean elsewhere, long leastWaitNanos, long nowNanos, RandomGenerator random) {
        if (started >= retry.attempts()) {
            return false;
        }
        long wait = Math.max(backoff(elsewhere, random), leastWaitNanos);
        if (leastWaitNanos > MOST_WAIT_NANOS || remainingNanos(nowNanos) <= wait || !budget.tryRepeat(nowNanos)) {
            return false;
        }
        waitNanos = wait;
        started++;
        return true;
    }

    /** One attempt beside these, within the same time, if the budget grants it; else null. */
    public @Nullable Attempts beside(long nowNanos) {
        return remainingNanos(nowNanos) > 0 && budget.tryRepeat(nowNanos)
                ? new Attempts(new Retry(1, retry.attemptTimeout(), retry.backoff()), budget, bounded, deadlineNanos)
                : null;
    }

    /** Whether another attempt would be granted, were it asked for now. */
    public boolean mayRepeat(long nowNanos) {
        return started < retry.attempts() && budget.hasCredit(nowNanos);
    }

    /** How long to wait before the attempt that {@link #again} granted. */
    public long waitNanos() {
        return waitNanos;
    }

    /** None before the first repeat elsewhere; else full jitter (Brooker, Exponential Backoff and Jitter, 2015). */
    private long backoff(boolean elsewhere, RandomGenerator random) {
        int doublings = elsewhere ? started - 2 : started - 1;
        return doublings < 0 ? 0 : random.nextLong((retry.backoff().toNanos() << doublings) + 1);
    }
}
