package io.evenkeel.balance;

import io.evenkeel.resilience.Attempts;
import io.evenkeel.resilience.Onward;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A hedged call: if its first attempt takes long, another starts beside it, on another replica, and whichever is answered first is
 * the answer. The first goes on through its repeats as if it were alone; the other is one attempt. Whoever loses is cancelled.
 */
final class Race<T> {

    private final LoadBalancer balancer;
    private final Exchange<? extends CompletionStage<T>> exchange;
    private final Attempts attempts;
    private final Driver first;
    private final Onward<T> result = new Onward<>();
    private final Queue<CompletableFuture<T>> runners = new ConcurrentLinkedQueue<>();
    private final AtomicInteger running = new AtomicInteger(1);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    Race(LoadBalancer balancer, Driver first, Exchange<? extends CompletionStage<T>> exchange, Attempts attempts) {
        this.balancer = balancer;
        this.exchange = exchange;
        this.attempts = attempts;
        this.first = first;
    }

    /** Starts the first attempt, and after such a wait the other. */
    CompletableFuture<T> run(long waitNanos) {
        enter(first, exchange);
        Runnable stopTimer = result.isDone() ? () -> {} : timer(waitNanos);
        CompletionStage<T> over = result;
        over.whenComplete((answer, error) -> {
            stopTimer.run();
            runners.forEach(runner -> runner.cancel(true));
        });
        return result;
    }

    private Runnable timer(long waitNanos) {
        try {
            return balancer.after(waitNanos, this::hedge);
        } catch (RejectedExecutionException e) { // the user's scheduler is shut down
            return () -> {};
        }
    }

    private void hedge() {
        if (result.isDone() || running.getAndUpdate(runners -> runners == 0 ? 0 : runners + 1) == 0) {
            return;
        }
        try {
            Driver other = first.beside(attempts);
            if (other == null) {
                left();
            } else {
                first.inContext(() -> enterBeside(other));
            }
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void enterBeside(Driver other) {
        try {
            enter(other, exchange.another());
        } catch (RuntimeException | Error e) {
            failed(e);
        }
    }

    private void enter(Driver driver, Exchange<? extends CompletionStage<T>> own) {
        CompletableFuture<T> runner = driver.runAsync(own);
        runners.add(runner);
        CompletionStage<T> stage = runner;
        stage.whenComplete((answer, error) -> {
            if (error != null) {
                failed(Driver.unwrapped(error));
            } else if (!result.answer(answer)) {
                driver.abandon(own);
            }
        });
        if (result.isDone()) {
            runner.cancel(true);
        }
    }

    /** That one of them was cancelled for the other's sake says nothing if the other fails. */
    private void failed(Throwable error) {
        if (error instanceof CancellationException) {
            failure.compareAndSet(null, error);
        } else {
            Driver.suppress(failure.getAndSet(error), error);
        }
        left();
    }

    private void left() {
        if (running.decrementAndGet() == 0) {
            Throwable error = failure.get();
            if (error != null) {
                result.fail(error);
            }
        }
    }
}
