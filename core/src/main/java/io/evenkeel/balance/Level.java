package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.balance.Tiers.Tier;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One priority of a snapshot: a pool, or one for the own zone and one for the others. Immutable but for the pool of keyed calls,
 * which is made when the first of them comes.
 */
final class Level {

    /** Calls in flight that are never too many for a replica that is asked for: few of a few are a large share, by chance. */
    private static final int FEW = 16;
    /** Whose calls in flight stand for those of all. */
    private static final int SAMPLES = 128;
    /** Calls that come independently of each other vary by the root of their mean: so much more is no crowd. */
    private static final int SIGMAS = 4;

    private final Engine engine;
    private final Tier tier;
    /** The part of all draws, from 0, that end here or before. */
    private final double upTo;

    private final Pool pool;
    private final @Nullable Zones zones;
    /** Made by the first keyed call; should two make one, either will do. */
    private volatile @Nullable Pool keyed;

    /**
     * What is different where zones matter.
     *
     * @param others the pool of the other zones, the level's own being that of the own zone
     * @param least the least share of the own zone, for the others' health
     * @param most the most, for its own health
     */
    record Zones(Zoning zoning, Pool others, double least, double most) {

        double ownShare() {
            return Math.max(least, Math.min(most, zoning.ownShare()));
        }
    }

    Level(Engine engine, Tier tier, double upTo, Pool pool, @Nullable Zones zones) {
        this.engine = engine;
        this.tier = tier;
        this.upTo = upTo;
        this.pool = pool;
        this.zones = zones;
    }

    boolean takes(double draw) {
        return draw < upTo;
    }

    boolean holds(Endpoint endpoint) {
        return endpoint.priority() == tier.priority();
    }

    /** The pool, if there is but one. */
    @Nullable
    Pool only() {
        return zones == null ? pool : null;
    }

    /** The pool of one call. */
    Pool draw(RandomGenerator random) {
        return zones == null || random.nextDouble() < zones.ownShare() ? pool : zones.others;
    }

    /** The pool of a call that has tried some: the one whose zones it has not tried, if there is one. */
    Pool elsewhere(Call call, RandomGenerator random) {
        if (zones == null || pool.hasTried(call) == zones.others.hasTried(call)) {
            return draw(random);
        }
        return pool.hasTried(call) ? zones.others : pool;
    }

    /** The pool that learns of calls to an endpoint. */
    Pool owner(Endpoint endpoint) {
        return zones == null || zones.zoning.isOwn(endpoint) ? pool : zones.others;
    }

    /** A pool with a replica that the call has not tried; null if there is none. */
    @Nullable
    Pool untried(Call call) {
        if (pool.hasUntried(call)) {
            return pool;
        }
        return zones != null && zones.others.hasUntried(call) ? zones.others : null;
    }

    boolean hasOthers(Call call, Replica last) {
        return pool.hasOthers(call, last) || (zones != null && zones.others.hasOthers(call, last));
    }

    Stream<Pool> pools() {
        return zones == null ? Stream.of(pool) : Stream.of(pool, zones.others);
    }

    /** All of the priority, whatever their zone, by consistent hashing. */
    Pool keyed() {
        Pool made = keyed;
        return made == null ? keyed(Optional.empty()) : made;
    }

    private Pool keyed(Optional<Selector> previous) {
        List<Candidate> all = List.copyOf(tier.candidates());
        Selector selector = Policy.consistentHash().selector(all, previous, engine.nanoTime(), engine.random());
        Pool made = new Pool(engine, tier.candidates(), tier.panic(), selector, null, null);
        keyed = made;
        return made;
    }

    /** Makes the pool of keyed calls from that of the same priority before: a table that has not changed is kept. */
    void keyedAs(Level[] before) {
        keyed(Arrays.stream(before)
                .filter(level -> level.tier.priority() == tier.priority())
                .flatMap(level -> Optional.ofNullable(level.keyed).stream())
                .map(Pool::selector)
                .findFirst());
    }

    boolean isKeyed() {
        return keyed != null;
    }

    /**
     * Whether one more call may be added to those of {@code replica} that ask for it: few may always, beyond that {@code bound} times as many as
     * the others have on average, by their weights, and so many more as chance adds. Of a long list some stand for all.
     */
    boolean hasRoom(Replica replica, double bound) {
        int inFlight = replica.inFlight();
        if (inFlight < FEW) {
            return true;
        }
        List<Replica> all = tier.candidates();
        int samples = Math.min(SAMPLES, all.size());
        double calls = 0;
        double weight = 0;
        for (int i = 0; i < samples; i++) {
            Replica other = all.get(samples == all.size() ? i : engine.random().nextInt(all.size()));
            if (other != replica) {
                calls += other.inFlight();
                weight += weight(other);
            }
        }
        double most = bound * calls * weight(replica) / weight;
        return weight == 0 || inFlight < most + SIGMAS * Math.sqrt(most);
    }

    /** What it is meant to carry, the ramp aside: one whose weight is 0 now keeps the calls that ask for it. */
    private static double weight(Replica replica) {
        double listed = Math.max(replica.weight(), replica.endpoint().weight());
        return listed == 0 ? 1 : listed;
    }

    // For people.

    /** Whether it gets calls; else it is there for those that have tried all others. */
    boolean isNeeded() {
        return tier.share() > 0;
    }

    Stream<Replica> members(boolean ofKeyed) {
        return ofKeyed ? tier.candidates().stream() : pools().flatMap(Pool::members);
    }

    /** What is special about a usable replica here, which is a member of a pool or not. */
    Optional<String> note(Replica replica, boolean ofKeyed, boolean member) {
        if (!isNeeded()) {
            return Optional.of("priority " + tier.priority() + " is not needed");
        }
        if (!member) {
            return Optional.of("not in this client's subset");
        }
        if (tier.share() < 1) {
            return Optional.of("priority %d gets %.0f %% of the calls".formatted(tier.priority(), tier.share() * 100));
        }
        return zones == null || ofKeyed ? Optional.empty() : Optional.of(ofZone(replica.endpoint(), zones));
    }

    private static String ofZone(Endpoint endpoint, Zones zones) {
        double own = zones.ownShare() * 100;
        return zones.zoning.isOwn(endpoint)
                ? "the own zone gets %.1f %% of the calls".formatted(own)
                : "other zones get %.1f %% of the calls".formatted(100 - own);
    }
}
