package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Limit;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
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
    /** Its weight is 0: only calls that ask for it may begin. */
    static final int OPEN_TO_PINNED = 2;
    /** The operator or the list took it out of service: no call may begin. */
    static final int OUT_OF_SERVICE = 3;

    /** A connection was refused or timed out. */
    static final int REFUSED = 1;
    /** Too many failures in a row. */
    static final int FAILING = 2;
    /** The gate changed its state. */
    static final int GATE = 4;
    /** A probe got through. */
    static final int ACCEPTS = 8;
    /** It fails more often than the others. */
    static final int FAILING_MORE = 16;
    /** It takes much longer than the others. */
    static final int SLOW = 32;
    /** It asked for a pause. */
    static final int PAUSE = 64;
    /** It said that it goes away. */
    static final int LEAVES = 128;
    /** Its calls are to be compared with the others', now and then; stays up while they are. */
    static final int WATCH = 256;
    /** A probe found nobody. */
    static final int NOBODY_THERE = 512;

    /** Answers in a row after which it closes the connection that say that it goes away, and for how long. */
    private static final int MANY_CLOSED = 3;

    /** Connections that were opened together end together where a server ends each after so many requests. */
    private static final long CLOSED_FOR_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    /** It is told once in this time that it goes away. */
    private static final long LEAVES_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    /** As a number of closed connections: none was ever kept. */
    private static final int NEVER_KEPT = -1;

    private static final int TURNED_AWAY = 3;
    private static final int UNLIMITED = Integer.MAX_VALUE;
    private static final int SUCCESSES = 24;
    private static final long ONE_SUCCESS = 1L << SUCCESSES;
    private static final long IN_FLIGHT = ONE_SUCCESS - 1;

    private static final VarHandle WORD = handle("word", long.class);
    private static final VarHandle IN_A_ROW = handle("inARow", int.class);
    private static final VarHandle DRAINED = handle("drained", CompletableFuture.class);
    private static final VarHandle SIGNALS = handle("signals", int.class);

    private static final Duration LONGEST = Duration.ofDays(1);

    /** The last start counts a sixteenth: whoever was used more often lately, not by chance just now, is spared. */
    private static final int STARTS = 4;

    // What every call touches comes first and is kept small: a cache line or two.

    private volatile long word;
    /** A hint for ties: plain and racy. */
    private long lastStartedNanos;
    /** Which calls are barred, although an older snapshot may name this replica. Written under the lock of Updates. */
    private volatile int barred;

    private volatile int inARow;
    private volatile int signals;
    private final Gate gate;
    private volatile @Nullable CompletableFuture<Void> drained;
    private volatile Endpoint endpoint;
    private final Object state;
    /** Calls in flight beyond which none begins. Plain: a call may go by the one before. */
    private int limit;
    /** Finds the limit; null where it is fixed. */
    private final @Nullable Cap cap;
    /** Whether the limit is only looked at. */
    private final boolean dryRun;

    /** Written under the lock of Updates before a snapshot that holds it; read by selectors as they are made. */
    private volatile double weight;

    private final String id;
    private final long hash;
    private String scheme;
    private int priority;
    /** Which calls its standing bars, as it was last settled. Guarded by the lock of Updates. */
    private int due = OUT_OF_SERVICE;
    /** Failures, overloads, ignored, and calls beyond the limit. */
    private final AtomicLongArray counts = new AtomicLongArray(TURNED_AWAY + 1);

    private final Conduct conduct = new Conduct();
    /** The pause that it asked for last. */
    private volatile long pauseNanos;
    /** Answers in a row that closed the connection, and since when: plain and racy. */
    private int closed = NEVER_KEPT;

    private long closedSince;
    private boolean leaves;
    private long leavesSince;

    /** When it came back last, or was made. */
    private volatile long backNanos;

    private volatile @Nullable Throwable lastError;
    /** Guarded by the lock of Updates. */
    final Standing standing;
    /** Guarded by the lock of Updates; null where there are no health checks. */
    private final @Nullable Checked checked;

    Replica(
            Endpoint endpoint,
            Object state,
            Gate gate,
            Standing standing,
            @Nullable Checked checked,
            Limit limit,
            long now) {
        this.id = endpoint.id();
        this.hash = Hash.of(id);
        this.scheme = scheme(endpoint).intern();
        this.priority = endpoint.priority();
        this.endpoint = endpoint;
        this.state = state;
        this.gate = gate;
        this.standing = standing;
        this.checked = checked;
        this.cap = limit.isOff() || limit.kind() == Limit.Kind.FIXED ? null : new Cap(limit);
        this.dryRun = limit.dryRun();
        this.limit = cap != null ? cap.limit() : limit.isOff() ? UNLIMITED : limit.inFlight();
        this.lastStartedNanos = now;
        this.backNanos = now;
    }

    String id() {
        return id;
    }

    /** Of its id: the same for every client. */
    long hash() {
        return hash;
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

    /** In lower case; equal ones are the same object. The same for as long as there is the replica. */
    String scheme() {
        return scheme;
    }

    /** That of its endpoint, nearer at hand. Under the lock of Updates. */
    int priority() {
        return priority;
    }

    static String scheme(Endpoint endpoint) {
        return endpoint.uri().getScheme().toLowerCase(Locale.ROOT);
    }

    // The path of calls.

    /**
     * Begins a call, unless it is barred, or the limit is reached. First counted, then checked: either the call sees the bar, or
     * whoever put it up sees the call in flight.
     */
    boolean tryStart(int tolerated, long now) {
        if (limit == UNLIMITED) {
            WORD.getAndAdd(this, 1L);
        } else if (!tryTakePlace()) {
            return false;
        }
        if (barred > tolerated) {
            leave(-1);
            return false;
        }
        lastStartedNanos += (now - lastStartedNanos) >> STARTS;
        return true;
    }

    /** Which calls may not begin. */
    int barred() {
        return barred;
    }

    /** Counted only if there is a place: else who tries in vain would hide, for a moment, one that becomes free, and nobody would tell those who wait. */
    private boolean tryTakePlace() {
        long before;
        do {
            before = word;
            if ((before & IN_FLIGHT) >= limit && !dryRun) {
                counts.getAndIncrement(TURNED_AWAY);
                return false;
            }
        } while (!WORD.compareAndSet(this, before, before + 1));
        if ((before & IN_FLIGHT) >= limit) {
            counts.getAndIncrement(TURNED_AWAY);
        }
        return true;
    }

    /** How many calls it may have in flight now. */
    int limit() {
        return limit;
    }

    /** Whether it has as many calls in flight as it may. */
    boolean isFull() {
        return inFlight() >= limit;
    }

    /** Books how a call was answered, that goes on (its body does). True if an update is wanted. */
    boolean answered(Outcome outcome, long startNanos, long latencyNanos, int token) {
        boolean wanted = gate.leave(token, outcome, latencyNanos) && signal(GATE);
        if (cap != null) {
            adapt(cap, outcome, latencyNanos);
        }
        return (outcome == Outcome.SUCCESS ? isToBeLookedAt(latencyNanos) : count(outcome, startNanos)) || wanted;
    }

    /** Books how a call was answered that ends with it. True if an update is wanted. */
    boolean answeredAndEnded(Outcome outcome, long startNanos, long latencyNanos, int token) {
        boolean wanted = gate.leave(token, outcome, latencyNanos) && signal(GATE);
        if (cap != null) {
            adapt(cap, outcome, latencyNanos);
        }
        wanted |= outcome == Outcome.SUCCESS && isToBeLookedAt(latencyNanos);
        return ended(outcome, startNanos) || wanted;
    }

    private boolean isToBeLookedAt(long latencyNanos) {
        return conduct.answered(latencyNanos) && standing.isCompared() && signal(WATCH);
    }

    private void adapt(Cap own, Outcome outcome, long latencyNanos) {
        own.answered(outcome, latencyNanos, inFlight());
        int now = own.limit();
        if (limit != now) {
            limit = now;
        }
    }

    /** A call ends with an outcome that is not counted yet. True if an update is wanted. */
    boolean ended(Outcome outcome, long startNanos) {
        if (outcome == Outcome.SUCCESS) {
            leave(ONE_SUCCESS - 1);
            if (inARow != 0) {
                inARow = 0;
            }
            return false;
        }
        // Counted first: whoever sees that nothing is in flight any more finds every call counted.
        boolean wanted = count(outcome, startNanos);
        leave(-1);
        return wanted;
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

    private boolean count(Outcome outcome, long startNanos) {
        counts.getAndIncrement(slot(outcome));
        if (outcome != Outcome.FAILURE) {
            return false;
        }
        boolean failing = startNanos - backNanos >= 0 && isTooManyInARow() && signal(FAILING);
        boolean watch = standing.isCompared() && signal(WATCH);
        return failing || watch;
    }

    /** Not asked of calls that began before it came back: they say nothing of how it is now. */
    private boolean isTooManyInARow() {
        return standing.isTooLong((int) IN_A_ROW.getAndAdd(this, 1) + 1);
    }

    private static int slot(Outcome outcome) {
        return switch (outcome) {
            case FAILURE -> 0;
            case OVERLOADED -> 1;
            case IGNORED -> 2;
            case SUCCESS -> throw new AssertionError("successes are counted in the word");
        };
    }

    /** A call that was answered well ends with a body that breaks off: the breaker learns that it failed, too. */
    boolean bodyFailed(long startNanos, int token) {
        boolean wanted = gate.brokeOff(token) && signal(GATE);
        return ended(Outcome.FAILURE, startNanos) || wanted;
    }

    /** What an attempt ran into. True if an update is wanted. */
    boolean ranInto(Throwable error, boolean neverConnected) {
        lastError = error;
        return neverConnected && standing.mayEject() && signal(REFUSED);
    }

    /** True if an update is wanted. */
    boolean asksForPause(Duration length) {
        long wanted = inNanos(length);
        if (wanted == 0 || !standing.mayEject()) {
            return false;
        }
        pauseNanos = wanted;
        return signal(PAUSE);
    }

    static long inNanos(Duration length) {
        return length.compareTo(LONGEST) < 0 ? Math.max(0, length.toNanos()) : LONGEST.toNanos();
    }

    /** It says so, maybe with each answer. True if an update is wanted. */
    boolean leaves(long now) {
        if (leaves && now - leavesSince < LEAVES_EVERY_NANOS) {
            return false;
        }
        leaves = true;
        leavesSince = now;
        return signal(LEAVES);
    }

    /** Counts answers that close the connection; true if there were enough in a row. */
    boolean closes(boolean one, long now) {
        if (!one) {
            if (closed != 0) {
                closed = 0;
            }
            return false;
        }
        if (closed == NEVER_KEPT) {
            return false;
        }
        if (closed == 0) {
            closedSince = now;
        }
        closed = Math.min(closed + 1, MANY_CLOSED);
        return closed >= MANY_CLOSED && now - closedSince >= CLOSED_FOR_NANOS;
    }

    /** True if the signal was not up yet. */
    boolean signal(int bit) {
        return ((int) SIGNALS.getAndBitwiseOr(this, bit) & bit) == 0;
    }

    // The update pipeline, under its lock.

    /** Whether the signal was up, which it then is no more. */
    boolean takeSignal(int bit) {
        return (signals & bit) != 0 && ((int) SIGNALS.getAndBitwiseAnd(this, ~bit) & bit) != 0;
    }

    boolean isToBeWatched() {
        return (signals & WATCH) != 0;
    }

    void dropSignals() {
        signals = 0;
    }

    void relist(Endpoint listed) {
        endpoint = listed;
        scheme = scheme(listed).intern();
        priority = listed.priority();
    }

    void bar(int which) {
        if (barred != which) {
            barred = which;
        }
    }

    /**
     * Takes over what its standing is now. Lets in those whom a snapshot to come may send; true if it must keep out others,
     * which waits until the snapshot is there: {@link #raiseBar}.
     */
    boolean settle(long now) {
        weigh(configuredWeight() * standing.share(now));
        due = due();
        bar(Math.min(barred, due));
        return barred != due;
    }

    private int due() {
        if (isToServe()) {
            return standing.isOut() ? OUT : OPEN_TO_ALL;
        }
        return standing.isOperators() || standing.isOut() ? OUT_OF_SERVICE : OPEN_TO_PINNED;
    }

    void raiseBar() {
        bar(due);
    }

    private void weigh(double now) {
        if (weight != now) {
            weight = now;
        }
    }

    double configuredWeight() {
        return standing.weight(endpoint.weight());
    }

    void forgetRow() {
        inARow = 0;
    }

    void back(long now) {
        backNanos = now;
        inARow = 0;
    }

    /** So that it still counts as one that fails. */
    void forgetHalfTheRow() {
        inARow = (inARow + 1) / 2;
    }

    int failedInARow() {
        return inARow;
    }

    long pauseNanos() {
        return pauseNanos;
    }

    Conduct conduct() {
        return conduct;
    }

    /** How long its calls take on average, as of about a second ago; 0 if that is not known. */
    long usualNanos() {
        return conduct.usualNanos();
    }

    /** Only where there are health checks. */
    Checked checked() {
        return requireNonNull(checked);
    }

    /** Whether health checks have shown that it is not well, or have not shown yet that it is. */
    boolean isFallen() {
        return checked != null && checked.isFallen();
    }

    /** Whether calls have answered in place of a health check since the last. */
    boolean isAnsweredByCalls() {
        return checked().isAnsweredByCalls(word >>> SUCCESSES, counts.get(slot(Outcome.FAILURE)));
    }

    void countForCheck() {
        checked().count(word >>> SUCCESSES, counts.get(slot(Outcome.FAILURE)));
    }

    /** Takes over what calls have shown since the last look; true if there were any. */
    boolean lookAtConduct(double kept) {
        return conduct.look(word >>> SUCCESSES, counts.get(slot(Outcome.FAILURE)), kept);
    }

    /** Whether the operator and the weight let it take calls, from the next time that it is settled. */
    boolean isToServe() {
        return !standing.isOperators() && configuredWeight() > 0;
    }

    // As it was last settled: read for each replica in each rebuild, so from here and not from its standing.

    /** Whether the operator and the weight let it take calls. */
    boolean isInService() {
        return due < OPEN_TO_PINNED;
    }

    /** In service and not out. */
    boolean isUsable() {
        return due == OPEN_TO_ALL;
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
        return error == null ? what : what + ": " + Events.words(error);
    }

    EndpointState reportedState() {
        return standing.reported();
    }

    String reportedReason() {
        if (standing.isOperators()) {
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
                counts.get(slot(Outcome.FAILURE)),
                counts.get(slot(Outcome.OVERLOADED)),
                counts.get(slot(Outcome.IGNORED)),
                counts.get(TURNED_AWAY));
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(Replica.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
