package io.evenkeel.policy;

import io.evenkeel.Call;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keyed choice, by stable endpoint id. Up to 64 replicas by weighted rendezvous hashing (moves no key without need); more
 * by a Maglev table (constant time, moves a few more).
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
            seeds = all.stream().mapToLong(c -> hash(c.endpoint().id())).toArray();
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

        private final int[] table;

        Maglev(List<Candidate> all) {
            super(all);
            table = fill(primeFrom(all.size() * 50));
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

        /** Replicas take turns, heavier ones more often, to claim the next free slot of their own permutation. */
        private int[] fill(int size) {
            int n = all.length;
            int[] slots = new int[size];
            Arrays.fill(slots, -1);
            long[] next = new long[n];
            long[] skip = new long[n];
            double[] credit = new double[n];
            double heaviest = 0;
            for (int i = 0; i < n; i++) {
                long seed = hash(all[i].endpoint().id());
                next[i] = Long.remainderUnsigned(seed, size);
                skip[i] = Long.remainderUnsigned(mix(seed + 1), size - 1) + 1;
                heaviest = Math.max(heaviest, weights[i]);
            }
            for (int filled = 0; filled < size; ) {
                for (int i = 0; i < n && filled < size; i++) {
                    credit[i] += weights[i] / heaviest;
                    if (credit[i] >= 1) {
                        credit[i]--;
                        while (slots[(int) next[i]] >= 0) {
                            next[i] = (next[i] + skip[i]) % size;
                        }
                        slots[(int) next[i]] = i;
                        filled++;
                    }
                }
            }
            return slots;
        }

        private static int primeFrom(int least) {
            return BigInteger.valueOf(least).nextProbablePrime().intValueExact();
        }
    }
}
