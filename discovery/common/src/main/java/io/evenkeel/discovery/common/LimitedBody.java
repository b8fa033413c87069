package io.evenkeel.discovery.common;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import org.jspecify.annotations.Nullable;

/** A body in memory, up to a number of bytes: a longer one fails. Unlike the JDK's it holds a body of known length only once. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private static final int LEAST_ROOM = 1 << 10;
    /** What is believed of a length before it has come. */
    private static final int MOST_BELIEVED = 16 << 20;

    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final int most;
    private byte[] bytes;
    private int length;
    private @Nullable Subscription subscription;

    /** Of this length, as its head says; negative if that does not. */
    LimitedBody(int most, long announced) {
        this.most = most;
        this.bytes = new byte[Math.clamp(announced, LEAST_ROOM, Math.min(most, MOST_BELIEVED))];
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return whole;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            if (buffer.remaining() > most - length) {
                refuse();
                return;
            }
            append(buffer);
        }
    }

    private void append(ByteBuffer buffer) {
        int end = length + buffer.remaining();
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.clamp(2L * bytes.length, end, most));
        }
        buffer.get(bytes, length, end - length);
        length = end;
    }

    private void refuse() {
        if (subscription != null) {
            subscription.cancel();
        }
        onError(new IOException("the answer is longer than " + (most >> 20) + " MiB"));
    }

    @Override
    public void onError(Throwable error) {
        whole.completeExceptionally(error);
        bytes = new byte[0];
    }

    @Override
    public void onComplete() {
        whole.complete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length));
    }
}
