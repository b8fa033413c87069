package io.evenkeel;

import static java.util.Objects.requireNonNull;

/**
 * How many calls of this client a replica may have in flight at once, bodies included. One that has as many is passed over; where
 * all have, a call fails at once with {@link OverloadedException}, or if there is a queue, waits for one that ends.
 *
 * <p>The queue is bounded, since one that grows without end would answer nobody in time, and nobody waits in it beyond its deadline, or 5 s. Calls
 * of the highest {@linkplain Call#withPriority priority} go first, of equals the one that has waited longest, or once one has waited for 100 ms,
 * the one that came last. A call that finds it full takes the place of one of lower priority, or fails.
 *
 * @param inFlight calls for each replica, 1 to 1,000,000, or the most where the limit adapts itself; 0 means that there is no limit,
 *     the default
 * @param kind how the limit comes about
 * @param queue how many calls of a balancer may wait, 0 to 1,000,000, default 0
 * @param dryRun whether calls beyond the limit are let in all the same, and only counted: {@link EndpointStats#turnedAway()}; default false
 */
public record Limit(int inFlight, Kind kind, int queue, boolean dryRun) {

    /** How a limit comes about. */
    public enum Kind {
        /** As it was set. */
        FIXED,
        /** Up by one while all goes well and it is used; down by a tenth when a call fails or is refused as too much (as TCP's). */
        AIMD,
        /**
         * As far as latencies stay near their long mean; down with them when they rise, and by a tenth when a call is refused as too much
         * (Netflix, concurrency-limits, Gradient2).
         */
        GRADIENT
    }

    private static final int MOST = 1_000_000;
    private static final int MOST_ADAPTED = 1_000;
    private static final Limit OFF = new Limit(0, Kind.FIXED, 0, false);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Limit {
        Check.range("inFlight", inFlight, 0, MOST);
        requireNonNull(kind, "kind");
        Check.range("queue", queue, 0, MOST);
        if (queue > 0 && inFlight == 0) {
            throw new IllegalArgumentException(
                    "queue is " + queue + ", but without a limit nobody waits: set a limit, too");
        }
    }

    /** At most so many calls in flight at each replica, 1 to 1,000,000. */
    public static Limit perReplica(int inFlight) {
        return new Limit(Check.range("inFlight", inFlight, 1, MOST), Kind.FIXED, 0, false);
    }

    /** As many as each replica can take, up to 1,000: as {@link Kind#GRADIENT} says. */
    public static Limit adaptive() {
        return new Limit(MOST_ADAPTED, Kind.GRADIENT, 0, false);
    }

    /** As many as each replica can take, up to 1,000: as {@link Kind#AIMD} says. */
    public static Limit aimd() {
        return new Limit(MOST_ADAPTED, Kind.AIMD, 0, false);
    }

    /** A copy in which so many calls may wait, 0 to 1,000,000. */
    public Limit withQueue(int queue) {
        return new Limit(inFlight, kind, queue, dryRun);
    }

    /** A copy that only counts the calls that it would turn away. */
    public Limit withDryRun(boolean dryRun) {
        return new Limit(inFlight, kind, queue, dryRun);
    }

    /** As many as come. */
    public static Limit off() {
        return OFF;
    }

    /** Whether there is none. */
    public boolean isOff() {
        return inFlight == 0;
    }
}
