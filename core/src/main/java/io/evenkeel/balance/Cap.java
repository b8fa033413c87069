package io.evenkeel.balance;

import io.evenkeel.Limit;
import io.evenkeel.Outcome;

/**
 * A limit of calls in flight that finds itself, from how one replica answers. It is looked at again after as many answers as it
 * allows calls, ten at least, and changed only if it was used by half.
 *
 * <p>Threads: any, without synchronisation: of two answers at the same moment one may be lost.
 */
final class Cap {

    private static final double FIRST = 20;
    private static final int LEAST_ANSWERS = 10;
    /** What is left of it after a refusal. */
    private static final double AFTER_REFUSAL = 0.9;
    /** Latencies may be so many times their long mean before the limit falls. */
    private static final double TOLERANCE = 1.5;

    private static final double LEAST_GRADIENT = 0.5;
    private static final double SMOOTHING = 0.2;
    /** Each look counts so much in the long mean. */
    private static final double LONG = 0.02;
    /** A long mean that is so many times what it is now belongs to a load that is over. */
    private static final double OUTDATED = 2;

    private static final double FORGETS = 0.9;

    private final double highest;
    private final boolean gradient;
    private double limit;
    private double usualNanos;

    // Since the last look.

    private double nanos;
    private int answers;
    private boolean refused;
    private int most;

    Cap(Limit settings) {
        this.highest = settings.inFlight();
        this.gradient = settings.kind() == Limit.Kind.GRADIENT;
        this.limit = Math.min(FIRST, highest);
    }

    /** How many calls may be in flight: 1 or more. */
    int limit() {
        return (int) limit;
    }

    /** A call was answered while so many were in flight, itself included. */
    void answered(Outcome outcome, long latencyNanos, int inFlight) {
        if (outcome == Outcome.IGNORED) {
            return;
        }
        refused |= outcome == Outcome.OVERLOADED || (!gradient && outcome == Outcome.FAILURE);
        most = Math.max(most, inFlight);
        nanos += latencyNanos;
        if (++answers >= Math.max(LEAST_ANSWERS, limit)) {
            look(nanos / answers);
        }
    }

    private void look(double mean) {
        if (refused) {
            limit = Math.max(1, limit * AFTER_REFUSAL);
        } else if (gradient) {
            follow(Math.max(1, mean));
        } else if (isUsed()) {
            limit = Math.min(highest, limit + 1);
        }
        nanos = 0;
        answers = 0;
        refused = false;
        most = 0;
    }

    private boolean isUsed() {
        return most * 2 >= limit;
    }

    private void follow(double mean) {
        usualNanos = usualNanos == 0 ? mean : usualNanos + LONG * (mean - usualNanos);
        if (usualNanos > OUTDATED * mean) {
            usualNanos *= FORGETS;
        }
        if (isUsed()) {
            double part = Math.clamp(TOLERANCE * usualNanos / mean, LEAST_GRADIENT, 1);
            double wanted = limit * part + Math.sqrt(limit);
            limit = Math.clamp(limit + SMOOTHING * (wanted - limit), 1, highest);
        }
    }
}
