package io.evenkeel.benchmarks.sim;

import io.evenkeel.policy.Policy;

/**
 * A board that shows how many calls each origin had when it was last written, for all clients to go by. For clients that
 * have all origins, in their order.
 *
 * @see <a href="https://www.eecs.harvard.edu/~michaelm/postscripts/tpds2000.pdf">Mitzenmacher, How Useful Is Old
 *     Information?, 2000</a>
 */
final class Board {

    private final Origin[] origins;
    private final long periodNanos;
    private final int[] shown;
    private final int[] least;
    private int leastCount;
    private long nextNanos;

    Board(World world, long periodNanos) {
        this.origins = world.origins().toArray(Origin[]::new);
        this.periodNanos = periodNanos;
        this.shown = new int[origins.length];
        this.least = new int[origins.length];
    }

    /** The better on the board of {@code choices} drawn. */
    Policy choices(int choices) {
        return (candidates, previous, nowNanos, chance) -> (call, now, random) -> {
            look(now);
            int best = random.nextInt(origins.length);
            for (int choice = 1; choice < choices; choice++) {
                int other = random.nextInt(origins.length);
                best = shown[other] < shown[best] ? other : best;
            }
            return best;
        };
    }

    /** One of those with the fewest calls on the board. */
    Policy least() {
        return (candidates, previous, nowNanos, chance) -> (call, now, random) -> {
            look(now);
            return least[random.nextInt(leastCount)];
        };
    }

    private void look(long nowNanos) {
        if (nowNanos >= nextNanos) {
            write();
            nextNanos = nowNanos + periodNanos;
        }
    }

    private void write() {
        int fewest = Integer.MAX_VALUE;
        for (int i = 0; i < origins.length; i++) {
            shown[i] = origins[i].load();
            if (shown[i] < fewest) {
                fewest = shown[i];
                leastCount = 0;
            }
            if (shown[i] == fewest) {
                least[leastCount++] = i;
            }
        }
    }
}
