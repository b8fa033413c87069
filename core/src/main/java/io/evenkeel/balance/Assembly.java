package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Subset;
import io.evenkeel.balance.Tiers.Tier;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
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
    private final Subset subset;
    private final Runnable wanted;
    private final Runnable crowded;
    /** The last selector of each place, also of those that have nobody now. */
    private final Map<Place, Selector> last = new HashMap<>();

    private final Map<Place, Zoning> zonings = new HashMap<>();
    private final Map<Place, Crowd> crowds = new HashMap<>();
    /** Ranks replicas for this client. */
    private final long seed;

    /** {@code wanted} asks for an update, {@code crowded} for a look at the calls in flight. */
    Assembly(Engine engine, Settings settings, Runnable wanted, Runnable crowded) {
        this.engine = engine;
        this.policy = settings.policy();
        boolean ordered = heedsOrder(policy);
        this.zone = ordered ? Optional.empty() : settings.zone();
        this.subset = ordered ? Subset.off() : settings.subset();
        this.wanted = wanted;
        this.crowded = crowded;
        this.seed = seed();
    }

    private boolean heedsOrder(Policy asked) {
        try {
            return asked.heedsOrder();
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return false;
        }
    }

    private long seed() {
        return subset.client()
                .map(Hash::of)
                .orElseGet(() -> subset.isOff() ? 0 : engine.random().nextLong());
    }

    private enum Zone {
        ANY,
        OWN,
        OTHERS
    }

    /** What a selector chooses for. */
    private record Place(Wanted wanted, int priority, Zone zone) {}

    List<Level> levels(List<Tier> tiers, Wanted wanted, long now) {
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

    private Level level(Tier tier, double upTo, Wanted wanted, long now) {
        Place place = new Place(wanted, tier.priority(), Zone.ANY);
        return zone.isEmpty() || tier.panic() || tier.inService().size() < LEAST_FOR_ZONES
                ? ofAnyZone(tier, upTo, place, now)
                : level(tier, upTo, place, zoning(place, now), now);
    }

    private Zoning zoning(Place place, long now) {
        return zonings.computeIfAbsent(place, key -> new Zoning(zone.orElseThrow(), this.wanted, now));
    }

    private Level level(Tier tier, double upTo, Place place, Zoning zoning, long now) {
        List<Replica> own = Eligibility.filter(tier.candidates(), replica -> zoning.isOwn(replica.endpoint()));
        if (own.isEmpty() || own.size() == tier.candidates().size()) {
            return ofAnyZone(tier, upTo, place, now);
        }
        List<Replica> others = Eligibility.filter(tier.candidates(), replica -> !zoning.isOwn(replica.endpoint()));
        List<Replica> ownInService = Eligibility.filter(tier.inService(), replica -> zoning.isOwn(replica.endpoint()));
        List<Replica> othersInService =
                Eligibility.filter(tier.inService(), replica -> !zoning.isOwn(replica.endpoint()));
        zoning.even(Tiers.weight(own) / (Tiers.weight(own) + Tiers.weight(others)));
        double most = Tiers.availability(ownInService, usable(ownInService));
        double least = 1 - Tiers.availability(othersInService, usable(othersInService));
        double even = most / (most + 1 - least); // if neither is available for the rest of the other
        Place ownPlace = new Place(place.wanted, place.priority, Zone.OWN);
        Place othersPlace = new Place(place.wanted, place.priority, Zone.OTHERS);
        return new Level(
                engine,
                tier,
                upTo,
                pool(subset(ownInService, own, ownPlace), false, ownPlace, zoning.own(), now),
                new Level.Zones(
                        zoning,
                        pool(subset(othersInService, others, othersPlace), false, othersPlace, zoning.others(), now),
                        least > most ? even : least,
                        least > most ? even : most));
    }

    private static List<Replica> usable(List<Replica> replicas) {
        return Eligibility.filter(replicas, Replica::isUsable);
    }

    private Level ofAnyZone(Tier tier, double upTo, Place place, long now) {
        List<Candidate> candidates = subset(tier.inService(), tier.candidates(), place);
        return new Level(engine, tier, upTo, pool(candidates, tier.panic(), place, null, now), null);
    }

    /** Those of the candidates that this client uses. */
    private List<Candidate> subset(List<Replica> inService, List<Replica> candidates, Place place) {
        Crowd crowd = crowds.getOrDefault(place, new Crowd(subset.size()));
        if (subset.isOff() || inService.size() <= 2 * subset.size()) {
            crowds.remove(place);
            return List.copyOf(candidates);
        }
        crowds.put(place, crowd);
        if (inService.size() <= 2 * crowd.size()) {
            crowd.members(candidates);
            return List.copyOf(candidates);
        }
        List<Candidate> slice = Ring.slice(inService, candidates, subset, crowd.size(), seed);
        crowd.members(slice.stream().map(Ring::replica).toList());
        return slice;
    }

    /** Whether somewhere not all candidates are used, so that {@link #look} must be asked. */
    boolean hasSubsets() {
        return !crowds.isEmpty();
    }

    /** Looks at the calls in flight in each place. True if subsets of another size are wanted. */
    boolean look(Predicate<Crowd> look) {
        boolean wanted = false;
        for (Crowd crowd : crowds.values()) {
            wanted |= look.test(crowd);
        }
        return wanted;
    }

    private Pool pool(List<Candidate> candidates, boolean panic, Place place, @Nullable Side side, long now) {
        Selector selector = selector(candidates, Optional.ofNullable(last.get(place)), now);
        last.put(place, selector);
        return new Pool(engine, candidates, panic, selector, side, crowds.containsKey(place) ? crowded : null);
    }

    private Selector selector(List<Candidate> candidates, Optional<Selector> before, long now) {
        try {
            return requireNonNull(policy.selector(candidates, before, now, engine.random()), "selector");
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return Policy.random().selector(candidates, Optional.empty(), now, engine.random());
        }
    }

    /** Nobody wants a part any more, nor its parts. */
    void forget(Wanted part) {
        Predicate<Place> gone = place -> place.wanted.isOf(part);
        last.keySet().removeIf(gone);
        zonings.keySet().removeIf(gone);
        crowds.keySet().removeIf(gone);
    }

    /** How the calls of the own zone fare, in places where that matters. */
    Collection<Zoning> zonings() {
        return zonings.values();
    }
}
