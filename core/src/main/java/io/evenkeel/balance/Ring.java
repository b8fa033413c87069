package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.Subset;
import io.evenkeel.policy.Candidate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;

/**
 * The order in which a client prefers replicas, and the slice of it that it uses. Pure.
 *
 * <p>The order is by a hash of the id: the same for all clients that know their place, so that their slices tile it, and one of the
 * client's own for each that does not. Replicas that cannot be used are stepped over, so that one that drops out brings in
 * the next and moves nobody else.
 */
final class Ring {

    private static final long INDEX = 0xFF_FFFFL;
    private static final double NOTHING = 1e-9;

    private Ring() {}

    /** A replica that is on the edge of a slice, with the part of its weight that is inside. */
    private record Edge(Replica replica, double part) implements Candidate {

        @Override
        public Endpoint endpoint() {
            return replica.endpoint();
        }

        @Override
        public double weight() {
            return replica.weight() * part;
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
        return candidate instanceof Edge edge ? edge.replica : (Replica) candidate;
    }

    /**
     * The candidates of a client.
     *
     * @param size how many replicas, if so many are usable
     * @param seed the client's own, for one that does not know its place
     */
    static List<Candidate> slice(List<Replica> inService, List<Replica> usable, Subset subset, int size, long seed) {
        List<Replica> order = order(inService, subset.isPlaced() ? 0 : seed);
        Predicate<Replica> mayBeUsed =
                usable.size() == inService.size() ? replica -> true : new HashSet<>(usable)::contains;
        double perClient = subset.isPlaced() ? order.size() / (double) subset.clients() : 1;
        double wanted = Math.min(order.size(), perClient * Math.ceil(size / perClient - NOTHING));
        double start = subset.isPlaced() ? subset.index() * perClient : 0;
        return walk(order, mayBeUsed, start, wanted);
    }

    private static List<Replica> order(List<Replica> replicas, long seed) {
        long[] keys = new long[replicas.size()];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (Hash.mix(replicas.get(i).hash() ^ seed) & ~INDEX) | i;
        }
        Arrays.sort(keys);
        return Arrays.stream(keys)
                .mapToObj(key -> replicas.get((int) (key & INDEX)))
                .toList();
    }

    /** From {@code start} on, until {@code wanted} of the usable have been passed, or all. */
    private static List<Candidate> walk(List<Replica> order, Predicate<Replica> usable, double start, double wanted) {
        List<Candidate> slice = new ArrayList<>();
        int n = order.size();
        int first = (int) start;
        double inside = Math.min(1 - (start - first), wanted);
        double left = wanted;
        for (int step = 0; step < n && left > NOTHING; step++) {
            Replica replica = order.get((first + step) % n);
            if (usable.test(replica)) {
                slice.add(inside > 1 - NOTHING ? replica : new Edge(replica, inside));
                left -= inside;
            }
            inside = Math.min(1, left);
        }
        return slice;
    }
}
