package io.evenkeel.balance;

import io.evenkeel.Limit;
import io.evenkeel.Outcome;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A limit of calls in flight that finds itself, from how one replica answers. It is looked at again after as many answers as it
 * allows calls, ten at least, and changed only if it was used by half.
 *
 * <p>By gradient it follows the latency over that of a replica which is not busy. A replica that is always busy shows no such, so now and then
 * a quarter of the calls are let through for a moment, to see (as Envoy's adaptive concurrency does).
 *
 * <p>Threads: any, without synchronisation: of two answers at the same moment one may be lost. One at a time looks.
 */
final class Cap {

    private static final double FIRST = 20;
    private static final int LEAST_ANSWERS = 10;
    /** What is left of it after a refusal. */
    private static final double AFTER_REFUSAL = 0.9;
    /** Latencies may be so many times that of a replica that is not busy before the limit falls. */
    private static final double TOLERANCE = 1.5;

    private static final double LEAST_GRADIENT = 0.5;
    private static final double SMOOTHING = 0.2;
    /** So many looks from one measurement of the usual latency to the next. */
    private static final int MEASURED_EVERY = 50;

    private static final double LET_THROUGH = 0.25;

    private enum Phase {
        /** Calls that began before are answered still. */
        EMPTYING,
        MEASURING,
        WORKING
    }

    private final double highest;
    private final boolean gradient;
    private Phase phase = Phase.WORKING;
    private double limit;
    /** To go on with after a measurement. */
    private double limitBefore;

    private double usualNanos;
    private int looks;

    // Since the last look.

    private double nanos;
    private int answers;
    private boolean refused;
    private int most;

    private final AtomicBoolean looking = new AtomicBoolean();

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
        nanos += Math.max(0, latencyNanos);
        if (++answers >= enough() && looking.compareAndSet(false, true)) {
            try {
                lookAgain();
            } finally {
                looking.set(false);
            }
        }
    }

    private double enough() {
        return Math.max(LEAST_ANSWERS, phase == Phase.EMPTYING ? limitBefore : limit);
    }

    /** Unless another has just done so. */
    private void lookAgain() {
        int seen = answers;
        if (seen >= enough()) {
            look(Math.max(1, nanos / seen));
            nanos = 0;
            answers = 0;
            refused = false;
            most = 0;
        }
    }

    private void look(double mean) {
        if (refused) {
            limit = Math.max(1, (phase == Phase.WORKING ? limit : limitBefore) * AFTER_REFUSAL);
            phase = Phase.WORKING;
        } else if (gradient) {
            follow(mean);
        } else if (isUsed()) {
            limit = Math.min(highest, limit + 1);
        }
    }

    private boolean isUsed() {
        return most * 2 >= limit;
    }

    private void follow(double mean) {
        switch (phase) {
            case EMPTYING -> phase = Phase.MEASURING;
            case MEASURING -> {
                usualNanos = mean;
                limit = limitBefore;
                phase = Phase.WORKING;
            }
            case WORKING -> work(mean);
        }
    }

    private void work(double mean) {
        if (!isUsed()) {
            usualNanos = mean; // of a replica that is not busy
        } else if (looks++ % MEASURED_EVERY == 0) {
            limitBefore = limit;
            limit = Math.max(1, limit * LET_THROUGH);
            phase = Phase.EMPTYING;
        } else {
            double part = Math.clamp(TOLERANCE * usualNanos / mean, LEAST_GRADIENT, 1);
            double wanted = limit * part + Math.sqrt(limit);
            limit = Math.clamp(limit + SMOOTHING * (wanted - limit), 1, highest);
        }
    }
}
