package io.evenkeel.benchmarks.sim;

import java.util.Arrays;

/**
 * What an origin knows of its own load: how long calls took that found as many others there as one more would find now, by
 * the last of them. Calls that found more than 16 are told apart by eighths of an octave. Where nothing is known, a known
 * level nearby is scaled by the calls there.
 *
 * @see <a href="https://www.usenix.org/conference/nsdi24/presentation/wydrowski">Wydrowski et al., Load is not what you
 *     should balance: Introducing Prequal, NSDI 2024</a>
 */
final class Gauge {

    private static final int EXACT = 16;
    private static final int PER_OCTAVE = 8;
    private static final int LEVELS = EXACT + 12 * PER_OCTAVE;
    private static final int WINDOW = 16;

    private final double aloneNanos;
    private final Level[] levels = new Level[LEVELS];

    /** Of an origin at which a call alone takes {@code aloneNanos}, as far as it knows. */
    Gauge(double aloneNanos) {
        this.aloneNanos = aloneNanos;
        Arrays.setAll(levels, Level::new);
    }

    /** A call that had found {@code others} there took so long. */
    void took(int others, long nanos) {
        levels[level(others)].add(nanos);
    }

    /** The median of what calls took that found {@code others}. */
    double median(int others) {
        return nearest(others, true);
    }

    /** The mean of what calls took that found {@code others}. */
    double mean(int others) {
        return nearest(others, false);
    }

    private double nearest(int others, boolean median) {
        int level = level(others);
        for (int away = 0; away < LEVELS; away++) {
            for (int near = level - away; near <= level + away; near += Math.max(1, 2 * away)) {
                if (near >= 0 && near < LEVELS && levels[near].isKnown()) {
                    double scale = away == 0 ? 1 : (others + 1.0) / (levels[near].others + 1);
                    return scale * (median ? levels[near].median() : levels[near].mean());
                }
            }
        }
        return aloneNanos;
    }

    private static int level(int others) {
        if (others < EXACT) {
            return others;
        }
        int octave = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(others);
        int eighth = (others >> (octave - 3)) & (PER_OCTAVE - 1);
        return Math.min(LEVELS - 1, EXACT + (octave - 4) * PER_OCTAVE + eighth);
    }

    /** The last calls that found about as many others. */
    private static final class Level {

        /** The fewest that count here. */
        private final int others;

        private final long[] last = new long[WINDOW];
        private int size;
        private int next;
        private long sum;
        private long median = -1;

        Level(int level) {
            int octave = 4 + (level - EXACT) / PER_OCTAVE;
            this.others = level < EXACT ? level : (PER_OCTAVE + level % PER_OCTAVE) << (octave - 3);
        }

        void add(long nanos) {
            sum += nanos - last[next];
            last[next] = nanos;
            next = (next + 1) % WINDOW;
            size = Math.min(WINDOW, size + 1);
            median = -1;
        }

        boolean isKnown() {
            return size > 0;
        }

        double mean() {
            return (double) sum / size;
        }

        double median() {
            if (median < 0) {
                long[] sorted = Arrays.copyOf(last, size);
                Arrays.sort(sorted);
                median = sorted[size / 2];
            }
            return median;
        }
    }
}
