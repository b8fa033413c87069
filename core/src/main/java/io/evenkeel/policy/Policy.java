package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How to choose among replicas. Implement it for a policy of your own.
 *
 * <p>Threads: both methods are called one at a time per balancer; an instance may be shared by several balancers.
 */
public interface Policy {

    /**
     * What the policy wants to remember of one replica. Kept by the replica over all lists, and handed back by
     * {@link Candidate#state()}; the default remembers nothing. A policy that wraps another passes this on.
     */
    default Object newState(Endpoint endpoint) {
        return endpoint;
    }

    /**
     * The choice made ready for one list.
     *
     * @param all the usable replicas, at least one; weights are above 0 and may be copied, since a change of any makes
     *     another selector
     * @param previous the selector that this one replaces, to carry a cursor over
     * @param nowNanos the balancer's clock
     * @param random for this call only, not to be kept
     */
    Selector selector(List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random);

    /**
     * Whether the order of the source's list means something to it: then it is handed all replicas of a priority, in that order,
     * and neither zones nor subsets ({@link io.evenkeel.Subset}) are made. By default it does not.
     */
    default boolean heedsOrder() {
        return false;
    }

    /** What {@code explain} calls the policy. */
    default String name() {
        return getClass().getSimpleName();
    }

    /**
     * Each in turn, heavier ones more often and evenly spread. Each balancer has an order and a start of its own, at random,
     * so that clients which start together do not move together. Order and cursor survive changes of the list.
     */
    static Policy roundRobin() {
        return RoundRobin.POLICY;
    }

    /**
     * The first of the list, in the source's order, while it is usable; else the next. Weights, and so ramps, do not count.
     * For a primary with standbys: every client sends the same replica everything. Zones and subsets do not count either.
     */
    static Policy pickFirst() {
        return PickFirst.POLICY;
    }

    /** At random, in proportion to the weights. */
    static Policy random() {
        return UniformRandom.POLICY;
    }

    /**
     * Of two distinct replicas drawn at random, in proportion to the weights, the one with the smaller (in flight + 1) /
     * weight; of equals the one that was used less lately.
     *
     * @see <a href="https://www.eecs.harvard.edu/~michaelm/postscripts/tpds2001.pdf">Mitzenmacher, The Power of Two
     *     Choices in Randomized Load Balancing, 2001</a>
     */
    static Policy leastRequest() {
        return LeastRequest.POLICY;
    }

    /**
     * As {@link #leastRequest()}, of more than two. More choices help a client that has many calls in flight, and few
     * replicas; a client that sees little of each replica's load gains nothing.
     *
     * @param choices distinct replicas to draw, 2 to 8; of a list that is no longer all are compared
     * @throws IllegalArgumentException if {@code choices} is not in this range
     */
    static Policy leastRequest(int choices) {
        return choices == 2 ? LeastRequest.POLICY : new LeastOfMany.Of(choices);
    }

    /**
     * Of two distinct replicas drawn at random, in proportion to the weights, the one with the smaller latency * (in
     * flight + 1) / weight, as Finagle and Linkerd choose: the latency is an average that jumps up to every peak and
     * decays over 10 s. A failure is charged with ten mean latencies, and the age of open calls counts, unless told
     * otherwise.
     *
     * @see <a href="https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/PeakEwma.scala">Finagle's
     *     PeakEwma</a>
     */
    static PeakEwma peakEwma() {
        return PeakEwma.DEFAULTS;
    }

    /**
     * Of two distinct replicas drawn at random, in proportion to the weights, and those that answered lately, the one
     * with the smallest expected latency times a power of the calls in flight. Sees replicas that are slow, hang, fail fast
     * or are new, from the latencies, failures and open calls of this client alone; heeds what replicas report, if
     * somebody {@linkplain Selector#reported tells}.
     */
    static Adaptive adaptive() {
        return Adaptive.DEFAULTS;
    }

    /**
     * By the call's key: equal keys go to the same replica, in proportion to the weights; by the endpoints' ids, so that
     * every client places a key alike. Adding or removing one of n moves about 1/n of the keys, and of more than 128 up to a
     * hundredth of all besides. A replica that has more than 1.25 times its share of the calls in flight, and more than
     * three of them, passes a key on to the next in the key's order; if all are busy the least busy takes it. A call without
     * a key goes anywhere. Every balancer places calls that have a key in this way, whatever its policy.
     *
     * @see <a href="https://research.google/pubs/maglev-a-fast-and-reliable-software-network-load-balancer/">Eisenbud et al.,
     *     Maglev, 2016</a>
     * @see <a href="https://arxiv.org/abs/1608.01350">Mirrokni, Thorup, Zadimoghaddam, Consistent Hashing with Bounded
     *     Loads, 2016</a>
     */
    static Policy consistentHash() {
        return ConsistentHash.POLICY;
    }
}
