package io.evenkeel.resilience;

import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds repeats: over the last 10 s at most 0.2 of the calls plus 10 per second, whatever fails. Ratio and floor are
 * Finagle's; a sliding window in place of its leaking tokens makes the bound exact, since nothing is saved up.
 *
 * <p>Time is cut into slots of a second. Calls are counted over the current slot and the 9 before it (at most 10 s),
 * repeats over one slot more (at least 10 s), so that the cut errs towards fewer repeats.
 *
 * <p>Threads: any. Counting a call takes no lock but once a second; asking for a repeat takes one, never held for long.
 */
public final class RetryBudget {

    private static final double RATIO = 0.2;
    private static final int PER_SECOND = 10;
    private static final int WINDOW = 10;
    private static final int SLOTS = WINDOW + 1;
    private static final long SLOT_NANOS = 1_000_000_000L;

    private final LongAdder calls = new LongAdder();
    private final LongAdder repeats = new LongAdder();
    private final long originNanos;
    private final ReentrantLock lock = new ReentrantLock();

    /** Written under the lock. */
    private volatile long slot;

    /** Total of calls when each slot began; guarded by the lock. */
    private final long[] callsBefore = new long[SLOTS];

    /** Repeats granted in each slot; guarded by the lock. */
    private final long[] repeatsIn = new long[SLOTS];

    /** A budget whose first window begins now. */
    public RetryBudget(long nowNanos) {
        this.originNanos = nowNanos;
    }

    /** Counts a call: its first attempt, not its repeats. */
    public void call(long nowNanos) {
        if (slotOf(nowNanos) > slot) {
            lock.lock();
            try {
                turnTo(slotOf(nowNanos));
            } finally {
                lock.unlock();
            }
        }
        calls.increment();
    }

    /** Whether a repeat would be granted now. */
    public boolean hasCredit(long nowNanos) {
        lock.lock();
        try {
            turnTo(slotOf(nowNanos));
            return repeatsInWindow() + 1 <= RATIO * callsInWindow() + PER_SECOND * WINDOW;
        } finally {
            lock.unlock();
        }
    }

    /** Takes one repeat from the budget, or says no. */
    public boolean tryRepeat(long nowNanos) {
        lock.lock();
        try {
            if (!hasCredit(nowNanos)) {
                return false;
            }
            repeatsIn[(int) (slot % SLOTS)]++;
            repeats.increment();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Calls counted since the beginning. */
    public long calls() {
        return calls.sum();
    }

    /** Repeats granted since the beginning. */
    public long repeats() {
        return repeats.sum();
    }

    private long slotOf(long nowNanos) {
        return (nowNanos - originNanos) / SLOT_NANOS;
    }

    private void turnTo(long newSlot) {
        long total = calls.sum();
        for (long s = Math.max(slot + 1, newSlot - SLOTS + 1); s <= newSlot; s++) {
            callsBefore[(int) (s % SLOTS)] = total;
            repeatsIn[(int) (s % SLOTS)] = 0;
        }
        slot = Math.max(slot, newSlot);
    }

    private long callsInWindow() {
        long first = Math.max(0, slot - WINDOW + 1);
        return calls.sum() - callsBefore[(int) (first % SLOTS)];
    }

    private long repeatsInWindow() {
        long sum = 0;
        for (long inSlot : repeatsIn) {
            sum += inSlot;
        }
        return sum;
    }
}
