package io.evenkeel.balance;

import io.evenkeel.Breaker;
import io.evenkeel.Endpoint;
import io.evenkeel.Guard;
import io.evenkeel.Limit;
import io.evenkeel.Observer;
import io.evenkeel.Outcomes;
import io.evenkeel.Outliers;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.policy.Policy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Parts of a balancer without a balancer around them, for what would take too long with one. Time stands still. */
final class Bare {

    private static final RandomGenerator RANDOM = new SplittableRandom(3);
    private static final Engine ENGINE = new Engine(
            "orders",
            new Ambient(() -> 0, () -> RANDOM, null, null, null),
            Outcomes.defaults(),
            Observer.none(),
            Outliers.defaults(),
            null,
            null);

    private Bare() {}

    /** A replica in service. */
    static Replica replica(Endpoint endpoint, Gate gate, Outliers outliers) {
        Replica replica = new Replica(
                endpoint, "", gate, new Standing(outliers, Breaker.off(), SlowStart.defaults()), null, Limit.off(), 0);
        replica.settle(0);
        return replica;
    }

    static Snapshot snapshot(Replica... replicas) {
        List<Replica> all = List.of(replicas);
        Eligibility eligibility = Eligibility.of(all, List.of());
        Assembly assembly = new Assembly(ENGINE, settings(Policy.roundRobin()), () -> {}, () -> {});
        List<Level> levels = assembly.levels(eligibility.tiers(), Wanted.ALL, 0);
        return new Snapshot(ENGINE, null, eligibility, Wanted.ALL, levels, Map.of());
    }

    /** Nothing but a policy. */
    static Settings settings(Policy policy) {
        return new Settings(
                policy,
                Breaker.off(),
                Outliers.off(),
                Optional.empty(),
                SlowStart.off(),
                () -> Gate.NONE,
                Optional.empty(),
                Subset.off(),
                Limit.off(),
                Guard.defaults());
    }
}
