package io.evenkeel.balance;

import io.evenkeel.HealthCheck;
import java.util.concurrent.TimeUnit;

/** What health checks have shown of one replica, and when the next is due. Guarded by the lock of {@link Updates}. */
final class Checked {

    private static final double JITTER = 0.2;
    /** Nobody has waited for so long. */
    private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(1);

    private final long intervalNanos;
    private final int rise;
    private final int fall;
    private long dueNanos;
    private boolean underWay;
    /** Whether the one that is under way says nothing of what is asked now. */
    private boolean outdated;
    /** Checks passed in a row, or below 0, failed. */
    private int inARow;
    /** Whether it is to pass one before its first call. */
    private boolean awaited;

    private long goodBefore;
    private long failedBefore;

    /** The first check is due within one interval from now, {@code at} of it. */
    Checked(HealthCheck settings, double at, long now) {
        this.intervalNanos = settings.interval().toNanos();
        this.rise = settings.rise();
        this.fall = settings.fall();
        this.dueNanos = now + (long) (intervalNanos * at);
    }

    /** Its first call waits for a check that begins from now on, which is due at once, and before all others. */
    void await(long now) {
        awaited = true;
        inARow = 0;
        outdated = underWay;
        dueNanos = now - LONGEST_NANOS;
    }

    /** What it passed before says nothing any more. */
    void forgetPassed() {
        inARow = Math.min(0, inARow);
    }

    /** Lets it in; whether its first call had waited for that. */
    boolean admit() {
        boolean first = awaited;
        awaited = false;
        return first;
    }

    /** Nanoseconds until the next check is due, negative for how long it has been; {@link Standing#NEVER} while one is under way. */
    long due(long now) {
        return underWay ? Standing.NEVER : dueNanos - now;
    }

    /** Whether calls have answered in place of a check since the last: some well, and none badly. */
    boolean isAnsweredByCalls(long goodNow, long failedNow) {
        return goodNow > goodBefore && failedNow == failedBefore;
    }

    /** So many calls have been answered well, and badly, by the time of a check, or of what stands for one. */
    void count(long goodNow, long failedNow) {
        goodBefore = goodNow;
        failedBefore = failedNow;
    }

    /** Calls have answered in its place. */
    void skip(double chance, long now) {
        inARow = Math.max(0, inARow);
        next(chance, now);
    }

    void begin(double chance, long now) {
        underWay = true;
        next(chance, now);
    }

    private void next(double chance, long now) {
        dueNanos = now + (long) (intervalNanos * (1 + JITTER * (chance - 0.5)));
    }

    void passed() {
        if (ended()) {
            inARow = Math.max(0, inARow) + 1;
        }
    }

    void failed() {
        if (ended()) {
            inARow = Math.min(0, inARow) - 1;
        }
    }

    /** Whether it counts. */
    private boolean ended() {
        boolean counts = !outdated;
        underWay = false;
        outdated = false;
        return counts;
    }

    boolean isRisen() {
        return inARow >= (awaited ? 1 : rise);
    }

    boolean isFallen() {
        return awaited ? inARow <= 0 : -inARow >= fall;
    }

    /** What it comes to, in words. */
    String inWords() {
        return awaited ? "waits for its first health check" : Math.abs(inARow) + " health checks failed";
    }
}
