package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.resilience.Attempts;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call: the lease on its endpoint, and whether another follows.
 *
 * <p>Threads: one at a time until it is answered; then as {@link Lease}.
 */
public final class Attempt extends Lease {

    /** "For ever", as a timeout. */
    public static final long UNBOUNDED = Attempts.UNBOUNDED;

    private final Call call;
    private final Attempts attempts;
    private boolean again;
    /** For how long the replica wants no other attempt. */
    private long pauseNanos;

    /** For {@link IdleBodies}: when a body that is being read was last touched, and the next in its slot. */
    volatile long touchedNanos;

    @Nullable
    Attempt nextIdle;

    Attempt(Snapshot snapshot, Replica replica, int token, long now, Call call, Attempts attempts) {
        super(snapshot, replica, token, now);
        this.call = call;
        this.attempts = attempts;
    }

    /** How long this attempt may take to be answered, in nanoseconds, or {@link #UNBOUNDED}. */
    public long timeoutNanos() {
        return attempts.timeoutNanos(call.isIdempotent(), startNanos);
    }

    /** Timers of others may be a little early. */
    @Override
    boolean isLate(Outcome outcome, long now) {
        return outcome == Outcome.FAILURE && now - startNanos >= timeoutNanos() / 100 * 95;
    }

    /** How long ago it began, in nanoseconds. */
    public long ageNanos() {
        return snapshot.nanoTime() - startNanos;
    }

    /** Which attempt of its call this is: 1 is the first. */
    public int number() {
        return attempts.number();
    }

    /**
     * Reports the answer, and asks whether another attempt follows.
     *
     * @param outcome what the answer says of the replica
     * @param repeatable whether the call may run again after this answer
     * @return true if another attempt follows: this one's answer is to be thrown away, and its result is not used
     */
    public boolean answered(Outcome outcome, boolean repeatable) {
        if (again) {
            return true;
        }
        answered(outcome);
        again = repeatable && mayGoOn();
        return again;
    }

    private boolean mayGoOn() {
        boolean elsewhere = hasOthers();
        return !snapshot.engine().brake().isOn()
                && attempts.again(
                        elsewhere,
                        elsewhere ? 0 : pauseNanos,
                        snapshot.nanoTime(),
                        snapshot.engine().random());
    }

    /** The same for an error; one that comes after an answer which is to be replaced changes nothing, unless it says that the
     * caller wants no other. */
    boolean failed(Throwable error, Exchange<?> exchange) {
        boolean interrupted = error instanceof InterruptedException;
        if (again && !interrupted) {
            close();
            return true;
        }
        Outcome outcome = Outcome.IGNORED;
        boolean neverConnected = false;
        boolean repeatable = false;
        try {
            outcome = requireNonNull(exchange.judge(error, this), "outcome");
            neverConnected = exchange.neverConnected(error, this);
            repeatable = !isDone() && !interrupted && exchange.mayRepeat(error, outcome, this);
        } catch (RuntimeException | Error e) {
            snapshot.engine().events().complain("exchange", e);
        }
        fail(error, outcome, neverConnected);
        again = repeatable && mayGoOn();
        return again;
    }

    /** Whether a replica is left that the call has not tried. */
    boolean hasOthers() {
        return snapshot.hasOthers(call, replica);
    }

    /**
     * Whether its endpoint stands in for the one that the call {@linkplain Call#withEndpoint asked for}, which is gone: not listed, or not to be used
     * now. False if that one is merely busy, or was tried before.
     */
    public boolean standsIn() {
        return call.endpoint().isPresent()
                && !call.endpoint().get().equals(replica.id())
                && snapshot.isGone(call.endpoint().get());
    }

    /** Another attempt waits for it, too, if there is nobody else to go to. */
    @Override
    public void pause(Duration length) {
        pauseNanos = Replica.inNanos(length);
        super.pause(length);
    }

    /** Whether another attempt follows, which replaces this one. */
    public boolean isRepeated() {
        return again;
    }

    /** What a status of HTTP says of the replica, by the balancer's {@link io.evenkeel.Outcomes}. */
    public Outcome ofStatus(int status) {
        return snapshot.engine().ofStatus(status);
    }

    Outcome classify(Throwable error) {
        return snapshot.engine().ofError(error);
    }

    boolean isIdempotent() {
        return call.isIdempotent();
    }

    /**
     * What is left of the body is the caller's to read: should it be abandoned, the attempt ends 60 s after it was last
     * {@linkplain #touch touched}. Does nothing if the attempt has ended.
     */
    public void endWhenAbandoned() {
        if (isDone()) {
            return;
        }
        touch();
        if (isAnswered()) {
            snapshot = snapshot.afterAnswer();
        }
        snapshot.engine().idleBodies().add(this);
    }

    /** The body moved. */
    public void touch() {
        touchedNanos = snapshot.nanoTime();
    }
}
