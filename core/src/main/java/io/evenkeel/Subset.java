package io.evenkeel;

import java.util.Optional;

/**
 * How many of many replicas one client uses, so that not every client connects to all of them: in effect where more than twice
 * {@code size} are in service, in each priority and zone by itself. An unusable replica of the subset is stood in for by the next. The
 * size doubles while twice the calls in flight do not fit. Calls with a key use all replicas.
 *
 * <p>A client that knows its place among all clients takes a slice of a ring of replicas ({@link #ofClient}), so wide that the slices
 * of all clients cover every replica by its weight, with parts of a weight at its edges, and hold {@code size} replicas or, where weights
 * are unequal, more; else each draws {@code size} at random, heavier ones more often, by a hash of their ids (rendezvous). A
 * replica that comes or goes so changes at most one of the subset, or now and then two if weights are unequal.
 *
 * @param size replicas in use, 12 to 10,000, default 20; 0 means all
 * @param index the client's place among all, 0 to {@code clients - 1}
 * @param clients how many clients there are, at most 1,000,000; 0 if that is not known
 * @param client what this client draws its subset by, so that it draws the same after a restart; by default a number of its own
 * @see <a href="https://twitter.github.io/finagle/guide/ApertureLoadBalancers.html">Finagle, Aperture load balancers</a>
 */
public record Subset(int size, int index, int clients, Optional<String> client) {

    private static final int LEAST = 12;
    private static final int MOST = 10_000;
    private static final int MOST_CLIENTS = 1_000_000;
    private static final Subset DEFAULTS = new Subset(20, 0, 0, Optional.empty());
    private static final Subset OFF = new Subset(0, 0, 0, Optional.empty());

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Subset {
        if (size != 0) {
            Check.range("size", size, LEAST, MOST);
        }
        Check.range("clients", clients, 0, MOST_CLIENTS);
        Check.range("index", index, 0, Math.max(0, clients - 1));
    }

    /** The default above, for a client that does not know its place. */
    public static Subset defaults() {
        return DEFAULTS;
    }

    /** The default size, for client number {@code index}, 0 to {@code clients - 1}, of {@code clients}, at least 1. */
    public static Subset ofClient(int index, int clients) {
        return new Subset(DEFAULTS.size, index, Check.range("clients", clients, 1, MOST_CLIENTS), Optional.empty());
    }

    /** Every client uses all replicas. */
    public static Subset off() {
        return OFF;
    }

    /** A copy with another size, 12 to 10,000. */
    public Subset withSize(int size) {
        return new Subset(Check.range("size", size, LEAST, MOST), index, clients, client);
    }

    /**
     * A copy that draws by this client's name, such as its host's, and so draws the same replicas after a restart. Each client must have another.
     *
     * @throws IllegalArgumentException if {@code client} is blank
     */
    public Subset withClient(String client) {
        return new Subset(size, index, clients, Optional.of(Check.notBlank("client", client)));
    }

    /** Whether all replicas are used. */
    public boolean isOff() {
        return size == 0;
    }

    /** Whether the client's place among all is known. */
    public boolean isPlaced() {
        return clients > 0;
    }
}
