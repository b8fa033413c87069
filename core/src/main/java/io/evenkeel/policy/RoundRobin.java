package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Each in turn, in an order of this balancer's own: by a hash of id and seed, so that a change of the list moves nobody else.
 * With equal weights the cursor is the turn. With unequal weights the cursor, times the golden ratio, is a low-discrepancy
 * sequence that reads the weighted table: constant time whatever the weights (a static stride takes as many steps as the
 * heaviest weight is above the mean), and shares as even as their fractions allow.
 */
final class RoundRobin implements Selector {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            Turns turns = previous.orElse(null) instanceof RoundRobin before
                    ? before.turns
                    : new Turns(new AtomicLong(random.nextLong()), random.nextLong());
            return new RoundRobin(all, turns);
        }

        @Override
        public String name() {
            return "round robin";
        }
    };

    /** 2^64 divided by the golden ratio, odd. */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private static final long LOW = 0xFFFF_FFFFL;

    /** What outlives a list. */
    record Turns(AtomicLong cursor, long seed) {}

    private final Turns turns;
    /** For each place in this balancer's order, the index in the list. */
    private final int[] order;

    private final Candidate[] ordered;
    private final Draw draw;

    RoundRobin(List<Candidate> all, Turns turns) {
        this.turns = turns;
        this.order = order(all, turns.seed);
        this.ordered = Arrays.stream(order).mapToObj(all::get).toArray(Candidate[]::new);
        this.draw = Draw.of(List.of(ordered));
    }

    private static int[] order(List<Candidate> all, long seed) {
        long[] keys = new long[all.size()];
        for (int i = 0; i < keys.length; i++) {
            long hash = ConsistentHash.mix(all.get(i).endpoint().id().hashCode() ^ seed);
            keys[i] = (hash & ~LOW) | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys).mapToInt(key -> (int) key).toArray();
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        long turn = turns.cursor.getAndIncrement();
        if (order.length == 0) {
            return -1;
        }
        int place = draw.isUniform() ? (int) Math.floorMod(turn, (long) order.length) : draw.at(turn * GOLDEN);
        int untried = Untried.from(place, ordered, call);
        return untried < 0 ? -1 : order[untried];
    }
}
