package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Endpoint;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Outliers;
import io.evenkeel.resilience.Percentile;
import java.util.concurrent.atomic.LongAdder;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What snapshots and leases need of their balancer: time, chance, classification, and whom to tell. */
final class Engine {

    private final String name;
    private final Ambient ambient;
    private final Outcomes outcomes;
    private final Observer observer;
    private final Events events;
    private final Brake brake;
    private final IdleBodies idleBodies;
    private final boolean attemptsObserved;
    private final LongAdder malformedReports = new LongAdder();
    /** Those that found no room; null where nobody waits. */
    private final @Nullable WaitingCalls waiting;
    /** What hedges wait for; null if nothing asks. */
    private final @Nullable Percentile percentile;

    private volatile @Nullable Throwable lastError;

    Engine(
            String name,
            Ambient ambient,
            Outcomes outcomes,
            Observer observer,
            Outliers outliers,
            @Nullable Percentile percentile,
            @Nullable WaitingCalls waiting) {
        this.name = name;
        this.ambient = ambient;
        this.outcomes = outcomes;
        this.observer = observer;
        this.percentile = percentile;
        this.waiting = waiting;
        this.events = new Events(name, observer);
        this.brake = new Brake(name, outliers, events, ambient.nanoTime());
        this.idleBodies = new IdleBodies(ambient);
        this.attemptsObserved = overridesAttemptEnded(observer);
    }

    private static boolean overridesAttemptEnded(Observer observer) {
        try {
            return observer.getClass()
                            .getMethod("attemptEnded", Endpoint.class, Outcome.class, long.class)
                            .getDeclaringClass()
                    != Observer.class;
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e);
        }
    }

    String name() {
        return name;
    }

    Ambient ambient() {
        return ambient;
    }

    Events events() {
        return events;
    }

    Brake brake() {
        return brake;
    }

    IdleBodies idleBodies() {
        return idleBodies;
    }

    long nanoTime() {
        return ambient.nanoTime();
    }

    RandomGenerator random() {
        return ambient.random().get();
    }

    Outcome ofError(Throwable error) {
        try {
            return requireNonNull(outcomes.ofError().apply(error), "outcome");
        } catch (RuntimeException | Error e) {
            events.complain("outcomes", e);
            return Outcomes.defaults().ofError().apply(error);
        }
    }

    Outcome ofStatus(int status) {
        try {
            return requireNonNull(outcomes.ofStatus().apply(status), "outcome");
        } catch (RuntimeException | Error e) {
            events.complain("outcomes", e);
            return Outcomes.defaults().ofStatus().apply(status);
        }
    }

    /** {@code late} is what ended since no answer had come in time. */
    void attemptEnded(Endpoint endpoint, Outcome outcome, long latencyNanos, boolean late) {
        if (late) {
            brake.late(latencyNanos, nanoTime());
        } else if (outcome != Outcome.IGNORED) {
            brake.answered(latencyNanos);
        }
        if (percentile != null && (outcome == Outcome.SUCCESS || latencyNanos > percentile.nanos())) {
            percentile.add(latencyNanos); // one that was cancelled would have taken longer still
        }
        if (attemptsObserved) {
            try {
                observer.attemptEnded(endpoint, outcome, latencyNanos);
            } catch (RuntimeException | Error e) {
                events.complain("observer", e);
            }
        }
    }

    @Nullable
    WaitingCalls waiting() {
        return waiting;
    }

    /** There may be room for a call that waits. */
    void madeRoom() {
        if (waiting != null) {
            waiting.next();
        }
    }

    /** No call waits any more. */
    void closeRoom() {
        if (waiting != null) {
            waiting.close(name + " is closed");
        }
    }

    void malformedReport() {
        malformedReports.increment();
    }

    long malformedReports() {
        return malformedReports.sum();
    }

    @Nullable
    Throwable lastError() {
        return lastError;
    }

    void lastError(Throwable error) {
        lastError = error;
    }
}
