package io.evenkeel.balance;

import io.evenkeel.Breaker;
import io.evenkeel.Outcome;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowSynchronizationStrategy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A Resilience4j breaker as a gate: the only class that knows Resilience4j.
 *
 * <p>Resilience4j books an outcome on whatever state is current. Each state of ours has a generation, a call's token
 * carries the one it entered with, and an outcome of an earlier one is dropped. Nor is its wall-clock deadline used: an
 * open breaker is never asked for permission, {@link Updates} moves it on. A trial's permission is given back when its
 * outcome says nothing.
 */
final class BreakerGate implements Gate {

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

    /** Even numbers only; a token with the lowest bit set is a trial's. */
    private final AtomicInteger generation = new AtomicInteger();

    private final AtomicBoolean trial = new AtomicBoolean();

    private BreakerGate(CircuitBreakerConfig config) {
        this.breaker = CircuitBreaker.of("replica", config);
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
                .waitDurationInOpenState(settings.openFor())
                .build();
    }

    @Override
    public int enter() {
        int current = generation.get();
        return breaker.getState() == CircuitBreaker.State.CLOSED ? current : UNWATCHED;
    }

    @Override
    public int tryTrial() {
        int current = generation.get();
        if (breaker.getState() != CircuitBreaker.State.HALF_OPEN || !trial.compareAndSet(false, true)) {
            return UNWATCHED;
        }
        if (generation.get() != current || !breaker.tryAcquirePermission()) {
            trial.set(false);
            return UNWATCHED;
        }
        return current | 1;
    }

    @Override
    public boolean leave(int token, Outcome outcome, long latencyNanos) {
        int entered = token & ~1;
        if (token == UNWATCHED || generation.get() != entered) {
            return false;
        }
        boolean tried = (token & 1) != 0;
        switch (outcome) {
            case SUCCESS -> breaker.onSuccess(latencyNanos, TimeUnit.NANOSECONDS);
            case FAILURE, OVERLOADED -> breaker.onError(latencyNanos, TimeUnit.NANOSECONDS, FAILED);
            case IGNORED -> breaker.releasePermission();
        }
        CircuitBreaker.State expected = tried ? CircuitBreaker.State.HALF_OPEN : CircuitBreaker.State.CLOSED;
        boolean changed = breaker.getState() != expected && generation.compareAndSet(entered, entered + 2);
        if (tried) {
            trial.set(false);
        }
        return changed;
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
        return trial.get();
    }

    @Override
    public void halfOpen() {
        breaker.transitionToHalfOpenState();
        next();
    }

    @Override
    public void reopen() {
        breaker.transitionToOpenState();
        next();
    }

    @Override
    public void close() {
        breaker.reset();
        next();
    }

    private void next() {
        generation.addAndGet(2);
        trial.set(false);
    }
}
