package io.evenkeel.benchmarks.sim;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Finagle's: two choices by latency, which jumps to a peak and decays, times calls in flight. For one thread. */
record PeakEwma(Duration decay) implements Policy {

    private static final double NEVER_ANSWERED = 1e15;

    private static final class Cost {
        private double nanos;
        private long atNanos;

        private double at(long nowNanos, double decayNanos) {
            return nanos * Math.exp(-(nowNanos - atNanos) / decayNanos);
        }
    }

    @Override
    public Object newState(Endpoint endpoint) {
        return new Cost();
    }

    @Override
    public Selector selector(List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator chance) {
        double decayNanos = decay.toNanos();
        return new Selector() {
            @Override
            public int select(Call call, long now, RandomGenerator random) {
                int a = random.nextInt(all.size());
                int b = random.nextInt(all.size() - 1);
                b += b >= a ? 1 : 0;
                return score(all.get(a), now) <= score(all.get(b), now) ? a : b;
            }

            @Override
            public double score(Candidate candidate, long now) {
                double cost = ((Cost) candidate.state()).at(now, decayNanos);
                return cost == 0 && candidate.inFlight() > 0 ? NEVER_ANSWERED : cost * (candidate.inFlight() + 1);
            }

            @Override
            public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long now) {
                Cost cost = (Cost) candidate.state();
                double old = cost.at(now, decayNanos);
                double weight = Math.exp(-(now - cost.atNanos) / decayNanos);
                cost.nanos = latencyNanos > old ? latencyNanos : old + (1 - weight) * latencyNanos;
                cost.atNanos = now;
            }
        };
    }
}
