package io.evenkeel.policy;

import org.jspecify.annotations.Nullable;

/**
 * What {@link Adaptive} knows of all replicas of a balancer together. It outlives the list.
 *
 * <p>Threads: any, without synchronisation: of two answers that come at the same moment one may be lost.
 */
final class Fleet {

    private static final int WINDOW = 50;
    private static final double CLIP = 10;
    private static final double NEGLIGIBLE = 1e-6;
    private static final double LONG_WINDOW = 500;
    /** So many answers are counted for each look at how fast they come. */
    private static final int BATCH = 64;
    /** Answers of an average replica. */
    private static final long YOUTH = 16;
    /** Of so many answers one is not left out. */
    private static final int FEW = 4;
    /** Enough batches for any list to be no longer young. */
    private static final int OLD = Integer.MAX_VALUE;

    /** Of the successful calls. */
    final RunningMean latency = new RunningMean(WINDOW, CLIP);
    /** Calls in flight at a replica, and one more, as reported. */
    final RunningMean reportedInFlight = new RunningMean(WINDOW, CLIP);

    /** As reported. */
    final RunningMean reportedLatency = new RunningMean(WINDOW, CLIP);

    final Memory memory = new Memory();
    final Payoff payoff = new Payoff();

    private double perMean;
    /** Whether the mean is of a first call. */
    private boolean provisional;

    private double perDecay;
    private int counted;
    private int batches;
    private long countedSinceNanos;
    private double perNano;
    private double failureShare;
    private @Nullable Latency failedLast;

    /** One by the mean latency, in nanoseconds; 0 before the first: kept, since it is read far more often than written. */
    double perMean() {
        return perMean;
    }

    void succeeded(double tookNanos) {
        if (provisional) {
            provisional = false;
            latency.restart();
        }
        latency.add(tookNanos);
        perMean = 1 / latency.value();
    }

    /** A first call, as long as there is no other to go by. */
    void succeededAtFirst(double tookNanos) {
        if (latency.value() == 0) {
            succeeded(tookNanos);
            provisional = true;
        }
    }

    /** As if so many batches had been counted. */
    void batches(int counted) {
        batches = counted;
    }

    /** Whether an average replica has answered fewer than 16 times. */
    boolean isYoung(int replicas) {
        return (long) batches * BATCH < YOUTH * replicas;
    }

    /** One by the time, in nanoseconds, in which what was learnt loses all but 37 % of its weight. */
    double perDecay() {
        return perDecay;
    }

    void perDecay(double perNano) {
        perDecay = perNano;
    }

    /** Answers in a nanosecond, lately; 0 if not known yet. */
    double perNano() {
        return perNano;
    }

    /** The part of the last calls that failed, and not where the failure before them was: that is one replica's trouble. */
    double failureShare() {
        return failureShare;
    }

    /** Whether a call failed decides what the next failure says. */
    void judged(Latency latency, boolean failed) {
        boolean elsewhere = failed && latency != failedLast;
        if (elsewhere || failureShare > 0) {
            double share = failureShare + ((elsewhere ? 1 : 0) - failureShare) / LONG_WINDOW;
            failureShare = share < NEGLIGIBLE ? 0 : share;
        }
        if (elsewhere) {
            failedLast = latency;
        }
    }

    /** Counts an answer. True if it is time to look how fast to forget. */
    boolean count(long nowNanos) {
        int number = counted++;
        if (number == 0) {
            countedSinceNanos = nowNanos;
        }
        if (number < BATCH) {
            return perNano == 0;
        }
        double rate = (double) number / Math.max(1, nowNanos - countedSinceNanos);
        perNano = perNano == 0 ? rate : (perNano + rate) / 2;
        counted = 0;
        if (batches < OLD) {
            batches++;
        }
        return true;
    }

    /** Whether this answer is none of the one in four that are remembered while remembering pays nothing. */
    boolean isLeftOut() {
        return counted % FEW != 0;
    }
}
