package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Our live record of one endpoint: it outlives lists and snapshots, and owns the numbers that calls change.
 *
 * <p>In flight and successes share one word, so that the end of a successful call is one atomic addition. Signals are how a
 * call, which takes no lock, tells {@link Updates} that something must change.
 */
final class Replica implements Candidate {

    /** Nobody is barred. */
    static final int OPEN_TO_ALL = 0;
    /** It is ejected or its breaker is open: only trials may begin, and calls in panic. */
    static final int OUT = 1;
    /** The operator, its weight or the list took it out of service: no call may begin. */
    static final int OUT_OF_SERVICE = 2;

    /** A connection was refused or timed out. */
    static final int REFUSED = 1;
    /** Too many failures in a row. */
    static final int FAILING = 2;
    /** The gate changed its state. */
    static final int GATE = 4;
    /** A probe got through. */
    static final int ACCEPTS = 8;

    private static final int SUCCESSES = 24;
    private static final long ONE_SUCCESS = 1L << SUCCESSES;
    private static final long IN_FLIGHT = ONE_SUCCESS - 1;

    private static final VarHandle WORD = handle("word", long.class);
    private static final VarHandle FAILURES = handle("failures", long.class);
    private static final VarHandle OVERLOADS = handle("overloads", long.class);
    private static final VarHandle IGNORED = handle("ignored", long.class);
    private static final VarHandle IN_A_ROW = handle("inARow", int.class);
    private static final VarHandle DRAINED = handle("drained", CompletableFuture.class);
    private static final VarHandle SIGNALS = handle("signals", int.class);

    private final String id;
    private final Object state;
    private final Gate gate;
    private final int mostInARow;

    /** Guarded by the lock of Updates. */
    final Standing standing;

    /** The operator's word: guarded by the lock of Updates. */
    private EndpointState admin = EndpointState.UP;
    /** The operator's weight, NaN if none: guarded by the lock of Updates. */
    private double operatorWeight = Double.NaN;
    /** Until when it is kept as a last resort, once it left the list: guarded by the lock of Updates. */
    private long resortUntilNanos;

    private volatile Endpoint endpoint;
    /** Written under the lock of Updates before a snapshot that holds it; read by selectors as they are made. */
    private volatile double weight;
    /** Which calls are barred, although an older snapshot may name this replica. Written under the lock of Updates. */
    private volatile int barred;

    private volatile long word;
    private volatile long failures;
    private volatile long overloads;
    private volatile long ignored;
    private volatile int inARow;
    private volatile int signals;
    private volatile @Nullable CompletableFuture<Void> drained;
    private volatile @Nullable Throwable lastError;
    /** A hint for ties: plain and racy. */
    private long lastStartedNanos;

    Replica(Endpoint endpoint, Object state, Gate gate, Standing standing, int mostInARow, long now) {
        this.id = endpoint.id();
        this.endpoint = endpoint;
        this.state = state;
        this.gate = gate;
        this.standing = standing;
        this.mostInARow = mostInARow;
        this.lastStartedNanos = now;
    }

    String id() {
        return id;
    }

    @Override
    public Endpoint endpoint() {
        return endpoint;
    }

    @Override
    public double weight() {
        return weight;
    }

    @Override
    public int inFlight() {
        return (int) (word & IN_FLIGHT);
    }

    @Override
    public long lastStartedNanos() {
        return lastStartedNanos;
    }

    @Override
    public Object state() {
        return state;
    }

    Gate gate() {
        return gate;
    }

    String scheme() {
        return endpoint.uri().getScheme().toLowerCase(Locale.ROOT);
    }

    // The path of calls.

    /**
     * Begins a call, unless it is barred. First counted, then checked: either the call sees the bar, or whoever put it up
     * sees the call in flight.
     */
    boolean tryStart(int tolerated, long now) {
        WORD.getAndAdd(this, 1L);
        if (barred > tolerated) {
            leave(-1);
            return false;
        }
        lastStartedNanos = now;
        return true;
    }

    /** Books how a call was answered, that goes on (its body does). True if an update is wanted. */
    boolean answered(Outcome outcome, long latencyNanos, int token) {
        boolean wanted = gate.leave(token, outcome, latencyNanos) && signal(GATE);
        return (outcome != Outcome.SUCCESS && count(outcome)) || wanted;
    }

    /** Books how a call was answered that ends with it. True if an update is wanted. */
    boolean answeredAndEnded(Outcome outcome, long latencyNanos, int token) {
        boolean wanted = gate.leave(token, outcome, latencyNanos) && signal(GATE);
        return ended(outcome) || wanted;
    }

    /** A call ends with an outcome that is not counted yet. True if an update is wanted. */
    boolean ended(Outcome outcome) {
        if (outcome == Outcome.SUCCESS) {
            leave(ONE_SUCCESS - 1);
            if (inARow != 0) {
                inARow = 0;
            }
            return false;
        }
        leave(-1);
        return count(outcome);
    }

    /** A call whose outcome was counted before has ended. */
    void ended() {
        leave(-1);
    }

    private void leave(long change) {
        long before = (long) WORD.getAndAdd(this, change);
        CompletableFuture<Void> waiting = drained;
        if (waiting != null && (before & IN_FLIGHT) == 1) {
            waiting.complete(null);
        }
    }

    private boolean count(Outcome outcome) {
        switch (outcome) {
            case FAILURE -> {
                FAILURES.getAndAdd(this, 1L);
                int row = (int) IN_A_ROW.getAndAdd(this, 1) + 1;
                return mostInARow > 0 && row >= mostInARow && signal(FAILING);
            }
            case OVERLOADED -> OVERLOADS.getAndAdd(this, 1L);
            case IGNORED -> IGNORED.getAndAdd(this, 1L);
            case SUCCESS -> throw new AssertionError("counted with the end of the call");
        }
        return false;
    }

    /** A call that was answered well ends with a body that breaks off: the breaker learns that it failed, too. */
    boolean bodyFailed() {
        boolean wanted = gate.leave(gate.enter(), Outcome.FAILURE, 0) && signal(GATE);
        return ended(Outcome.FAILURE) || wanted;
    }

    /** What an attempt ran into. True if an update is wanted. */
    boolean ranInto(Throwable error, boolean neverConnected) {
        lastError = error;
        return neverConnected && mostInARow > 0 && signal(REFUSED);
    }

    /** True if the signal was not up yet. */
    boolean signal(int bit) {
        return ((int) SIGNALS.getAndBitwiseOr(this, bit) & bit) == 0;
    }

    // The update pipeline, under its lock.

    int takeSignals() {
        return signals == 0 ? 0 : (int) SIGNALS.getAndSet(this, 0);
    }

    void relist(Endpoint listed) {
        endpoint = listed;
    }

    void bar(int which) {
        barred = which;
    }

    void barAsItStands() {
        barred = !isInService() ? OUT_OF_SERVICE : standing.isOut() ? OUT : OPEN_TO_ALL;
    }

    void weigh(long now) {
        weight = configuredWeight() * standing.share(now);
    }

    double configuredWeight() {
        return Double.isNaN(operatorWeight) ? endpoint.weight() : operatorWeight;
    }

    void operatorWeight(double value) {
        operatorWeight = value;
    }

    void forgetRow() {
        inARow = 0;
    }

    EndpointState admin() {
        return admin;
    }

    void admin(EndpointState word) {
        admin = word;
    }

    /** Whether the operator and the weight let it take calls. */
    boolean isInService() {
        return admin == EndpointState.UP && configuredWeight() > 0;
    }

    /** In service and not out. */
    boolean isUsable() {
        return isInService() && !standing.isOut();
    }

    // Not under the lock: these run what others hang on the future.

    /** Completes when the last call in flight has ended. */
    CompletableFuture<Void> drained() {
        CompletableFuture<Void> fresh = new CompletableFuture<>();
        CompletableFuture<Void> waiting = DRAINED.compareAndSet(this, null, fresh) ? fresh : drained;
        if (waiting == null) {
            return drained();
        }
        if (inFlight() == 0) {
            waiting.complete(null);
        }
        return waiting.copy();
    }

    /** In service again: nobody need wait. */
    void undrain() {
        CompletableFuture<Void> waiting = (CompletableFuture<Void>) DRAINED.getAndSet(this, null);
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    /** {@code what}, and the last error that a call ran into. */
    String lastErrorInWords(String what) {
        Throwable error = lastError;
        return error == null ? what : what + ": " + error;
    }

    long resortUntil() {
        return resortUntilNanos;
    }

    void resortUntil(long nanos) {
        resortUntilNanos = nanos;
    }

    EndpointState reportedState() {
        return admin == EndpointState.UP ? standing.state() : admin;
    }

    String reportedReason() {
        if (admin != EndpointState.UP) {
            return "by the operator";
        }
        return configuredWeight() == 0 ? "weight 0" : standing.reason();
    }

    EndpointStats stats(boolean departed) {
        return new EndpointStats(
                endpoint,
                departed ? EndpointState.DEPARTED : reportedState(),
                departed ? "no longer listed, kept as a last resort" : reportedReason(),
                weight,
                inFlight(),
                word >>> SUCCESSES,
                failures,
                overloads,
                ignored);
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Replica.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
