package io.evenkeel.http;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/** A body of as many pieces as it is told, made as they are asked for, that watches who asks. */
final class Publishing implements BodyPublisher {

    private final int pieces;
    private final int size;
    private final AtomicLong published;
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicReference<Thread> asking = new AtomicReference<>();
    private volatile boolean crowded;

    Publishing(int pieces, int size) {
        this(pieces, size, new AtomicLong());
    }

    /** Counts bytes in {@code published}. */
    Publishing(int pieces, int size, AtomicLong published) {
        this.pieces = pieces;
        this.size = size;
        this.published = published;
    }

    int subscriptions() {
        return subscriptions.get();
    }

    long published() {
        return published.get();
    }

    /** Whether two threads asked for more at the same time. */
    boolean isCrowded() {
        return crowded;
    }

    @Override
    public long contentLength() {
        return (long) pieces * size;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriptions.incrementAndGet();
        subscriber.onSubscribe(new Pieces(subscriber));
    }

    private final class Pieces implements Flow.Subscription {

        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private final AtomicLong wanted = new AtomicLong();
        private final AtomicInteger given = new AtomicInteger();

        Pieces(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            Thread before = asking.getAndSet(Thread.currentThread());
            crowded |= before != null && before != Thread.currentThread();
            boolean enough = wanted.getAndAdd(n) > 0; // or it is asked by what it gives
            while (!enough && given.get() < pieces) {
                give();
                enough = wanted.decrementAndGet() == 0;
            }
            asking.set(before);
        }

        private void give() {
            published.addAndGet(size);
            subscriber.onNext(ByteBuffer.allocate(size));
            if (given.incrementAndGet() == pieces) {
                subscriber.onComplete();
            }
        }

        @Override
        public void cancel() {
            given.set(pieces);
        }
    }
}
