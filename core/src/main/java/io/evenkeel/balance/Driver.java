package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Call;
import io.evenkeel.resilience.Attempts;
import io.evenkeel.resilience.Onward;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Carries one call through its attempts: {@link #run} on the caller's thread, {@link #runAsync} by composing futures. What
 * to do next is decided in {@link Attempts}, for both.
 */
final class Driver {

    private static final int MOST_SUPPRESSED = 10;

    private final LoadBalancer balancer;
    private final Attempts attempts;
    /** Runs what goes on another thread in the caller's context; null where nothing is carried. */
    private final @Nullable Executor context;

    private volatile Call call;
    private volatile @Nullable Attempt current;
    /** Of the attempt beside those of this one, once there is one. */
    private volatile @Nullable Driver other;

    private @Nullable Throwable earlier;

    Driver(LoadBalancer balancer, Call call, Attempts attempts, @Nullable Executor context) {
        this.context = context;
        this.balancer = balancer;
        this.call = call;
        this.attempts = attempts;
    }

    <T> T run(Exchange<T> exchange) throws Exception {
        while (true) {
            Attempt attempt = begin(exchange);
            try {
                T result = exchange.attempt(attempt);
                if (!attempt.isRepeated()) {
                    return result;
                }
                attempt.close();
            } catch (Throwable error) {
                if (!attempt.failed(error, exchange)) {
                    withEarlier(error);
                    throw error;
                }
                remember(error);
            }
            call = call.withTried(attempt.endpoint());
            pause();
        }
    }

    private void pause() throws InterruptedException {
        try {
            balancer.pause(attempts.waitNanos());
        } catch (RejectedExecutionException e) { // the user's scheduler is shut down
            throw withEarlier(e);
        }
    }

    private Attempt begin(Exchange<?> exchange) throws Exception {
        try {
            Snapshot snapshot = balancer.snapshot(remaining(exchange));
            return balancer.letsWait() ? (Attempt) WaitingCalls.await(room(exchange)) : admit(snapshot, exchange);
        } catch (IOException e) {
            throw withEarlier(e);
        }
    }

    private CompletableFuture<Lease> room(Exchange<?> exchange) throws IOException {
        return balancer.room(
                () -> admit(balancer.snapshot(), exchange),
                exchange.schemes(),
                exchange.place(call()),
                attempts.remainingNanos(balancer.nanoTime()));
    }

    /** After a wait the deadline may have passed. */
    private Attempt admit(Snapshot snapshot, Exchange<?> exchange) throws IOException {
        remaining(exchange);
        if (balancer.brake().isOn() && !balancer.brake().lets(balancer.nanoTime())) {
            throw snapshot.heldBack();
        }
        Set<String> schemes = exchange.schemes();
        Call now = exchange.place(call());
        return (Attempt) snapshot.of(schemes, now).admit(now, attempts, schemes);
    }

    private long remaining(Exchange<?> exchange) throws IOException {
        long remaining = attempts.remainingNanos(balancer.nanoTime());
        if (remaining <= 0) {
            throw exchange.timedOut(balancer.name() + ": the deadline passed before attempt " + attempts.number());
        }
        return remaining;
    }

    private void remember(Throwable error) {
        earlier = withEarlier(error);
    }

    /** {@code error}, with the error of the attempt before it suppressed in it. */
    private <X extends Throwable> X withEarlier(X error) {
        suppress(earlier, error);
        return error;
    }

    /** Some throw one object again and again. That one was cancelled says nothing. */
    @SuppressWarnings("ReferenceEquality")
    static void suppress(@Nullable Throwable earlier, Throwable error) {
        if (earlier != null
                && earlier != error
                && !(earlier instanceof CancellationException)
                && error.getSuppressed().length < MOST_SUPPRESSED) {
            error.addSuppressed(earlier);
        }
    }

    <T> CompletableFuture<T> runAsync(Exchange<? extends CompletionStage<T>> exchange) {
        Onward<T> result = new Onward<>();
        next(exchange, result);
        return result;
    }

    /** Of one attempt of the same call beside the one under way, on another replica; null if there is none, or the budget says no. */
    @Nullable
    Driver beside(Attempts all) {
        Attempt attempt = current;
        if (attempt == null
                || balancer.brake().isOn()
                || (attempt.isAnswered() && !attempt.isRepeated())
                || !attempt.hasOthers()) {
            return null;
        }
        Attempts one = all.beside(balancer.nanoTime());
        Driver made = one == null ? null : new Driver(balancer, call.withTried(attempt.endpoint()), one, context);
        other = made;
        return made;
    }

    /** The call, which goes neither where it has been nor where the attempt beside it is. */
    private Call call() {
        Driver beside = other;
        Attempt attempt = beside == null ? null : beside.current;
        return attempt == null ? call : call.withTried(attempt.endpoint());
    }

    private <T> void next(Exchange<? extends CompletionStage<T>> exchange, Onward<T> result) {
        if (result.isDone()) {
            return;
        }
        try {
            CompletionStage<Snapshot> ready = balancer.whenReady(remaining(exchange));
            boolean waits = !ready.toCompletableFuture().isDone();
            ready.whenComplete((snapshot, error) -> {
                if (error != null) {
                    result.fail(withEarlier(unwrapped(error)));
                } else if (waits) {
                    goOn(result, () -> attempt(snapshot, exchange, result));
                } else {
                    attempt(snapshot, exchange, result);
                }
            });
        } catch (IOException | RuntimeException | Error e) {
            result.fail(withEarlier(e));
        }
    }

    private <T> void attempt(Snapshot snapshot, Exchange<? extends CompletionStage<T>> exchange, Onward<T> result) {
        if (result.isDone()) {
            return;
        }
        try {
            if (balancer.letsWait()) {
                attemptInTurn(exchange, result);
            } else {
                attempt(admit(snapshot, exchange), exchange, result);
            }
        } catch (IOException | RuntimeException | Error e) {
            result.fail(withEarlier(e));
        }
    }

    private <T> void attemptInTurn(Exchange<? extends CompletionStage<T>> exchange, Onward<T> result)
            throws IOException {
        CompletableFuture<Lease> room = room(exchange);
        if (room.isDone() && !room.isCompletedExceptionally()) {
            attempt((Attempt) room.join(), exchange, result);
            return;
        }
        CompletionStage<T> over = result;
        over.whenComplete((answer, error) -> room.cancel(true)); // the caller has gone, perhaps
        CompletionStage<Lease> roomOrNot = room;
        roomOrNot.whenComplete((lease, error) -> {
            if (error != null) {
                result.fail(withEarlier(unwrapped(error)));
            } else if (result.isDone()) {
                lease.close();
            } else if (!goOn(result, () -> attempt((Attempt) lease, exchange, result))) {
                lease.close();
            }
        });
    }

    /** Runs what the caller's code may be part of, and the caller's thread is not there for. */
    void inContext(Runnable task) {
        if (context == null) {
            task.run();
        } else {
            context.execute(task);
        }
    }

    /** The same for what a call goes on with: should the caller's executor refuse it, the call fails, and false is returned. */
    private boolean goOn(Onward<?> result, Runnable task) {
        try {
            inContext(task);
            return true;
        } catch (RejectedExecutionException e) {
            result.fail(withEarlier(e));
            return false;
        }
    }

    private <T> void attempt(Attempt attempt, Exchange<? extends CompletionStage<T>> exchange, Onward<T> result) {
        current = attempt;
        CompletionStage<T> stage;
        try {
            stage = requireNonNull(exchange.attempt(attempt), "the exchange gave no stage");
        } catch (Throwable error) {
            stage = CompletableFuture.failedFuture(error);
        }
        result.waitFor(stage);
        stage.whenComplete((answer, error) -> {
            try {
                ended(attempt, answer, error, exchange, result);
            } catch (RuntimeException | Error e) {
                attempt.close();
                result.fail(withEarlier(e));
            }
        });
    }

    private <T> void ended(
            Attempt attempt,
            @Nullable T answer,
            @Nullable Throwable error,
            Exchange<? extends CompletionStage<T>> exchange,
            Onward<T> result) {
        if (error == null) {
            if (!attempt.isRepeated()) {
                if (!result.answer(answer)) {
                    abandon(attempt, exchange);
                }
                return;
            }
            attempt.close();
        } else if (result.isDone()) {
            abandon(attempt, exchange);
            return;
        } else {
            Throwable cause = unwrapped(error);
            if (!attempt.failed(cause, exchange)) {
                result.fail(withEarlier(cause));
                return;
            }
            remember(cause);
        }
        call = call.withTried(attempt.endpoint());
        if (attempts.waitNanos() == 0) {
            goOn(result, () -> next(exchange, result));
        } else {
            balancer.after(attempts.waitNanos(), () -> goOn(result, () -> next(exchange, result)));
        }
    }

    /** Nobody wants the answer that it brought. */
    void abandon(Exchange<?> exchange) {
        Attempt attempt = current;
        if (attempt != null) {
            abandon(attempt, exchange);
        }
    }

    private static void abandon(Attempt attempt, Exchange<?> exchange) {
        try {
            exchange.abandoned(attempt);
        } finally {
            attempt.close();
        }
    }

    static Throwable unwrapped(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }
}
