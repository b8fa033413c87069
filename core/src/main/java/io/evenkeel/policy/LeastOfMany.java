package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Least request among three to eight choices, which {@link LeastRequest} is for two: the same draw in proportion to the
 * weights, the same comparison, the same rules for ties. Of a list no longer than the choices all are compared.
 *
 * <p>One word of chance makes all draws: the k-th is a hash of the word and k. So an earlier draw can be made again to see
 * whether a later one repeats it, and no array is needed to remember them. A repeat is skipped; after four draws per
 * choice the rest is given up, which happens if a few replicas have nearly all of the weight.
 */
final class LeastOfMany implements Selector {

    /** 2^64 divided by the golden ratio, odd. */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private static final int DRAWS_PER_CHOICE = 4;

    private final Candidate[] all;
    private final Pairs pairs;
    private final Draw draw;
    private final int choices;

    private LeastOfMany(List<Candidate> all, int choices) {
        this.all = all.toArray(Candidate[]::new);
        this.pairs = new Pairs(all);
        this.draw = Draw.of(all);
        this.choices = choices;
    }

    /** The policy with this many choices. */
    record Of(int choices) implements Policy {

        Of {
            Check.range("choices", choices, 2, 8);
        }

        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            return new LeastOfMany(all, choices);
        }

        @Override
        public String name() {
            return "least request, " + choices + " choices";
        }
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        long bits = random.nextLong();
        int best = Untried.from(at(bits, 0), all, call);
        return best < 0 ? -1 : all.length <= choices ? leastOfAll(best, call) : leastOfDrawn(bits, best, call);
    }

    private int at(long bits, int k) {
        return draw.at(ConsistentHash.mix(bits + k * GOLDEN));
    }

    private int leastOfAll(int first, Call call) {
        int best = first;
        for (int step = 1, i = first; step < all.length; step++) {
            i = i + 1 == all.length ? 0 : i + 1;
            if (!call.triedAny() || !call.tried(all[i].endpoint())) {
                best = lighter(best, i);
            }
        }
        return best;
    }

    private int leastOfDrawn(long bits, int first, Call call) {
        int best = first;
        for (int k = 1, left = choices - 1; left > 0 && k < choices * DRAWS_PER_CHOICE; k++) {
            int drawn = at(bits, k);
            if (!isRepeat(bits, k, drawn)) {
                best = lighter(best, Untried.from(drawn, all, call));
                left--;
            }
        }
        return best;
    }

    private boolean isRepeat(long bits, int k, int drawn) {
        for (int before = 0; before < k; before++) {
            if (at(bits, before) == drawn) {
                return true;
            }
        }
        return false;
    }

    private int lighter(int a, int b) {
        int inA = all[a].inFlight();
        int inB = all[b].inFlight();
        return a != b && pairs.beats(b, inB + 1.0, inB, a, inA + 1.0, inA) ? b : a;
    }

    @Override
    public double score(Candidate candidate, long nowNanos) {
        return (candidate.inFlight() + 1.0) / candidate.weight();
    }
}
