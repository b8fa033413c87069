package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Draws pairs of distinct replicas, in proportion to the weights, that a call has not tried while others are left; and
 * judges between the two. A pair is a long, so that it costs no object. Immutable.
 */
final class Pairs {

    private static final int REDRAWS = 3;
    private static final long LOW = 0xFFFF_FFFFL;
    /** Of two of unequal weight that are idle the second must cost less than this much of the first. */
    private static final double CLEARLY = 0.8;

    private final Candidate[] all;
    private final double[] weights;
    private final Draw draw;
    private final boolean uniform;

    Pairs(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
        this.weights = Weights.of(all);
        this.draw = Draw.of(weights);
        this.uniform = draw.isUniform();
    }

    /** The one that was drawn first; -1 if the call has tried them all. */
    static int first(long pair) {
        return (int) (pair >> 32);
    }

    /** The other one; the first again if no other is left. */
    static int second(long pair) {
        return (int) pair;
    }

    private static long of(int first, int second) {
        return ((long) first << 32) | (second & LOW);
    }

    boolean areUniform() {
        return uniform;
    }

    double weight(int index) {
        return weights[index];
    }

    long draw(Call call, RandomGenerator random) {
        if (all.length == 1) {
            int only = Untried.from(0, all, call);
            return of(only, only);
        }
        return uniform ? uniform(call, random) : weighted(call, random);
    }

    private long uniform(Call call, RandomGenerator random) {
        int n = all.length;
        long bits = random.nextLong();
        int a = Untried.from(share(bits >>> 32, n), all, call);
        return a < 0 ? -1 : of(a, untried(other(a, share(bits & LOW, n - 1)), a, call));
    }

    private long weighted(Call call, RandomGenerator random) {
        int a = Untried.from(draw.at(random.nextLong()), all, call);
        if (a < 0) {
            return -1;
        }
        int b = draw.at(random.nextLong());
        for (int redraw = 0; b == a && redraw < REDRAWS; redraw++) {
            b = draw.at(random.nextLong());
        }
        if (b == a) {
            b = other(a, share(random.nextLong() >>> 32, all.length - 1));
        }
        return of(a, untried(b, a, call));
    }

    /** {@code b}, or the next that the call has not tried, and not {@code a} while another is left. */
    private int untried(int b, int a, Call call) {
        int index = Untried.from(b, all, call);
        return index == a ? Untried.from(a + 1 == all.length ? 0 : a + 1, all, call) : index;
    }

    /** {@code draw} of the n-1 that are not {@code a}, as an index of all. */
    private static int other(int a, int draw) {
        return draw >= a ? draw + 1 : draw;
    }

    /** {@code bits}, 32 of them, as one of n. */
    private static int share(long bits, int n) {
        return (int) ((bits * n) >>> 32);
    }

    /**
     * Whether {@code b} beats {@code a}, which was drawn first. With equal weights the lower cost wins; of equals the one
     * used less lately. With unequal weights the lower cost for its weight wins; but of two that are idle the one drawn
     * first, unless the other costs clearly less: the draw has given each its weight's share, which chance among nearly
     * equal costs would even out.
     */
    boolean beats(int b, double costB, int busyB, int a, double costA, int busyA) {
        if (!uniform) {
            return (busyA | busyB) == 0 ? costB < CLEARLY * costA : costB * weights[a] < costA * weights[b];
        }
        return costB == costA ? all[a].lastStartedNanos() - all[b].lastStartedNanos() > 0 : costB < costA;
    }
}
