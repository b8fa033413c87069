package io.evenkeel.http;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** A body that nobody sees: read away while it is short, so that its connection can be used again, else cancelled. */
abstract class Unread<T extends @Nullable Object> implements BodySubscriber<T> {

    private static final long WORTH_READING = 64 * 1024;

    private final boolean read;
    private Flow.@Nullable Subscription upstream;
    private long bytes;

    Unread(ResponseInfo answer) {
        this.read = answer.headers().firstValueAsLong("content-length").orElse(0) <= WORTH_READING;
    }

    /** It begins to be read. */
    abstract void begun(Flow.Subscription body);

    /** It is at its end, or was cut off. */
    abstract void ended(Flow.Subscription body);

    @Override
    public final void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        if (read) {
            begun(subscription);
            subscription.request(Long.MAX_VALUE);
        } else {
            cut(subscription);
        }
    }

    private void cut(Flow.Subscription subscription) {
        subscription.cancel();
        ended(subscription);
    }

    @Override
    public final void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            bytes += buffer.remaining();
        }
        if (bytes > WORTH_READING && upstream != null) {
            cut(upstream);
        }
    }

    @Override
    public final void onError(Throwable error) {
        end();
    }

    @Override
    public final void onComplete() {
        end();
    }

    private void end() {
        if (upstream != null) {
            ended(upstream);
        }
    }
}
