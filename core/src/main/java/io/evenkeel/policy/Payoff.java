package io.evenkeel.policy;

/**
 * Whether it pays to remember replicas: do those answer sooner than the drawn ones? From it follows what a remembered one may
 * cost, beside the drawn one, to be preferred. Where calls queue, those that answered lately have short queues and answer a
 * fifth sooner and more: they are better than their cost says. An estimate of a replica that this client hardly knows
 * tells next to nothing, while it has just seen the other one end a call. Where nothing queues they answer no sooner, and
 * costs differ by chance alone. Until it is known what it pays, up to every second call goes by it, to find out; and
 * ever after one of 32 is drawn.
 *
 * <p>Threads: any, without synchronisation: of two answers that come at the same moment one may be lost.
 */
final class Payoff {

    /** A remembered one must cost less than so much of the drawn one while it pays nothing. */
    private static final double CLEARLY = 0.6;
    /** It may cost so many times more where it pays and nothing is known of the drawn one. */
    private static final double TRUST = 4;
    /** The gain from which on it pays, and the one from which on it pays wholly. */
    private static final double SOME = 0.05;

    private static final double MUCH = 0.15;
    private static final double PER_SPAN = 1 / (MUCH - SOME);
    private static final double CLIP = 10;
    private static final int WINDOW = 500;
    /** Answers of each kind from which on the gain is known. */
    private static final int PROOF = 30;
    /** After so many by memory in a row one is drawn. */
    private static final int MOST_IN_A_ROW = 31;

    private final RunningMean remembered = new RunningMean(WINDOW, CLIP);
    private final RunningMean drawn = new RunningMean(WINDOW, CLIP);
    private int inARow;

    void chosen(boolean byMemory) {
        if (byMemory) {
            inARow++;
        } else if (inARow != 0) {
            inARow = 0;
        }
    }

    void answered(boolean byMemory, double tookNanos) {
        (byMemory ? remembered : drawn).add(tookNanos);
    }

    /**
     * A remembered replica is preferred if it costs less than so many times the drawn one: 0.6 to 4.
     *
     * @param doubt how little is known of the drawn one, up to 1: nothing
     */
    double margin(double doubt) {
        if (inARow >= MOST_IN_A_ROW) {
            return CLEARLY;
        }
        double whole = 1 + (TRUST - 1) * doubt;
        if (!isKnown()) {
            return remembered.values() <= drawn.values() ? whole : CLEARLY;
        }
        double gain = 1 - remembered.value() / drawn.value();
        double part = Math.max(0, Math.min(1, (gain - SOME) * PER_SPAN));
        return CLEARLY + (whole - CLEARLY) * part;
    }

    /** Whether it pays nothing, as far as is known. */
    boolean isNone() {
        return isKnown() && remembered.value() >= (1 - SOME) * drawn.value();
    }

    private boolean isKnown() {
        return remembered.values() >= PROOF && drawn.values() >= PROOF;
    }
}
