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
import org.jspecify.annotations.Nullable;

/**
 * Makes the pools of a snapshot, each with a selector that goes on where the last one of its place stopped. Guarded by the
 * lock of {@link Updates}.
 */
final class Assembly {

    /** As Envoy: of fewer replicas all zones are used alike. */
    private static final int LEAST_FOR_ZONES = 6;

    private final Engine engine;
    private final Policy policy;
    private final Optional<String> zone;
    private final Runnable wanted;
    /** The last selector of each place, also of those that have nobody now. */
    private final Map<Place, Selector> last = new HashMap<>();

    private final Map<Place, Zoning> zonings = new HashMap<>();

    Assembly(Engine engine, Policy policy, Optional<String> zone, Runnable wanted) {
        this.engine = engine;
        this.policy = policy;
        this.zone = zone;
        this.wanted = wanted;
    }

    private enum Zone {
        ANY,
        OWN,
        OTHERS
    }

    /** What a selector chooses for. */
    private record Place(Set<String> wanted, int priority, Zone zone) {}

    List<Level> levels(List<Tier> tiers, Set<String> wanted, long now) {
        List<Level> levels = new ArrayList<>();
        double upTo = 0;
        double left = tiers.stream().mapToDouble(Tier::share).sum();
        for (Tier tier : tiers) {
            upTo += tier.share();
            left -= tier.share();
            boolean takesTheRest = tier.share() > 0 && left < tier.share() * 1e-9;
            levels.add(level(tier, takesTheRest ? 1 : upTo, wanted, now));
        }
        return levels;
    }

    private Level level(Tier tier, double upTo, Set<String> wanted, long now) {
        Place place = new Place(wanted, tier.priority(), Zone.ANY);
        return zone.isEmpty() || tier.panic() || tier.inService().size() < LEAST_FOR_ZONES
                ? new Level(engine, tier, upTo, pool(tier.candidates(), tier.panic(), place, null, now), null)
                : level(tier, upTo, place, zoning(place, now), now);
    }

    private Zoning zoning(Place place, long now) {
        return zonings.computeIfAbsent(place, key -> new Zoning(zone.orElseThrow(), this.wanted, now));
    }

    private Level level(Tier tier, double upTo, Place place, Zoning zoning, long now) {
        List<Replica> own = Eligibility.filter(tier.candidates(), replica -> zoning.isOwn(replica.endpoint()));
        if (own.isEmpty() || own.size() == tier.candidates().size()) {
            return new Level(engine, tier, upTo, pool(tier.candidates(), false, place, null, now), null);
        }
        List<Replica> others = Eligibility.filter(tier.candidates(), replica -> !zoning.isOwn(replica.endpoint()));
        zoning.even(weight(own) / (weight(own) + weight(others)));
        double most = available(tier.inService(), zoning, true);
        double least = 1 - available(tier.inService(), zoning, false);
        double even = most / (most + 1 - least); // if neither is available for the rest of the other
        Place ownPlace = new Place(place.wanted, place.priority, Zone.OWN);
        Place othersPlace = new Place(place.wanted, place.priority, Zone.OTHERS);
        return new Level(
                engine,
                tier,
                upTo,
                pool(own, false, ownPlace, zoning.own(), now),
                new Level.Zones(
                        zoning,
                        pool(others, false, othersPlace, zoning.others(), now),
                        least > most ? even : least,
                        least > most ? even : most));
    }

    private static double weight(List<Replica> replicas) {
        return replicas.stream().mapToDouble(Replica::configuredWeight).sum();
    }

    private static double available(List<Replica> inService, Zoning zoning, boolean own) {
        return Tiers.availability(
                Eligibility.filter(inService, replica -> zoning.isOwn(replica.endpoint()) == own), Replica::isUsable);
    }

    private Pool pool(List<Replica> replicas, boolean panic, Place place, @Nullable Side side, long now) {
        Selector selector = selector(List.copyOf(replicas), Optional.ofNullable(last.get(place)), now);
        last.put(place, selector);
        return new Pool(engine, replicas, panic, selector, side);
    }

    private Selector selector(List<Candidate> candidates, Optional<Selector> before, long now) {
        try {
            return requireNonNull(policy.selector(candidates, before, now, engine.random()), "selector");
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return Policy.random().selector(candidates, Optional.empty(), now, engine.random());
        }
    }

    /** How the calls of the own zone fare, in places where that matters. */
    Iterable<Zoning> zonings() {
        return zonings.values();
    }
}
