package io.evenkeel.policy;

/**
 * What {@link Adaptive} knows of all replicas of a balancer together. It outlives the list.
 *
 * <p>Threads: any, without synchronisation: of two answers that come at the same moment one may be lost.
 */
final class Fleet {

    private static final int WINDOW = 50;
    private static final double CLIP = 10;
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

    void answered(long nowNanos) {
        if (answered) {
            gap.add((double) Math.max(0, nowNanos - answeredNanos));
        }
        answered = true;
        answeredNanos = nowNanos;
    }
}
