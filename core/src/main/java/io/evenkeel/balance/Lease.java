package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Permission to use one endpoint once. It has two ends: {@link #answered} (the answer came, or failed: stops the clock and
 * frees the breaker's trial) and {@link #complete} (its body ended, too: no longer in flight). A protocol whose answer comes
 * in one piece needs {@code complete} only, which implies {@code answered}. The first outcome counts, later ones are
 * ignored; a lease that is closed without one counts as {@link Outcome#IGNORED}.
 *
 * <p>Threads: any; the two ends may come from different ones.
 */
public class Lease implements AutoCloseable {

    private static final int OPEN = 0;
    private static final int ANSWERED = 1;
    private static final int DONE = 2;
    private static final VarHandle PHASE = phaseHandle();

    final Snapshot snapshot;
    private final Replica replica;
    private final long startNanos;
    private final int token;
    private volatile int phase;

    Lease(Snapshot snapshot, Replica replica, int token, long nowNanos) {
        this.snapshot = snapshot;
        this.replica = replica;
        this.token = token;
        this.startNanos = nowNanos;
    }

    /** Where to send. */
    public final Endpoint endpoint() {
        return replica.endpoint();
    }

    /** The answer came, or the attempt failed, while the call may go on (a body is still to come). */
    public final void answered(Outcome outcome) {
        long now = snapshot.nanoTime();
        if (PHASE.compareAndSet(this, OPEN, ANSWERED)) {
            snapshot.booked(replica.answered(outcome, now - startNanos, token));
            snapshot.tell(replica, outcome, now - startNanos, now);
        }
    }

    /** The call is over. After {@link #answered}, only a FAILURE (the body broke off) still says something. */
    public final void complete(Outcome outcome) {
        // The clock before the atomic change: reading it waits for all that came before.
        long now = phase == OPEN ? snapshot.nanoTime() : 0;
        int before = (int) PHASE.getAndSet(this, DONE);
        if (before == OPEN) {
            snapshot.booked(replica.answeredAndEnded(outcome, now - startNanos, token));
            snapshot.tell(replica, outcome, now - startNanos, now);
        } else if (before == ANSWERED) {
            replica.ended();
            snapshot.booked(outcome == Outcome.FAILURE && replica.bodyFailed());
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
        fail(error, outcome);
        return outcome;
    }

    final void fail(Throwable error, Outcome outcome) {
        if (outcome == Outcome.FAILURE) {
            snapshot.ranInto(replica, error);
        }
        complete(outcome);
    }

    /** Completes with {@link Outcome#IGNORED}, unless completed before. */
    @Override
    public final void close() {
        complete(Outcome.IGNORED);
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
