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
 * <p>Resilience4j books an outcome on whatever state is current. Each state of ours has a generation, a call's token
 * carries the one it entered with, and an outcome of an earlier one is dropped. Nor is its wall-clock deadline used: an
 * open breaker is never asked for permission, {@link Updates} moves it on. A trial's permission is given back when its
 * outcome says nothing.
 *
 * <p>A success changes nothing in a window that holds successes only, so it is not booked there: while a replica is well,
 * its window, and the lock around it, is not touched.
 */
final class BreakerGate implements Gate {

    private static final VarHandle PHASE = handle("phase", int.class);
    private static final VarHandle GOOD_IN_A_ROW = handle("goodInARow", int.class);
    private static final VarHandle TRIAL = handle("trial", boolean.class);

    /** The bit of a phase in which ordinary calls are watched. */
    private static final int CLOSED = 1;
    /** The bit of a trial's token. */
    private static final int TRIAL_CALL = 2;

    private static final int NEXT = 4;

    /** Resilience4j wants an error for each failure, and looks at its type only. */
    @SuppressWarnings("StaticAssignmentOfThrowable")
    private static final IOException FAILED = new IOException("failed") {
        private static final long serialVersionUID = 1;

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    };

    private final CircuitBreaker breaker;
    private final int window;

    /** Generation and whether it is a closed one, in one word: a call's token is the phase it entered in. */
    private volatile int phase = CLOSED;

    /** Successes booked since the last failure; the window holds nothing else once there are as many as it is long. */
    private volatile int goodInARow;

    private volatile boolean trial;
    private volatile long trialBegan;

    private BreakerGate(CircuitBreakerConfig config) {
        this.breaker = CircuitBreaker.of("replica", config);
        this.window = config.getSlidingWindowSize();
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
        if (breaker.getState() != CircuitBreaker.State.HALF_OPEN || !TRIAL.compareAndSet(this, false, true)) {
            return UNWATCHED;
        }
        if (phase != current || !breaker.tryAcquirePermission()) {
            trial = false;
            return UNWATCHED;
        }
        trialBegan = nowNanos;
        return current | TRIAL_CALL;
    }

    @Override
    public boolean leave(int token, Outcome outcome, long latencyNanos) {
        if (token == UNWATCHED || (token & ~TRIAL_CALL) != phase) {
            return false;
        }
        return (token & TRIAL_CALL) == 0
                ? leaveClosed(token, outcome, latencyNanos)
                : leaveTrial(token, outcome, latencyNanos);
    }

    private boolean leaveClosed(int token, Outcome outcome, long latencyNanos) {
        int good = goodInARow;
        if (outcome == Outcome.IGNORED || (outcome == Outcome.SUCCESS && good >= window)) {
            return false;
        }
        if (outcome == Outcome.SUCCESS) {
            breaker.onSuccess(latencyNanos, TimeUnit.NANOSECONDS);
            GOOD_IN_A_ROW.compareAndSet(this, good, good + 1); // unless a failure came between
        } else {
            breaker.onError(latencyNanos, TimeUnit.NANOSECONDS, FAILED);
            goodInARow = 0;
        }
        return breaker.getState() != CircuitBreaker.State.CLOSED && changed(token);
    }

    private boolean leaveTrial(int token, Outcome outcome, long latencyNanos) {
        switch (outcome) {
            case SUCCESS -> breaker.onSuccess(latencyNanos, TimeUnit.NANOSECONDS);
            case FAILURE, OVERLOADED -> breaker.onError(latencyNanos, TimeUnit.NANOSECONDS, FAILED);
            case IGNORED -> breaker.releasePermission();
        }
        boolean changed = breaker.getState() != CircuitBreaker.State.HALF_OPEN && changed(token & ~TRIAL_CALL);
        trial = false;
        return changed;
    }

    /** One of those who see that a phase is over ends it; what comes next is for {@link Updates} to say. */
    private boolean changed(int entered) {
        return PHASE.compareAndSet(this, entered, (entered + NEXT) & ~CLOSED);
    }

    @Override
    public State state() {
        return switch (breaker.getState()) {
            case OPEN -> State.OPEN;
            case HALF_OPEN -> State.HALF_OPEN;
            default -> State.CLOSED;
        };
    }

    @Override
    public boolean trialUnderWay() {
        return trial;
    }

    @Override
    public long trialBegan() {
        return trialBegan;
    }

    @Override
    public void halfOpen() {
        turn(() -> {
            if (breaker.getState() != CircuitBreaker.State.OPEN) { // a trial's answer came while a hang was judged
                breaker.transitionToOpenState();
            }
            breaker.transitionToHalfOpenState();
        });
    }

    @Override
    public void reopen() {
        turn(breaker::transitionToOpenState);
    }

    @Override
    public void close() {
        turn(breaker::reset);
        next(CLOSED);
    }

    /** Ends the phase before the breaker turns, so that no call of an earlier one is booked on what comes. */
    private void turn(Runnable transition) {
        next(0);
        trial = false;
        goodInARow = 0;
        transition.run();
    }

    private void next(int bits) {
        int current = phase;
        while (!PHASE.compareAndSet(this, current, ((current + NEXT) & ~CLOSED) | bits)) {
            current = phase;
        }
    }

    private static VarHandle handle(String field, Class<?> type) {
        try {
            return MethodHandles.lookup().findVarHandle(BreakerGate.class, field, type);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
