package io.evenkeel.policy;

import io.evenkeel.Endpoint;

/** What a policy may see of a replica. One object for as long as the replica is known. Threads: any. */
public interface Candidate {

    /** The endpoint as last listed. */
    Endpoint endpoint();

    /** Effective weight, above 0: configured or the operator's, times the ramp. */
    double weight();

    /** Calls begun here and not ended, bodies included. */
    int inFlight();

    /** The balancer's clock when a call last began here; any value before the first. */
    long lastStartedNanos();

    /** What {@link Policy#newState} made for this replica. */
    Object state();
}
