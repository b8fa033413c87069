package io.evenkeel.benchmarks.sim;

import io.evenkeel.Call;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Prequal: each call sends probes, whose answers (calls in flight, expected latency) wait in a small pool for later calls. Of
 * the pool the cold ones, those with few calls, are compared by latency, and if there are none the hot ones by calls.
 *
 * <p>With the settings of the paper's test bed: three probes a call, one answer removed a call, the oldest and the worst in
 * turn, 16 in the pool, hot above the 84th percentile of what probes found. Where 16 would be more than a third of the
 * replicas the pool is that third. Answers are used again as the paper's formula says, and forgotten after 13 mean works, what its second was
 * there. One for whom no answer is left chooses at random.
 *
 * @see <a href="https://www.usenix.org/conference/nsdi24/presentation/wydrowski">Wydrowski et al., Load is not what you
 *     should balance: Introducing Prequal, NSDI 2024</a>
 */
record Prequal(World world, int probes) implements Policy {

    private static final int POOL = 16;
    private static final double AGE_IN_WORKS = 13;
    private static final double HOT = 0.84;
    private static final int FINDINGS = 128;

    @Override
    public Selector selector(List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
        return new Pool(
                all.stream().map(candidate -> world.at(candidate.endpoint())).toArray(Origin[]::new));
    }

    /** What a probe found. */
    private static final class Found {
        private final Origin origin;
        private final long atNanos;
        private final double latency;
        private int calls;
        private int usesLeft;

        Found(Origin origin, long atNanos, int calls, double latency, int uses) {
            this.origin = origin;
            this.atNanos = atNanos;
            this.calls = calls;
            this.latency = latency;
            this.usesLeft = uses;
        }
    }

    private final class Pool implements Selector {

        private final Origin[] origins;
        private final long mostAgeNanos = (long) (AGE_IN_WORKS * world.workNanos());
        private final double uses;
        /** In the order of age. */
        private final Found[] pool;

        private int size;
        private boolean worstIsNext;
        /** How many calls the last probes found, and how often each number is among them. */
        private final int[] findings = new int[FINDINGS];

        private int[] counts = new int[64];
        private int found;

        Pool(Origin[] origins) {
            this.origins = origins;
            this.pool = new Found[Math.clamp(origins.length / 3, 2, POOL)];
            double inflow = (1 - (double) pool.length / origins.length) * probes - 1;
            this.uses = inflow > 0 ? Math.max(1, 2 / inflow) : POOL;
        }

        @Override
        public int select(Call call, long nowNanos, RandomGenerator random) {
            removeOld(nowNanos);
            int chosen = size < 2 ? random.nextInt(origins.length) : chosen();
            for (int probe = 0; probe < probes; probe++) {
                new Probe(origins[random.nextInt(origins.length)], random).go();
            }
            return chosen;
        }

        private void removeOld(long nowNanos) {
            while (size > 0 && nowNanos - pool[0].atNanos > mostAgeNanos) {
                remove(0);
            }
        }

        private int chosen() {
            int hotAbove = hotAbove();
            int best = 0;
            for (int i = 1; i < size; i++) {
                best = isWorse(pool[best], pool[i], hotAbove) ? i : best;
            }
            Found chosen = pool[best];
            for (int i = 0; i < size; i++) {
                pool[i].calls += pool[i].origin == chosen.origin ? 1 : 0;
            }
            if (--chosen.usesLeft == 0) {
                remove(best);
            }
            removeOne(hotAbove);
            return index(chosen.origin);
        }

        /** The oldest and the worst in turn. */
        private void removeOne(int hotAbove) {
            int which = 0;
            for (int i = 1; worstIsNext && i < size; i++) {
                which = isWorse(pool[i], pool[which], hotAbove) ? i : which;
            }
            worstIsNext = !worstIsNext;
            if (size > 0) {
                remove(which);
            }
        }

        private static boolean isWorse(Found one, Found other, int hotAbove) {
            boolean hot = one.calls > hotAbove;
            if (hot != other.calls > hotAbove) {
                return hot;
            }
            return hot ? one.calls > other.calls : one.latency > other.latency;
        }

        private int hotAbove() {
            int below = (int) (HOT * (Math.min(found, FINDINGS) - 1));
            int calls = 0;
            for (int sum = counts[0]; sum <= below; sum += counts[calls]) {
                calls++;
            }
            return calls;
        }

        private void remove(int which) {
            System.arraycopy(pool, which + 1, pool, which, --size - which);
        }

        private int index(Origin origin) {
            int guess = origin.number();
            return guess < origins.length && origins[guess] == origin
                    ? guess
                    : Arrays.asList(origins).indexOf(origin);
        }

        private void add(Found one) {
            if (size == pool.length) {
                remove(0);
            }
            pool[size++] = one;
            int place = found++ % FINDINGS;
            if (found > FINDINGS) {
                counts[findings[place]]--;
            }
            findings[place] = one.calls;
            if (one.calls >= counts.length) {
                counts = Arrays.copyOf(counts, 2 * one.calls);
            }
            counts[one.calls]++;
        }

        /** A message to an origin, and its answer. One that has stopped does not answer. */
        private final class Probe implements Event {

            private static final int THERE = 0;
            private static final int BACK = 1;
            private final Origin origin;
            private final RandomGenerator random;
            private int calls;
            private double latency;

            Probe(Origin origin, RandomGenerator random) {
                this.origin = origin;
                this.random = random;
            }

            void go() {
                world.countProbe();
                world.network().carry(this, THERE);
            }

            @Override
            public void happen(int what) {
                if (what == THERE && origin.condition().speed() > 0) {
                    calls = origin.load();
                    latency = origin.gauge().median(calls);
                    world.network().carry(this, BACK);
                } else if (what == BACK) {
                    int certain = (int) uses;
                    int perhaps = random.nextDouble() < uses - certain ? 1 : 0;
                    add(new Found(origin, world.time().now(), calls, latency, certain + perhaps));
                }
            }
        }
    }
}
