package io.evenkeel.policy;

import io.evenkeel.Endpoint;

/**
 * What a policy may see of a replica. One object for as long as the replica is known; but in the list of a client that uses a {@linkplain
 * io.evenkeel.Subset slice} of the replicas, those on its edges, of which only a part is its own, are objects made for that list. The
 * {@link #state()} is the same. Threads: any.
 */
public interface Candidate {

    /** The endpoint as last listed. */
    Endpoint endpoint();

    /** Effective weight, above 0: configured or the operator's, times the ramp. */
    double weight();

    /** Calls begun here and not ended, bodies included. */
    int inFlight();

    /**
     * When calls lately began here, by the balancer's clock: a mean in which the last one counts a sixteenth, and those before
     * it less and less. Of two replicas the one used more often has the later one. Before the first, any value.
     */
    long lastStartedNanos();

    /** What {@link Policy#newState} made for this replica. */
    Object state();
}
