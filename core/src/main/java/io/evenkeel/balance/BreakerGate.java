package io.evenkeel.balance;

import io.evenkeel.Breaker;
import io.evenkeel.Outcome;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A Resilience4j breaker as a gate: the only class that knows Resilience4j.
 *
 * <p>Resilience4j books an outcome on whatever state is current. Each state of ours has a generation and a breaker of its
 * own, a call's token carries the generation it entered with, and an outcome of an earlier one is dropped. Nor are its
 * wall-clock deadline and its permissions used: {@link Updates} moves an open breaker on, and the trials of a half-open one
 * come one at a time.
 *
 * <p>A success changes nothing in a window that holds successes only, so it is not booked there: while a replica is well,
 * its window, and the lock around it, is not touched.
 */
final class BreakerGate implements Gate {

    private static final VarHandle PHASE = handle("phase", int.class);
    private static final VarHandle GOOD_IN_A_ROW = handle("goodInARow", int.class);
    private static final VarHandle TRIAL = handle("trial", int.class);

    /** The bit of a phase in which ordinary calls are watched. */
    private static final int CLOSED = 1;
    /** The bit of a phase in which trials may begin. */
    private static final int HALF_OPEN = 2;
    /** The bit of a trial's token. */
    private static final int TRIAL_CALL = 4;

    private static final int NEXT = 8;
    private static final int NO_TRIAL = 0;

    /** Resilience4j wants an error for each failure, and looks at its type only. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final IOException FAILED = new IOException("failed") {
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    };

    private final CircuitBreakerConfig config;
    private final int window;

    /** Changes between two phases only: who reads it, and then finds the phase of its token, has that phase's. */
    private volatile CircuitBreaker breaker;

    /** Generation and what may begin in it, in one word: a call's token is the phase it entered in. */
    private volatile int phase = CLOSED;

    /** Successes booked since the last failure; the window holds nothing else once there are as many as it is long. */
    private volatile int goodInARow;

    /** The token of the trial under way: nobody can free the slot of another. */
    private volatile int trial = NO_TRIAL;

    private volatile long trialBegan;

    private BreakerGate(CircuitBreakerConfig config) {
        this.config = config;
        this.window = config.getSlidingWindowSize();
        this.breaker = fresh();
    }

    private CircuitBreaker fresh() {
        return CircuitBreaker.of("replica", config);
    }

    /** Makes a gate for each replica. */
    static Supplier<Gate> gates(Breaker settings) {
        if (settings.isOff()) {
            return () -> Gate.NONE;
        }
        CircuitBreakerConfig shared = config(settings);
        return () -> new BreakerGate(shared);
    }

    private static CircuitBreakerConfig config(Breaker settings) {
        return CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSynchronizationStrategy(SlidingWindowSynchronizationStrategy.SYNCHRONIZED)
                .slidingWindowSize(settings.window())
                .minimumNumberOfCalls(settings.minimumCalls())
                .failureRateThreshold((float) (settings.failureShare() * 100))
                .slowCallDurationThreshold(Duration.ofDays(1))
                .permittedNumberOfCallsInHalfOpenState(settings.trials())
                .build();
    }

    @Override
    public int enter() {
        int current = phase;
        return (current & CLOSED) != 0 ? current : UNWATCHED;
    }

    @Override
    public int tryTrial(long nowNanos) {
        int current = phase;
        if ((current & HALF_OPEN) == 0 || trial != NO_TRIAL) {
            return UNWATCHED;
        }
        trialBegan = nowNanos; // before the trial can be seen
        int token = current | TRIAL_CALL;
        if (!TRIAL.compareAndSet(this, NO_TRIAL, token)) {
            return UNWATCHED;
        }
        if (phase != current) {
            endTrial(token);
            return UNWATCHED;
        }
        return token;
    }

    private void endTrial(int token) {
        TRIAL.compareAndSet(this, token, NO_TRIAL);
    }

    @Override
    public boolean leave(int token, Outcome outcome, long latencyNanos) {
        CircuitBreaker current = breaker;
        if (token == UNWATCHED || (token & ~TRIAL_CALL) != phase) {
            return false;
        }
        return (token & TRIAL_CALL) == 0
                ? leaveClosed(current, token, outcome, latencyNanos)
                : leaveTrial(current, token, outcome, latencyNanos);
    }

    private boolean leaveClosed(CircuitBreaker current, int token, Outcome outcome, long latencyNanos) {
        int good = goodInARow;
        if (outcome == Outcome.IGNORED || (outcome == Outcome.SUCCESS && good >= window)) {
            return false;
        }
        book(current, outcome, latencyNanos);
        if (outcome == Outcome.SUCCESS) {
            GOOD_IN_A_ROW.compareAndSet(this, good, good + 1); // unless a failure came between
        } else {
            goodInARow = 0;
        }
        return current.getState() != CircuitBreaker.State.CLOSED && changed(token);
    }

    private boolean leaveTrial(CircuitBreaker current, int token, Outcome outcome, long latencyNanos) {
        boolean changed = outcome != Outcome.IGNORED && bookTrial(current, token, outcome, latencyNanos);
        endTrial(token);
        return changed;
    }

    private boolean bookTrial(CircuitBreaker current, int token, Outcome outcome, long latencyNanos) {
        book(current, outcome, latencyNanos);
        return current.getState() != CircuitBreaker.State.HALF_OPEN && changed(token & ~TRIAL_CALL);
    }

    /** A trial has given its slot back at its answer. */
    @Override
    public boolean brokeOff(int token) {
        CircuitBreaker current = breaker;
        if (token == UNWATCHED || (token & ~TRIAL_CALL) != phase) {
            return false;
        }
        return (token & TRIAL_CALL) == 0
                ? leaveClosed(current, token, Outcome.FAILURE, 0)
                : bookTrial(current, token, Outcome.FAILURE, 0);
    }

    private static void book(CircuitBreaker current, Outcome outcome, long latencyNanos) {
        if (outcome == Outcome.SUCCESS) {
            current.onSuccess(latencyNanos, TimeUnit.NANOSECONDS);
        } else {
            current.onError(latencyNanos, TimeUnit.NANOSECONDS, FAILED);
        }
    }

    /** One of those who see that a phase is over ends it; what comes next is for {@link Updates} to say. */
    private boolean changed(int entered) {
        return PHASE.compareAndSet(this, entered, after(entered));
    }

    /** Between a verdict and the end of its phase it is the old one; whoever ends the phase asks for another look. */
    @Override
    public State state() {
        int current = phase;
        if ((current & CLOSED) != 0) {
            return State.CLOSED;
        }
        return (current & HALF_OPEN) != 0 ? State.HALF_OPEN : verdict();
    }

    private State verdict() {
        return switch (breaker.getState()) {
            case OPEN -> State.OPEN;
            case HALF_OPEN -> State.HALF_OPEN;
            default -> State.CLOSED;
        };
    }

    @Override
    public double failedShare() {
        CircuitBreaker.Metrics window = breaker.getMetrics();
        int calls = window.getNumberOfBufferedCalls();
        return calls == 0 ? 0 : (double) window.getNumberOfFailedCalls() / calls;
    }

    @Override
    public boolean trialUnderWay() {
        return trial != NO_TRIAL;
    }

    @Override
    public long trialBegan() {
        return trialBegan;
    }

    @Override
    public void halfOpen() {
        CircuitBreaker next = fresh();
        next.transitionToOpenState();
        next.transitionToHalfOpenState();
        turn(next, HALF_OPEN);
    }

    @Override
    public void reopen() {
        CircuitBreaker next = fresh();
        next.transitionToOpenState();
        turn(next, 0);
    }

    @Override
    public void close() {
        turn(fresh(), CLOSED);
    }

    /** Ends the phase, lets nobody in while everything changes, and begins the next. */
    private void turn(CircuitBreaker next, int bits) {
        while (!changed(phase)) {
            Thread.onSpinWait(); // calls may end it, too, but once
        }
        breaker = next;
        goodInARow = 0;
        trial = NO_TRIAL;
        phase = after(phase) | bits;
    }

    private static int after(int phase) {
        return (phase + NEXT) & ~(CLOSED | HALF_OPEN);
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(BreakerGate.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
