package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Power of two choices. The pair is distinct, so that the worst of the list is never taken while another is drawn.
 *
 * <p>The pair is drawn in proportion to the weights, and the smaller (in flight + 1) / weight wins. Of equals the one
 * used less lately wins if the weights are equal: a quiet client so evens out what luck has given.
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

    private final Candidate[] all;
    private final Pairs pairs;

    private LeastRequest(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
        this.pairs = new Pairs(all);
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        long pair = pairs.draw(call, random);
        int a = Pairs.first(pair);
        int b = Pairs.second(pair);
        if (a == b) {
            return a;
        }
        return pairs.areUniform() ? lighter(a, b) : lighterForItsWeight(a, b);
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

    private int lighterForItsWeight(int a, int b) {
        int inA = all[a].inFlight();
        int inB = all[b].inFlight();
        return (inA | inB) != 0 && (inB + 1.0) * pairs.weight(a) < (inA + 1.0) * pairs.weight(b) ? b : a;
    }

    @Override
    public double score(Candidate candidate, long nowNanos) {
        return (candidate.inFlight() + 1.0) / candidate.weight();
    }
}
