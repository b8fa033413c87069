package io.evenkeel.http;

import io.evenkeel.Call;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Chooses the first of the list that was not tried, so that a test knows who comes first. */
final class InOrder implements Policy {

    @Override
    public Selector selector(List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
        return (call, now, chance) -> firstUntried(all, call);
    }

    private static int firstUntried(List<Candidate> all, Call call) {
        for (int i = 0; i < all.size(); i++) {
            if (!call.tried(all.get(i).endpoint())) {
                return i;
            }
        }
        return -1;
    }
}
