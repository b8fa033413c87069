package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keyed choice, by stable endpoint id: a key has a home, and an order of others for when its home is busy or was tried. Both
 * depend on key, ids and weights alone, so every client finds the same. A list that grows past 128 replicas, or back, has
 * every key placed anew.
 *
 * <p>Bounded load: Mirrokni, Thorup, Zadimoghaddam, 2016.
 */
abstract sealed class ConsistentHash implements Selector permits Rendezvous, Maglev {

    static final Policy POLICY = new Policy() {
        @Override
        public Selector selector(List<Candidate> all, Optional<Selector> previous, long now, RandomGenerator random) {
            if (previous.orElse(null) instanceof ConsistentHash before && before.isOf(all)) {
                return before;
            }
            return all.size() <= Rendezvous.MOST ? new Rendezvous(all) : new Maglev(all);
        }

        @Override
        public String name() {
            return "consistent hash";
        }
    };

    /** How far above its share of the calls in flight a replica may be, and still be given a key. */
    private static final double BOUND = 1.25;

    /** Calls in flight that no replica is too busy for: of a few calls in all, a share is too small a number to go by. */
    private static final int LEAST_BOUND = 4;

    final Candidate[] all;
    final double[] weights;
    final double weightSum;

    ConsistentHash(List<Candidate> all) {
        this.all = all.toArray(Candidate[]::new);
        this.weights = Weights.of(all);
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        this.weightSum = sum;
    }

    private boolean isOf(List<Candidate> others) {
        return Arrays.equals(all, others.toArray()) && Arrays.equals(weights, Weights.of(others));
    }

    final long[] hashes() {
        return Arrays.stream(all).mapToLong(c -> hash(c.endpoint().id())).toArray();
    }

    @Override
    public final boolean needsTime() {
        return false;
    }

    @Override
    public final int select(Call call, long nowNanos, RandomGenerator random) {
        if (all.length == 0) {
            return -1;
        }
        Optional<String> key = call.key();
        long hash = key.isPresent() ? hash(key.get()) : random.nextLong();
        int home = home(hash);
        return all[home].inFlight() < LEAST_BOUND && !call.tried(all[home].endpoint())
                ? home
                : elsewhere(hash, call, home, random);
    }

    /** Where {@code hash} goes while there is room. */
    abstract int home(long hash);

    /**
     * The first choice for {@code hash}, home included, that is neither tried nor over its bound; if all that were asked are
     * over theirs, the least busy of them; -1 if all are tried.
     */
    abstract int elsewhere(long hash, Call call, int home, RandomGenerator random);

    /** Whether replica {@code i} may take one more, when {@code inFlight} calls are spread over {@code weight}. */
    final boolean withinBound(int i, long inFlight, double weight) {
        return all[i].inFlight() < Math.max(LEAST_BOUND, Math.ceil(BOUND * (inFlight + 1) * weights[i] / weight));
    }

    /** {@code b} if it is less busy for its weight than {@code a}, or if there is no {@code a}. */
    final int lessBusy(int a, int b) {
        return a < 0 || (all[b].inFlight() + 1.0) * weights[a] < (all[a].inFlight() + 1.0) * weights[b] ? b : a;
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
}
