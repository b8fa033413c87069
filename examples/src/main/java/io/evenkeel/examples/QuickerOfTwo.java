package io.evenkeel.examples;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** Of two replicas drawn at random, the one whose last answer was quicker, times its calls in flight. */
public final class QuickerOfTwo implements Policy {

    @Override
    public Object newState(Endpoint endpoint) {
        return new AtomicLong(); // its last latency; lives as long as the replica is known
    }

    @Override
    public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
        return new Quicker(all);
    }

    private record Quicker(List<Candidate> all) implements Selector {

        @Override
        public int select(Call call, long now, RandomGenerator random) {
            int one = random.nextInt(all.size());
            int two = random.nextInt(all.size());
            return score(all.get(one), now) <= score(all.get(two), now) ? one : two;
        }

        @Override
        public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long now) {
            long counted = outcome == Outcome.SUCCESS ? latencyNanos : latencyNanos + 1_000_000_000;
            ((AtomicLong) candidate.state()).set(counted);
        }

        @Override
        public double score(Candidate candidate, long now) {
            return ((AtomicLong) candidate.state()).get() * (candidate.inFlight() + 1) / candidate.weight();
        }
    }
}
