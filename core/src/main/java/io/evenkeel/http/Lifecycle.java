package io.evenkeel.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Open, shut, terminated: as {@link java.net.http.HttpClient} of Java 21 defines it. A transport of the client's own is shut when the
 * last request has been answered, and ends when the last body has; one that was given is left alone.
 */
final class Lifecycle {

    /** A replica that announces a body and does not send it holds no more connections than this. */
    private static final int MOST_UNWANTED = 16;

    private final Transports transports;
    private final boolean owned;
    private final AtomicInteger underWay = new AtomicInteger();
    private final CompletableFuture<Void> answered = new CompletableFuture<>();
    private final Queue<Flow.Subscription> unwanted = new ConcurrentLinkedQueue<>();
    private volatile boolean shut;
    private volatile boolean stopped;

    Lifecycle(Transports transports) {
        this.transports = transports;
        this.owned = transports.isOwned();
    }

    /** A request begins, unless the client is shut. */
    void begin() throws IOException {
        underWay.incrementAndGet();
        if (shut) {
            end();
            throw new IOException("closed");
        }
    }

    /** A request was answered, or failed. */
    void end() {
        if (underWay.decrementAndGet() == 0 && shut) {
            allAnswered();
        }
    }

    /** A request ends when {@code response} does. */
    void endWith(CompletionStage<?> response) {
        response.whenComplete((answer, error) -> end());
    }

    /** Runs {@code task} when the client is shut and all its requests have been answered, before its transport is shut. */
    void whenAnswered(Runnable task) {
        CompletionStage<Void> end = answered;
        end.whenComplete((nothing, error) -> task.run());
    }

    private void allAnswered() {
        answered.complete(null);
        unwanted.forEach(Flow.Subscription::cancel);
        if (owned) {
            transports.shutdown();
        }
    }

    /** A body begins that nobody waits for: it is cancelled when all requests have been answered, or others like it come. */
    void unwanted(Flow.Subscription body) {
        unwanted.add(body);
        if (answered.isDone()) {
            body.cancel();
        } else if (unwanted.size() > MOST_UNWANTED) {
            Flow.Subscription oldest = unwanted.poll();
            if (oldest != null) {
                oldest.cancel();
            }
        }
    }

    /** A body that nobody waits for has ended. */
    void ended(Flow.Subscription body) {
        unwanted.remove(body);
    }

    /** Whether requests under way were broken off. */
    boolean isStopped() {
        return stopped;
    }

    void shutdown() {
        shut = true;
        if (underWay.get() == 0) {
            allAnswered();
        }
    }

    void shutdownNow() {
        stopped = owned;
        shutdown();
        if (owned) {
            transports.shutdownNow();
        }
    }

    boolean isTerminated() {
        return answered.isDone() && (!owned || transports.isTerminated());
    }

    boolean awaitTermination(Duration duration) throws InterruptedException {
        long start = Defaults.nanoTime();
        try {
            answered.get(saturatedNanos(duration), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        }
        return !owned || transports.awaitTermination(duration.minusNanos(Defaults.nanoTime() - start));
    }

    static long saturatedNanos(Duration duration) {
        return duration.compareTo(Duration.ofDays(100_000)) > 0 ? Long.MAX_VALUE : duration.toNanos();
    }
}
