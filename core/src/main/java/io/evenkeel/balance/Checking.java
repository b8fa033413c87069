package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.HealthCheck;
import io.evenkeel.resilience.Onward;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Health checks: whose turn it is, one at a time and at most two a second. What they come to is for {@link Settling} to say.
 * Guarded by the lock of {@link Updates}.
 */
final class Checking {

    /** Between two checks of a balancer. */
    static final long SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Engine engine;
    private final HealthCheck settings;
    private final Probe probe;
    /** Told how a check ended, from any thread. */
    private final BiConsumer<Replica, Boolean> ended;

    private final Queue<Replica> begun = new ConcurrentLinkedQueue<>();

    private long lastNanos;

    Checking(Engine engine, HealthCheck settings, BiConsumer<Replica, Boolean> ended) {
        this.engine = engine;
        this.settings = settings;
        this.probe = probe(engine, settings);
        this.ended = ended;
        this.lastNanos = engine.nanoTime() - SPACING_NANOS;
    }

    /** Who sends checks, and for which balancer. */
    record By(LoadBalancer.Prober prober, LoadBalancer balancer) {}

    void goBy(By by) {
        if (probe instanceof HttpProbe http) {
            http.goBy(by);
        }
    }

    private static Probe probe(Engine engine, HealthCheck settings) {
        return switch (settings.way()) {
            case HealthCheck.Get get -> Defaults.probe(get, settings.timeout());
            case HealthCheck.Connect connect -> engine.ambient().probe();
            case HealthCheck.Asking asking ->
                endpoint -> asking.function().apply(endpoint).thenApply(Checking::isYes);
        };
    }

    /** Begins the check that has been due for longest, if any is, and if it is time. Nanoseconds until it is to be asked again. */
    long look(Collection<Replica> replicas, long now) {
        warnIfTooMany(replicas.size());
        Replica longest = null;
        long least = Standing.NEVER;
        long next = Standing.NEVER;
        for (Replica replica : replicas) {
            long due = replica.isInService() ? due(replica, now) : Standing.NEVER;
            if (due < least) {
                next = least;
                least = due;
                longest = replica;
            } else {
                next = Math.min(next, due);
            }
        }
        long spaced = Math.max(0, lastNanos + SPACING_NANOS - now);
        if (longest == null || least > 0 || spaced > 0) {
            return Math.max(least, spaced);
        }
        begin(longest, now);
        return Math.max(next, SPACING_NANOS);
    }

    /** As long as calls answer well, they do in place of a check. */
    private long due(Replica replica, long now) {
        Checked checked = replica.checked();
        long due = checked.due(now);
        if (due > 0 || replica.standing.isOut() || !replica.isAnsweredByCalls()) {
            return due;
        }
        checked.skip(engine.random().nextDouble(), now);
        replica.countForCheck();
        return checked.due(now);
    }

    private void begin(Replica replica, long now) {
        lastNanos = now;
        replica.checked().begin(engine.random().nextDouble(), now);
        replica.countForCheck();
        begun.add(replica);
    }

    /** Asks those whose turn it was. Never under a lock: it may be the user's function. */
    void ask() {
        for (Replica replica = begun.poll(); replica != null; replica = begun.poll()) {
            try {
                begin(replica);
            } catch (RejectedExecutionException e) { // the user's scheduler is shut down
                engine.events().complain("scheduler", e);
            }
        }
    }

    private void begin(Replica replica) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        Runnable stopTimer = engine.ambient().later(settings.timeout().toNanos(), () -> answer.complete(false));
        CompletionStage<Boolean> asked = ask(replica);
        CompletionStage<Boolean> first = answer;
        first.thenAccept(passed -> {
            stopTimer.run();
            Onward.cancel(asked);
            ended.accept(replica, passed);
        });
        asked.whenComplete((well, error) -> answer.complete(error == null && isYes(well)));
    }

    private static boolean isYes(@Nullable Boolean well) {
        return well != null && well;
    }

    private CompletionStage<Boolean> ask(Replica replica) {
        try {
            return requireNonNull(probe.accepts(replica.endpoint()), "stage");
        } catch (RuntimeException | Error e) {
            engine.events().complain("health check", e);
            return CompletableFuture.completedFuture(false);
        }
    }

    private void warnIfTooMany(int replicas) {
        long most = settings.interval().toNanos() / SPACING_NANOS;
        if (replicas > most) {
            engine.events()
                    .warnOnce(
                            "more than " + most + " endpoints cannot be checked every " + settings.interval()
                                    + ", since a balancer makes two checks a second at most: each is checked as often as that allows");
        }
    }
}
