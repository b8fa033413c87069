package io.evenkeel.benchmarks.sim;

import io.evenkeel.Endpoint;
import io.evenkeel.policy.Candidate;

/** What a policy may see of a replica, when there is no balancer around it. */
final class BareCandidate implements Candidate {

    private final Origin origin;
    private final Object state;
    private int inFlight;
    private long lastStartedNanos;

    BareCandidate(Origin origin, Object state) {
        this.origin = origin;
        this.state = state;
    }

    Origin origin() {
        return origin;
    }

    void begin(long nowNanos) {
        inFlight++;
        lastStartedNanos += (nowNanos - lastStartedNanos) >> 4; // as the engine does
    }

    void end() {
        inFlight--;
    }

    @Override
    public Endpoint endpoint() {
        return origin.endpoint();
    }

    @Override
    public double weight() {
        return origin.endpoint().weight();
    }

    @Override
    public int inFlight() {
        return inFlight;
    }

    @Override
    public long lastStartedNanos() {
        return lastStartedNanos;
    }

    @Override
    public Object state() {
        return state;
    }
}
