package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Ends an answer that is longer than anybody can use, which the client would gather until memory is full. Of a watch, which goes on for long, each line is an answer. */
final class Limit implements Interceptor {

    private static final int MOST_BYTES = 64 << 20;

    private volatile boolean exceeded;

    /** An answer is longer. */
    static final class ExceededException extends IOException {

        private static final long serialVersionUID = 1;

        ExceededException() {
            super("gives an answer longer than " + (MOST_BYTES >> 20) + " MiB");
        }
    }

    /** Whether an answer was longer: of a watch, the client says only that it has ended. */
    boolean wasExceeded() {
        return exceeded;
    }

    @Override
    public AsyncBody.Consumer<List<ByteBuffer>> consumer(
            AsyncBody.Consumer<List<ByteBuffer>> consumer, HttpRequest request) {
        boolean watch = String.valueOf(request.uri().getQuery()).contains("watch=true");
        return new Counting(consumer, watch);
    }

    private final class Counting implements AsyncBody.Consumer<List<ByteBuffer>> {

        private final AsyncBody.Consumer<List<ByteBuffer>> consumer;
        private final boolean byLine;
        private long length;

        Counting(AsyncBody.Consumer<List<ByteBuffer>> consumer, boolean byLine) {
            this.consumer = consumer;
            this.byLine = byLine;
        }

        @Override
        public void consume(List<ByteBuffer> buffers, AsyncBody body) throws Exception {
            buffers.forEach(this::count);
            if (length > MOST_BYTES) {
                exceeded = true;
                throw new ExceededException();
            }
            consumer.consume(buffers, body);
        }

        private void count(ByteBuffer buffer) {
            int end = byLine ? lastLineEnd(buffer) : -1;
            length = end < 0 ? length + buffer.remaining() : buffer.limit() - 1 - end;
        }

        /** Its place in the buffer; -1 if there is none. */
        private static int lastLineEnd(ByteBuffer buffer) {
            int i = buffer.limit() - 1;
            while (i >= buffer.position() && buffer.get(i) != '\n') {
                i--;
            }
            return i >= buffer.position() ? i : -1;
        }
    }
}
