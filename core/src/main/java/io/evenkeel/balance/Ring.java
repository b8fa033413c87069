package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.Subset;
import io.evenkeel.policy.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * The slice of the replicas that a client uses. Pure.
 *
 * <p>Clients that know their place have one ring: replicas in the order of a hash of their ids, each as long as it is heavy. Their
 * slices are equally long, and tile it. One that does not know its place draws replicas by hashes of its own: a heavier one is
 * in more clients' slices, and there counts no more than the others, unless it is so heavy that it is in all.
 *
 * <p>Replicas that cannot be used are stepped over, so that one that drops out brings in the next and moves nobody else.
 */
final class Ring {

    private static final long INDEX = 0xFF_FFFFL;
    private static final double NOTHING = 1e-9;

    private Ring() {}

    /** A replica that has another weight in a slice than by itself. */
    private record Weighed(Replica replica, double factor) implements Candidate {

        @Override
        public Endpoint endpoint() {
            return replica.endpoint();
        }

        @Override
        public double weight() {
            return replica.weight() * factor;
        }

        @Override
        public int inFlight() {
            return replica.inFlight();
        }

        @Override
        public long lastStartedNanos() {
            return replica.lastStartedNanos();
        }

        @Override
        public Object state() {
            return replica.state();
        }
    }

    /** The replica that a candidate of a slice is. */
    static Replica replica(Candidate candidate) {
        return candidate instanceof Weighed weighed ? weighed.replica : (Replica) candidate;
    }

    private static Candidate weighed(Replica replica, double factor) {
        return Math.abs(factor - 1) < NOTHING ? replica : new Weighed(replica, factor);
    }

    /**
     * The candidates of a client.
     *
     * @param size how many replicas, if so many are usable; a client that knows its place may have more
     * @param seed the client's own, for one that does not know its place
     */
    static List<Candidate> slice(List<Replica> inService, List<Replica> usable, Subset subset, int size, long seed) {
        Predicate<Replica> mayBeUsed =
                usable.size() == inService.size() ? replica -> true : new HashSet<>(usable)::contains;
        return subset.isPlaced()
                ? tile(order(inService, replica -> Hash.mix(replica.hash())), mayBeUsed, subset, size)
                : drawn(inService, mayBeUsed, size, seed);
    }

    /** By the upper bits of their keys. */
    private static List<Replica> order(List<Replica> replicas, ToLongFunction<Replica> key) {
        long[] keys = new long[replicas.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (key.applyAsLong(replicas.get(i)) & ~INDEX) | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys)
                .mapToObj(ordered -> replicas.get((int) (ordered & INDEX)))
                .toList();
    }

    // Clients that know their place.

    /** From the client's place on, as far as the tiles of all clients reach, of those that are usable. */
    private static List<Candidate> tile(List<Replica> ring, Predicate<Replica> usable, Subset subset, int size) {
        double[] lengths = lengths(ring);
        double perClient = ring.size() / (double) subset.clients();
        double wanted = perClient * Math.ceil(longest(lengths, size) / perClient - NOTHING);
        if (wanted > ring.size() - NOTHING) {
            return List.copyOf(Eligibility.filter(ring, usable));
        }
        double start = subset.index() * perClient;
        int first = 0;
        while (lengths[first] - NOTHING <= start) {
            start -= lengths[first++];
        }
        List<Candidate> slice = new ArrayList<>();
        double left = wanted;
        double inside = lengths[first] - start;
        for (int step = 0, at = first; step < lengths.length && left > NOTHING; step++) {
            if (usable.test(ring.get(at))) {
                slice.add(weighed(ring.get(at), Math.min(inside, left) / lengths[at]));
                left -= inside;
            }
            at = at + 1 == lengths.length ? 0 : at + 1;
            inside = lengths[at];
        }
        return slice;
    }

    /** In proportion to the weights, 1 on average. */
    private static double[] lengths(List<Replica> ring) {
        double mean = Tiers.weight(ring) / ring.size();
        return ring.stream()
                .mapToDouble(replica -> replica.configuredWeight() / mean)
                .toArray();
    }

    /** The most that so many neighbours measure: a slice of that length holds no fewer. */
    private static double longest(double[] lengths, int neighbours) {
        double sum = 0;
        double most = 0;
        for (int i = 0; i < lengths.length + neighbours; i++) {
            sum += lengths[i % lengths.length];
            sum -= i < neighbours ? 0 : lengths[i - neighbours];
            most = Math.max(most, sum);
        }
        return most;
    }

    // Clients that do not.

    /**
     * A sample in which the chance of each is proportional to its weight, by Rosén's Pareto sampling with lasting random numbers:
     * whoever comes or goes moves next to nobody else. A weight in it is divided by the chance to be there.
     */
    private static List<Candidate> drawn(List<Replica> replicas, Predicate<Replica> usable, int size, long seed) {
        double certain = certain(replicas, size);
        List<Candidate> sample = new ArrayList<>();
        for (Replica replica : order(replicas, each -> rank(each, certain, seed))) {
            if (sample.size() < size && usable.test(replica)) {
                double factor = Math.max(1, certain / replica.configuredWeight());
                sample.add(certain == 0 ? replica : weighed(replica, factor));
            }
        }
        return sample;
    }

    /** Positive doubles are in the order of their bits. */
    private static long rank(Replica replica, double certain, long seed) {
        double draw = Hash.unit(Hash.mix(replica.hash() ^ seed));
        double chance = certain == 0 ? 0.5 : Math.min(1, replica.configuredWeight() / certain);
        return Double.doubleToRawLongBits(draw / (1 - draw) * ((1 - chance) / chance));
    }

    /** The weight from which on a replica is in every sample of this size; 0 if all weigh the same. */
    private static double certain(List<Replica> replicas, int size) {
        double[] weights =
                replicas.stream().mapToDouble(Replica::configuredWeight).toArray();
        if (Arrays.stream(weights).allMatch(weight -> weight == weights[0])) {
            return 0;
        }
        Arrays.sort(weights);
        double sum = Arrays.stream(weights).sum();
        int left = size;
        for (int i = weights.length - 1; left > 1 && weights[i] * left >= sum; i--, left--) {
            sum -= weights[i];
        }
        return sum / left;
    }
}
