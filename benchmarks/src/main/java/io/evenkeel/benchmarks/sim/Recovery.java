package io.evenkeel.benchmarks.sim;

import java.util.Arrays;

/** How well calls are answered in a rush and after it, by the second in which they were made. */
final class Recovery {

    private static final long SECOND = 1_000_000_000;
    private static final int WINDOW = 10;
    private static final double WELL = 0.95;

    private final long startNanos;
    private final long endNanos;
    private long[] made = new long[64];
    private long[] answered = new long[64];
    private long madeInRush;
    private long answeredInRush;

    Recovery(long startNanos, long endNanos) {
        this.startNanos = startNanos;
        this.endNanos = endNanos;
    }

    void made(long atNanos) {
        int second = (int) (atNanos / SECOND);
        if (second >= made.length) {
            made = Arrays.copyOf(made, 2 * second);
            answered = Arrays.copyOf(answered, 2 * second);
        }
        made[second]++;
        madeInRush += isInRush(atNanos) ? 1 : 0;
    }

    void answered(long madeAtNanos) {
        answered[(int) (madeAtNanos / SECOND)]++;
        answeredInRush += isInRush(madeAtNanos) ? 1 : 0;
    }

    private boolean isInRush(long nanos) {
        return nanos >= startNanos && nanos < endNanos;
    }

    double inRush() {
        return (double) answeredInRush / madeInRush;
    }

    /** From the end of the rush to the first ten seconds that went well; infinite if there were none. */
    double seconds() {
        int end = (int) (endNanos / SECOND);
        for (int from = end; from + WINDOW < made.length && made[from + WINDOW] > 0; from++) {
            if (wellIn(from, from + WINDOW)) {
                return from - end;
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    private boolean wellIn(int from, int to) {
        long calls = Arrays.stream(made, from, to).sum();
        return Arrays.stream(answered, from, to).sum() >= WELL * calls;
    }
}
