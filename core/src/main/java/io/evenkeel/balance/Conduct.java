package io.evenkeel.balance;

/**
 * What the calls of one replica have shown lately, for {@link Comparison}: how many failed, and how long the others took.
 * Calls add to it without synchronisation, where of two at the same moment one may be lost; all else is guarded by the lock
 * of {@link Updates}.
 */
final class Conduct {

    private static final long EVERY = 15;
    /** Answers from which on their mean is one. */
    private static final double MANY = 10;

    // What calls add to.

    private long nanos;
    private long answers;

    // As of the last look.

    private long nanosBefore;
    private long answersBefore;
    private long goodBefore;
    private long failedBefore;

    // Since then, and the decayed sums of all that was before.

    private long newGood;
    private long newFailed;
    private long newAnswers;
    private double newNanos;
    private double calls;
    private double failed;
    private double timed;
    private double time;

    /** Mean of the latencies; plain, and read by calls. */
    private long usualNanos;

    // The tests.

    private double failing;
    private double slow;

    /** A call was answered well. True now and then, for somebody to begin to look. */
    boolean answered(long latencyNanos) {
        nanos += latencyNanos;
        return (++answers & EVERY) == 0;
    }

    /** Takes over what came since the last look, of the replica's own counts; true if anything did. */
    boolean look(long goodNow, long failedNow, double kept) {
        long nanosNow = nanos;
        long answersNow = answers;
        newGood = goodNow - goodBefore;
        newFailed = failedNow - failedBefore;
        newAnswers = Math.max(0, answersNow - answersBefore);
        newNanos = Math.max(0, nanosNow - nanosBefore);
        goodBefore = goodNow;
        failedBefore = failedNow;
        answersBefore = answersNow;
        nanosBefore = nanosNow;
        calls = calls * kept + newGood + newFailed;
        failed = failed * kept + newFailed;
        timed = timed * kept + newAnswers;
        time = time * kept + newNanos;
        usualNanos = timed < MANY ? 0 : (long) (time / timed);
        return newGood + newFailed > 0;
    }

    long usualNanos() {
        return usualNanos;
    }

    double calls() {
        return calls;
    }

    double failed() {
        return failed;
    }

    double timed() {
        return timed;
    }

    double time() {
        return time;
    }

    /** Adds to the test for failures what each call since the last look is worth. The sum so far, 0 at least. */
    double failing(double perFailed, double perGood) {
        failing = Math.max(0, failing + newFailed * perFailed + newGood * perGood);
        return failing;
    }

    /**
     * Adds to the test for slowness how many times {@code limitNanos} the calls since the last look took, less their number; but
     * no more than {@code most}, so that one stall is not enough. The sum so far, 0 at least.
     */
    double slow(double limitNanos, double most) {
        slow = Math.max(0, slow + Math.min(most, newNanos / limitNanos - newAnswers));
        return slow;
    }

    /** Nothing is held against it any more. */
    void restart() {
        calls = 0;
        failed = 0;
        timed = 0;
        time = 0;
        usualNanos = 0;
        failing = 0;
        slow = 0;
    }
}
