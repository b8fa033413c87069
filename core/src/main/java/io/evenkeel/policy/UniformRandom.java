package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** One draw. */
final class UniformRandom implements Selector {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            return new UniformRandom(all);
        }

        @Override
        public String name() {
            return "random";
        }
    };

    private final Candidate[] all;
    private final Draw draw;

    private UniformRandom(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
        this.draw = Draw.of(all);
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        return Untried.from(draw.at(random.nextLong()), all, call);
    }
}
