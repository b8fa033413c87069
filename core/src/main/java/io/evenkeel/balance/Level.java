package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One priority of a snapshot. Immutable but for the pool of keyed calls, which is made when the first of them comes. */
final class Level {

    private final Engine engine;
    private final int priority;
    /** The part of all draws, from 0, that end here or before. */
    private final double upTo;

    private final List<Replica> whole;
    private final boolean panic;
    private final double share;
    private final Pool pool;
    /** Made by the first keyed call; should two make one, either will do. */
    private volatile @Nullable Pool keyed;

    Level(Engine engine, Tiers.Tier tier, double upTo, Pool pool) {
        this.engine = engine;
        this.priority = tier.priority();
        this.whole = tier.candidates();
        this.panic = tier.panic();
        this.share = tier.share();
        this.upTo = upTo;
        this.pool = pool;
    }

    boolean takes(double draw) {
        return draw < upTo;
    }

    boolean holds(Endpoint endpoint) {
        return endpoint.priority() == priority;
    }

    Pool pool() {
        return pool;
    }

    /** All of the priority, by consistent hashing. */
    Pool keyed() {
        Pool made = keyed;
        if (made == null) {
            List<Candidate> all = List.copyOf(whole);
            made = new Pool(
                    engine,
                    whole,
                    panic,
                    Policy.consistentHash().selector(all, Optional.empty(), engine.nanoTime(), engine.random()));
            keyed = made;
        }
        return made;
    }

    boolean isKeyed() {
        return keyed != null;
    }

    // For people.

    /** Whether it gets calls; else it is there for those that have tried all others. */
    boolean isNeeded() {
        return share > 0;
    }

    Stream<Replica> members(boolean ofKeyed) {
        return ofKeyed ? whole.stream() : pool.members();
    }

    Optional<String> note(Replica replica, boolean ofKeyed, boolean oneOfMany) {
        if (!isNeeded()) {
            return Optional.of("priority " + priority + " is not needed");
        }
        return oneOfMany && whole.contains(replica) && share < 1
                ? Optional.of("priority %d gets %.0f %% of the calls".formatted(priority, share * 100))
                : Optional.empty();
    }
}
