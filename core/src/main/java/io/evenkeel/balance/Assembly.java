package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.balance.Tiers.Tier;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Makes the pools of a snapshot, each with a selector that goes on where the last one of its place stopped. Guarded by the
 * lock of {@link Updates}.
 */
final class Assembly {

    private final Engine engine;
    private final Policy policy;
    /** The last selector of each place, also of those that have nobody now. */
    private final Map<Place, Selector> last = new HashMap<>();

    Assembly(Engine engine, Policy policy) {
        this.engine = engine;
        this.policy = policy;
    }

    /** What a selector chooses for. */
    private record Place(Set<String> wanted, int priority) {}

    List<Level> levels(List<Tier> tiers, Set<String> wanted, long now) {
        List<Level> levels = new ArrayList<>();
        double upTo = 0;
        double left = tiers.stream().mapToDouble(Tier::share).sum();
        for (Tier tier : tiers) {
            upTo += tier.share();
            left -= tier.share();
            boolean takesTheRest = tier.share() > 0 && left < tier.share() * 1e-9;
            Selector selector = selector(tier.candidates(), new Place(wanted, tier.priority()), now);
            Pool pool = new Pool(engine, tier.candidates(), tier.panic(), selector);
            levels.add(new Level(engine, tier, takesTheRest ? 1 : upTo, pool));
        }
        return levels;
    }

    private Selector selector(List<Replica> replicas, Place place, long now) {
        Selector made = selector(List.copyOf(replicas), Optional.ofNullable(last.get(place)), now);
        last.put(place, made);
        return made;
    }

    private Selector selector(List<Candidate> candidates, Optional<Selector> before, long now) {
        try {
            return requireNonNull(policy.selector(candidates, before, now, engine.random()), "selector");
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return Policy.random().selector(candidates, Optional.empty(), now, engine.random());
        }
    }
}
