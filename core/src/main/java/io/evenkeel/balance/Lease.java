package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.resilience.Unsent;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

/**
 * Permission to use one endpoint once. It has two ends: {@link #answered} (the answer came, or failed: stops the clock and
 * frees the breaker's trial) and {@link #complete} (its body ended, too: no longer in flight). A protocol whose answer comes
 * in one piece needs {@code complete} only, which implies {@code answered}. What is said first counts; a lease that is
 * closed without a word counts as {@link Outcome#IGNORED}.
 *
 * <p>Threads: any; the two ends may come from different ones.
 */
public class Lease implements AutoCloseable {

    private static final int OPEN = 0;
    /** Answered well: counts as a success if its body ends well, too. */
    private static final int WELL = 1;
    /** Answered, and counted. */
    private static final int COUNTED = 2;

    private static final int DONE = 3;
    private static final VarHandle PHASE = phaseHandle();

    /** What it was taken from; plain, for either will do once the answer has been told. */
    Snapshot snapshot;

    final Replica replica;
    /** As it was then: a list may change the replica's. */
    private final Endpoint endpoint;

    final long startNanos;
    private final int token;
    private volatile int phase;

    Lease(Snapshot snapshot, Replica replica, int token, long nowNanos) {
        this.snapshot = snapshot;
        this.replica = replica;
        this.endpoint = replica.endpoint();
        this.token = token;
        this.startNanos = nowNanos;
    }

    /** Where to send. */
    public final Endpoint endpoint() {
        return endpoint;
    }

    /** The answer came, or the attempt failed, while the call may go on (a body is still to come). */
    public final void answered(Outcome outcome) {
        requireNonNull(outcome, "outcome");
        Snapshot whole = snapshot; // from now on another thread may put an empty one there
        long now = whole.nanoTime();
        if (PHASE.compareAndSet(this, OPEN, outcome == Outcome.SUCCESS ? WELL : COUNTED)) {
            int limit = replica.limit();
            whole.booked(replica.answered(outcome, startNanos, now - startNanos, token));
            if (replica.limit() > limit) {
                whole.engine().madeRoom();
            }
            whole.tell(replica, endpoint, outcome, now - startNanos, isLate(outcome, now), now);
        }
    }

    /** The call is over. After {@code answered(SUCCESS)}, a FAILURE (the body broke off) makes it a failure after all; any
     * other outcome then changes nothing. */
    public final void complete(Outcome outcome) {
        requireNonNull(outcome, "outcome");
        Snapshot whole = snapshot;
        // The clock before the atomic change: reading it waits for all that came before.
        long now = phase == OPEN ? whole.nanoTime() : 0;
        int before = (int) PHASE.getAndSet(this, DONE);
        if (before == OPEN) {
            whole.booked(replica.answeredAndEnded(outcome, startNanos, now - startNanos, token));
            whole.tell(replica, endpoint, outcome, now - startNanos, isLate(outcome, now), now);
        } else if (before == WELL) {
            endBody(outcome == Outcome.FAILURE);
        } else if (before == COUNTED) {
            replica.ended();
        }
        whole.engine().madeRoom();
    }

    private void endBody(boolean brokeOff) {
        if (brokeOff) {
            snapshot.booked(replica.bodyFailed(startNanos, token));
            snapshot.brokeOff(replica, endpoint);
        } else {
            snapshot.booked(replica.ended(Outcome.SUCCESS, startNanos));
        }
    }

    /**
     * The call ended with an error: completes the lease with what the balancer's {@link io.evenkeel.Outcomes} say of it,
     * and takes a replica to which no connection came about out at once.
     *
     * @return what it says of the replica
     */
    public final Outcome fail(Throwable error) {
        Outcome outcome = snapshot.engine().ofError(error);
        fail(error, outcome, Unsent.neverConnected(error));
        return outcome;
    }

    final void fail(Throwable error, Outcome outcome, boolean neverConnected) {
        if (outcome == Outcome.FAILURE && phase != DONE) {
            snapshot.ranInto(replica, error, neverConnected);
        }
        complete(outcome);
    }

    /**
     * The replica said, with its answer, how busy it is, which a policy may heed: {@link
     * io.evenkeel.policy.Adaptive} does. May be told before the lease is completed or after. What is out of range is
     * ignored, and counted: {@link io.evenkeel.BalancerStats#malformedReports}.
     *
     * @param inFlight calls that the replica has in flight, of all its clients, without this one: 0 to 1e9
     * @param latencyNanos the latency that one more call has to expect there, in nanoseconds: more than 0, at most 1e15; NaN
     *     if it did not say
     */
    public final void reported(double inFlight, double latencyNanos) {
        snapshot.reported(replica, inFlight, latencyNanos);
    }

    /**
     * The replica asked for no calls for so long, 0 or more: it gets none until then, at most for as long as the longest ejection, and
     * returns by a ramp; unless too many are out already. May be told before the lease is completed or after.
     */
    public void pause(Duration length) {
        snapshot.booked(replica.asksForPause(length));
    }

    /**
     * The replica said that it is going away, or would like fewer calls: it gets a tenth of its share until 10 s after it said so
     * last. May be told before the lease is completed or after.
     */
    public final void leaving() {
        Snapshot whole = snapshot;
        whole.booked(replica.leaves(whole.nanoTime()));
    }

    /**
     * Whether the replica closes the connection after this answer: as {@link #leaving}, if it did so with the last three, and for 200 ms, and
     * did not always.
     */
    public final void closing(boolean closes) {
        Snapshot whole = snapshot;
        long now = whole.nanoTime();
        if (replica.closes(closes, now)) {
            whole.booked(replica.leaves(now));
        }
    }

    /** Completes with {@link Outcome#IGNORED}, unless completed before. */
    @Override
    public final void close() {
        complete(Outcome.IGNORED);
    }

    /** Whether an attempt that ends so does since no answer had come in time. */
    boolean isLate(Outcome outcome, long now) {
        return false;
    }

    final boolean isAnswered() {
        return phase != OPEN;
    }

    final boolean isDone() {
        return phase == DONE;
    }

    @Override
    public String toString() {
        return "Lease[" + replica.id() + "]";
    }

    private static VarHandle phaseHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Lease.class, "phase", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
