package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Keyed choice, by stable endpoint id. Up to 64 replicas by weighted rendezvous hashing (moves no key without need); more
 * by a Maglev table (constant time, moves up to a hundredth of the keys without need). A list that grows past 64 replicas,
 * or past 1,000, or back, has every key placed anew.
 *
 * <p>Thaler, Ravishankar, Using Name-Based Mappings to Increase Hit Rates, 1998; Schindelhauer, Schomaker, Weighted
 * Distributed Hash Tables, 2005; Eisenbud et al., Maglev, NSDI 2016; bounded load: Mirrokni et al., 2016.
 */
abstract sealed class ConsistentHash implements Selector {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            return all.size() <= Rendezvous.MOST ? new Rendezvous(all) : new Maglev(all);
        }

        @Override
        public String name() {
            return "consistent hash";
        }
    };

    /** How far above its share of the calls in flight a replica may be, and still be given a key. */
    static final double BOUND = 1.25;

    /** Calls in flight that no replica is too busy for: of a few calls in all, a share is too small a number to go by. */
    static final int LEAST_BOUND = 4;

    final Candidate[] all;
    final double[] weights;
    final double weightSum;

    private ConsistentHash(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
        this.weights = all.stream().mapToDouble(Candidate::weight).toArray();
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        this.weightSum = sum;
    }

    @Override
    public final boolean needsTime() {
        return false;
    }

    @Override
    public final int select(Call call, long nowNanos, RandomGenerator random) {
        Optional<String> key = call.key();
        int index = place(key.isPresent() ? hash(key.get()) : random.nextLong(), call);
        return Untried.from(index, all, call);
    }

    /** The first choice for {@code hash} that is neither tried nor over its bound; the first choice if all are. */
    abstract int place(long hash, Call call);

    /** Whether replica {@code i} may take one more, when {@code inFlight} calls are spread over {@code weight}. */
    final boolean withinBound(int i, long inFlight, double weight) {
        return all[i].inFlight() < Math.max(LEAST_BOUND, Math.ceil(BOUND * (inFlight + 1) * weights[i] / weight));
    }

    static long[] seeds(Candidate[] all) {
        return Arrays.stream(all).mapToLong(c -> hash(c.endpoint().id())).toArray();
    }

    static long hash(String text) {
        long hash = 0xCBF2_9CE4_8422_2325L; // FNV-1a, then mixed: the low bits alone of FNV are poor
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x0000_0100_0000_01B3L;
        }
        return mix(hash);
    }

    /** Stafford's variant 13 of the MurmurHash3 finalizer. */
    static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    static final class Rendezvous extends ConsistentHash {

        static final int MOST = 64;

        private final long[] seeds;

        Rendezvous(List<Candidate> all) {
            super(all);
            seeds = seeds(this.all);
        }

        @Override
        int place(long hash, Call call) {
            long inFlight = 0;
            for (Candidate candidate : all) {
                inFlight += candidate.inFlight();
            }
            int best = -1;
            int bestOfAll = 0;
            double score = Double.NEGATIVE_INFINITY;
            double scoreOfAll = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < all.length; i++) {
                double s = score(hash, i);
                if (s > scoreOfAll) {
                    scoreOfAll = s;
                    bestOfAll = i;
                }
                if (s > score && withinBound(i, inFlight, weightSum) && !call.tried(all[i].endpoint())) {
                    score = s;
                    best = i;
                }
            }
            return best < 0 ? bestOfAll : best;
        }

        /** Logarithm of a uniform number in (0, 1), over the weight: the largest wins in proportion to the weights. */
        private double score(long hash, int i) {
            double uniform = ((mix(hash ^ seeds[i]) >>> 11) + 0.5) * 0x1p-53;
            return Math.log(uniform) / weights[i];
        }
    }

    static final class Maglev extends ConsistentHash {

        private static final int PROBES = 16;
        private static final int SAMPLES = 32;

        /**
         * Primes, at least 65 slots a replica up to 10,000. Were the table as long as the list asks for, a list that is one
         * longer would place every key anew.
         */
        private static final int SIZE = 65_537;

        private static final int LARGE_SIZE = 655_373;
        private static final int MOST_IN_SIZE = 1_000;

        private final int[] table;

        Maglev(List<Candidate> all) {
            super(all);
            table = fill(all.size() <= MOST_IN_SIZE ? SIZE : LARGE_SIZE);
        }

        @Override
        int place(long hash, Call call) {
            double sampledWeight = 0;
            long sampled = 0;
            for (int i = 0; i < SAMPLES; i++) {
                int sample = (int) Math.unsignedMultiplyHigh(mix(hash + i), all.length);
                sampled += all[sample].inFlight();
                sampledWeight += weights[sample];
            }
            int first = at(hash);
            for (int probe = 0, i = first; probe < PROBES; i = at(mix(hash + ++probe))) {
                if (withinBound(i, sampled, sampledWeight) && !call.tried(all[i].endpoint())) {
                    return i;
                }
            }
            return first;
        }

        private int at(long hash) {
            return table[(int) Math.unsignedMultiplyHigh(hash, table.length)];
        }

        /**
         * Replicas take turns, in an order that does not depend on the list's, to claim the next free slots of their own
         * permutation: on average one or two slots a turn, heavier ones more, a claim rounded being made up for in turns
         * to come.
         */
        private int[] fill(int size) {
            int n = all.length;
            long[] seeds = seeds(all);
            int[] turns = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.comparingLong(i -> seeds[i]))
                    .mapToInt(Integer::intValue)
                    .toArray();
            int[] next = new int[n];
            int[] skip = new int[n];
            double[] credit = new double[n];
            for (int i = 0; i < n; i++) {
                next[i] = (int) Long.remainderUnsigned(seeds[i], size);
                skip[i] = (int) Long.remainderUnsigned(mix(seeds[i] + 1), size - 1) + 1;
                credit[i] = 0.5;
            }
            double unit = unit(weightSum / n);
            int[] slots = new int[size];
            Arrays.fill(slots, -1);
            for (int filled = 0; filled < size; ) {
                for (int i : turns) {
                    for (credit[i] += weights[i] / unit; credit[i] >= 1 && filled < size; credit[i]--, filled++) {
                        while (slots[next[i]] >= 0) {
                            next[i] = (next[i] + skip[i]) % size;
                        }
                        slots[next[i]] = i;
                    }
                }
            }
            return slots;
        }

        /** The weight of a slot a turn: a power of two, which stays while the mean moves a little. */
        private static double unit(double meanWeight) {
            return Math.scalb(1.0, Math.getExponent(meanWeight * 1.4));
        }
    }
}
