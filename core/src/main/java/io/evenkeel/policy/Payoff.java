package io.evenkeel.policy;

/**
 * Whether it pays to remember replicas: do those answer sooner than the drawn ones? From it follows how much less a remembered
 * one must cost to be preferred. Where calls queue, those that answered lately have short queues, answer a fifth sooner and
 * more, and any difference counts. Where nothing queues they answer no sooner, and costs differ by chance alone.
 *
 * <p>Threads: any, without synchronisation: of two answers that come at the same moment one may be lost.
 */
final class Payoff {

    /** A remembered one must cost less than so much of the drawn one while it pays nothing. */
    private static final double CLEARLY = 0.6;
    /** The gain from which on it pays, and the one from which on every difference counts. */
    private static final double SOME = 0.05;

    private static final double MUCH = 0.15;
    private static final double CLIP = 10;
    private static final int WINDOW = 500;

    private final RunningMean remembered = new RunningMean(WINDOW, CLIP);
    private final RunningMean drawn = new RunningMean(WINDOW, CLIP);
    private double margin = CLEARLY;

    void answered(boolean wasRemembered, double tookNanos) {
        (wasRemembered ? remembered : drawn).add(tookNanos);
        double gain = remembered.value() == 0 ? 0 : 1 - remembered.value() * drawn.inverse();
        double part = Math.max(0, Math.min(1, (gain - SOME) / (MUCH - SOME)));
        margin = CLEARLY + (1 - CLEARLY) * part;
    }

    /** A remembered replica is preferred if it costs less than this part of the drawn one: 0.6 to 1. */
    double margin() {
        return margin;
    }

    boolean isNone() {
        return margin == CLEARLY;
    }
}
