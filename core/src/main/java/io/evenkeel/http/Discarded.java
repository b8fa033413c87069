package io.evenkeel.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer that another replaces, of another attempt or where it leads, or that nobody is to see: read away while it is short, so that its connection can be used
 * again, else cancelled. Nobody waits for it, nor does the end of the client; few are read at a time. */
final class Discarded<T> implements BodySubscriber<T> {

    private static final long WORTH_READING = 64 * 1024;

    private final Lifecycle lifecycle;
    private final boolean read;
    private Flow.@Nullable Subscription upstream;
    private long bytes;

    Discarded(ResponseInfo answer, Lifecycle lifecycle) {
        this.lifecycle = lifecycle;
        this.read = answer.headers().firstValueAsLong("content-length").orElse(0) <= WORTH_READING;
    }

    @Override
    @SuppressWarnings("NullAway") // the response that this body belongs to is never seen
    public CompletionStage<T> getBody() {
        return CompletableFuture.completedFuture((@Nullable T) null);
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        if (read) {
            upstream = subscription;
            lifecycle.unwanted(subscription);
            subscription.request(Long.MAX_VALUE);
        } else {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > WORTH_READING && upstream != null) {
            upstream.cancel();
            ended();
        }
    }

    @Override
    public void onError(Throwable error) {
        ended();
    }

    @Override
    public void onComplete() {
        ended();
    }

    private void ended() {
        if (upstream != null) {
            lifecycle.ended(upstream);
        }
    }
}
