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
    private static final int LONG_WINDOW = 500;

    /** Of the successful calls. */
    final RunningMean latency = new RunningMean(WINDOW, CLIP);
    /** Between answers. */
    final RunningMean gap = new RunningMean(LONG_WINDOW, Double.POSITIVE_INFINITY);
    /** Calls in flight at a replica, and one more, as reported. */
    final RunningMean reportedInFlight = new RunningMean(WINDOW, CLIP);

    /** As reported. */
    final RunningMean reportedLatency = new RunningMean(WINDOW, CLIP);

    final Memory memory = new Memory();
    final Payoff payoff = new Payoff();
    private long answeredNanos;
    private boolean answered;
    private double failureShare;
    private @Nullable Latency failedLast;

    /** The part of the last calls that failed, and not where the failure before them was: that is one replica's trouble. */
    double failureShare() {
        return failureShare;
    }

    void answered(Latency latency, boolean failed, long nowNanos) {
        boolean elsewhere = failed && latency != failedLast;
        if (elsewhere || failureShare > 0) {
            double share = failureShare + ((elsewhere ? 1 : 0) - failureShare) / LONG_WINDOW;
            failureShare = share < NEGLIGIBLE ? 0 : share;
        }
        if (elsewhere) {
            failedLast = latency;
        }
        if (answered) {
            gap.add((double) Math.max(0, nowNanos - answeredNanos));
        }
        answered = true;
        answeredNanos = nowNanos;
    }
}
