package io.evenkeel;

/**
 * How many calls of this client a replica may have in flight at once, bodies included. One that has as many is passed over; where
 * all have, a call fails at once with {@link OverloadedException}: a queue that grows without end would answer nobody in
 * time.
 *
 * @param inFlight calls for each replica, 1 to 1,000,000; 0 means that there is no limit, the default
 */
public record Limit(int inFlight) {

    private static final int MOST = 1_000_000;
    private static final Limit OFF = new Limit(0);

    /** Checks the number.
     *
     * @throws IllegalArgumentException if it is out of its range, naming it */
    public Limit {
        Check.range("inFlight", inFlight, 0, MOST);
    }

    /** At most so many calls in flight at each replica, 1 to 1,000,000. */
    public static Limit perReplica(int inFlight) {
        return new Limit(Check.range("inFlight", inFlight, 1, MOST));
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
