package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Power of two choices. The pair is distinct, so that the worst of the list is never taken while another is drawn.
 *
 * <p>The pair is drawn in proportion to the weights, and the smaller (in flight + 1) / weight wins. Of equals the one
 * used longest ago wins if the weights are equal: a quiet client so walks through all replicas instead of trusting its luck.
 * If the weights are unequal, the one drawn first wins of equals, and of two that have nothing in flight: else a lighter
 * replica would get nothing at all from a quiet client, which so gives each its weight's share.
 */
final class LeastRequest implements Selector {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            return new LeastRequest(all);
        }

        @Override
        public String name() {
            return "least request, two choices";
        }
    };

    private static final int REDRAWS = 3;

    private final Candidate[] all;
    private final double[] weights;
    private final Draw draw;

    private LeastRequest(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
        this.weights = all.stream().mapToDouble(Candidate::weight).toArray();
        this.draw = Draw.of(all);
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        int n = all.length;
        if (n == 1) {
            return Untried.from(0, all, call);
        }
        return draw.isUniform() ? uniform(n, call, random) : weighted(n, call, random);
    }

    private int uniform(int n, Call call, RandomGenerator random) {
        long bits = random.nextLong();
        int a = Untried.from(share(bits >>> 32, n), all, call);
        int b = other(a, share(bits & 0xFFFF_FFFFL, n - 1), n);
        return a < 0 ? -1 : lighter(a, untried(b, a, call));
    }

    private int lighter(int a, int b) {
        Candidate first = all[a];
        Candidate second = all[b];
        int difference = first.inFlight() - second.inFlight();
        if (difference == 0) {
            return first.lastStartedNanos() - second.lastStartedNanos() <= 0 ? a : b;
        }
        return difference < 0 ? a : b;
    }

    private int weighted(int n, Call call, RandomGenerator random) {
        int a = Untried.from(draw.at(random.nextLong()), all, call);
        int b = draw.at(random.nextLong());
        for (int redraw = 0; b == a && redraw < REDRAWS; redraw++) {
            b = draw.at(random.nextLong());
        }
        if (b == a) {
            b = other(a, share(random.nextLong() >>> 32, n - 1), n);
        }
        if (a < 0) {
            return -1;
        }
        b = untried(b, a, call);
        int inA = all[a].inFlight();
        int inB = all[b].inFlight();
        return (inA | inB) != 0 && (inB + 1) * weights[a] < (inA + 1) * weights[b] ? b : a;
    }

    /** {@code b}, or the next that the call has not tried, and not {@code a} while another is left. */
    private int untried(int b, int a, Call call) {
        int index = Untried.from(b, all, call);
        return index == a ? Untried.from(a + 1 == all.length ? 0 : a + 1, all, call) : index;
    }

    /** {@code draw} of the n-1 that are not {@code a}, as an index of all. */
    private static int other(int a, int draw, int n) {
        return draw >= a && a >= 0 ? draw + 1 : Math.min(draw, n - 1);
    }

    /** {@code bits}, 32 of them, as one of n. */
    private static int share(long bits, int n) {
        return (int) ((bits * n) >>> 32);
    }

    @Override
    public double score(Candidate candidate, long nowNanos) {
        return (candidate.inFlight() + 1) / candidate.weight();
    }
}
