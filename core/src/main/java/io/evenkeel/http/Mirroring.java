package io.evenkeel.http;

import io.evenkeel.Call;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/**
 * Sends copies of a route's requests to another balancer. Nobody sees their answers, or waits for them: they are sent by threads of their own, few are under way at a time, to the end of their bodies, and
 * those that are when the client has answered its last request are cancelled.
 */
final class Mirroring {

    /** Copies under way; what is beyond them is not copied. */
    static final int MOST = 64;
    /** How long a copy may take to be answered of a request that may take for ever. */
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final Mirror mirror;
    private final Way way;
    private final Executor threads = Defaults.executor();
    private final Semaphore room = new Semaphore(MOST);
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    Mirroring(Mirror mirror, Way way, Lifecycle lifecycle) {
        this.mirror = mirror;
        this.way = way;
        lifecycle.whenAnswered(this::end);
    }

    private void end() {
        over = true;
        underWay.forEach(copy -> copy.cancel(true));
    }

    /** Copies a request, if it is drawn, can be sent twice, and there is room. */
    void offer(Conversation<?, ?> conversation, Call call, Destination destination) {
        if (destination.balancer().draw(Call.any(), 0) < mirror.share()
                && conversation.bodyRepeats()
                && room.tryAcquire()) {
            Optional<Duration> own = conversation.deadline();
            Duration time = own.or(destination.balancer()::deadline).orElse(LONGEST);
            Call copy = own.isPresent() ? call : call.withDeadline(time);
            try {
                threads.execute(() -> send(conversation, copy, time));
            } catch (RejectedExecutionException e) {
                room.release();
            }
        }
    }

    @SuppressWarnings("UndefinedEquals") // each future is itself and no other
    private void send(Conversation<?, ?> original, Call call, Duration time) {
        if (over) {
            room.release();
            return;
        }
        CompletableFuture<HttpResponse<Void>> answer = Defaults.within(twice(time), begin(original, call));
        underWay.add(answer);
        CompletionStage<?> ended = answer;
        ended.whenComplete((nobody, cares) -> {
            underWay.remove(answer);
            room.release();
        });
        if (over) {
            answer.cancel(true);
        }
    }

    /** The time of the original is for the headers; the body has as much again. */
    private static long twice(Duration time) {
        return Math.min(Lifecycle.saturatedNanos(time), Long.MAX_VALUE / 2) * 2;
    }

    /** Whatever goes wrong concerns nobody. */
    private CompletableFuture<HttpResponse<Void>> begin(Conversation<?, ?> original, Call call) {
        try {
            Conversation.Shared shared = original.shared;
            return mirror.balancer()
                    .executeAsync(
                            call,
                            new Conversation.Async<>(shared, way, mirror.copy(original.request), Copied::new, null));
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
