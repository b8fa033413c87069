package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Hedge;
import io.evenkeel.Outcome;
import io.evenkeel.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;

/** A blocking exchange as an asynchronous one: each attempt on a thread of its own, which is interrupted when it is cancelled. */
final class Threaded<T> implements Exchange<CompletionStage<T>> {

    private final Exchange<T> exchange;
    private final Executor threads;

    Threaded(Exchange<T> exchange, Executor threads) {
        this.exchange = exchange;
        this.threads = threads;
    }

    @Override
    public CompletionStage<T> attempt(Attempt attempt) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        FutureTask<Boolean> task = new FutureTask<>(() -> {
            try {
                return answer.complete(exchange.attempt(attempt));
            } catch (Throwable e) {
                return answer.completeExceptionally(e);
            }
        });
        CompletionStage<T> ended = answer;
        ended.whenComplete((value, error) -> {
            if (answer.isCancelled()) {
                task.cancel(true);
            }
        });
        threads.execute(task);
        return answer;
    }

    @Override
    public Exchange<CompletionStage<T>> another() {
        return new Threaded<>(exchange.another(), threads);
    }

    @Override
    public Call place(Call call) throws IOException {
        return exchange.place(call);
    }

    @Override
    public Set<String> schemes() {
        return exchange.schemes();
    }

    @Override
    public Optional<Duration> deadline() {
        return exchange.deadline();
    }

    @Override
    public Optional<Retry> retry() {
        return exchange.retry();
    }

    @Override
    public Optional<Hedge> hedge() {
        return exchange.hedge();
    }

    @Override
    public Outcome judge(Throwable error, Attempt attempt) {
        return exchange.judge(error, attempt);
    }

    @Override
    public boolean neverConnected(Throwable error, Attempt attempt) {
        return exchange.neverConnected(error, attempt);
    }

    @Override
    public boolean mayRepeat(Throwable error, Outcome outcome, Attempt attempt) {
        return exchange.mayRepeat(error, outcome, attempt);
    }

    @Override
    public void abandoned(Attempt attempt) {
        exchange.abandoned(attempt);
    }

    @Override
    public IOException timedOut(String message) {
        return exchange.timedOut(message);
    }
}
