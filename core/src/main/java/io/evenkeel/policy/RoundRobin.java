package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Each in turn. With equal weights the cursor is the turn. With unequal weights the cursor, times the golden ratio, is a
 * low-discrepancy sequence that reads the weighted table: constant time whatever the weights (a static stride takes as
 * many steps as the heaviest weight is above the mean), and shares as even as their fractions allow.
 */
final class RoundRobin implements Selector {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            AtomicLong cursor = previous.orElse(null) instanceof RoundRobin before
                    ? before.cursor
                    : new AtomicLong(random.nextLong());
            return new RoundRobin(all, cursor);
        }

        @Override
        public String name() {
            return "round robin";
        }
    };

    /** 2^64 divided by the golden ratio, odd. */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    private final Candidate[] all;
    private final Draw draw;
    private final AtomicLong cursor;

    RoundRobin(List<Candidate> all, AtomicLong cursor) {
        this.all = all.toArray(Candidate[]::new);
        this.draw = Draw.of(all);
        this.cursor = cursor;
    }

    @Override
    public boolean needsTime() {
        return false;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        long turn = cursor.getAndIncrement();
        int index = draw.isUniform() ? (int) Math.floorMod(turn, (long) all.length) : draw.at(turn * GOLDEN);
        return Untried.from(index, all, call);
    }
}
