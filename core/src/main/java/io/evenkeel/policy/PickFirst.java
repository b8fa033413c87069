package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The first of the list that the call has not tried. Weights do not count. */
final class PickFirst implements Selector {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            return new PickFirst(all);
        }

        @Override
        public boolean heedsOrder() {
            return true;
        }

        @Override
        public String name() {
            return "pick first";
        }
    };

    private final Candidate[] all;

    private PickFirst(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        return Untried.from(0, all, call);
    }
}
