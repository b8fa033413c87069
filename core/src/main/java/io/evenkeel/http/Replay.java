package io.evenkeel.http;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Flow;

/**
 * Whether a request's body may be sent again. A publisher cannot be asked, so only those kinds of the JDK's are trusted
 * that repeat by nature; of any other, whether it was subscribed to is watched: an untouched body may be sent.
 */
final class Replay {

    private static final Set<Class<?>> IN_MEMORY = Set.of(
            BodyPublishers.noBody().getClass(),
            BodyPublishers.ofString("").getClass(),
            BodyPublishers.ofByteArray(new byte[0]).getClass());

    private static final Replay NO_BODY = new Replay(Optional.empty(), true);

    private final Optional<BodyPublisher> publisher;
    private final boolean repeats;

    private Replay(Optional<BodyPublisher> publisher, boolean repeats) {
        this.publisher = publisher;
        this.repeats = repeats;
    }

    static Replay of(HttpRequest request) {
        Optional<BodyPublisher> publisher = request.bodyPublisher();
        if (publisher.isEmpty()) {
            return NO_BODY;
        }
        BodyPublisher body = publisher.get();
        return isInMemory(body)
                ? new Replay(publisher, true)
                : new Replay(Optional.of(new Watched(body)), isFile(body));
    }

    private static boolean isInMemory(BodyPublisher publisher) {
        return IN_MEMORY.contains(publisher.getClass());
    }

    private static boolean isFile(BodyPublisher publisher) {
        return publisher.getClass().getName().equals("jdk.internal.net.http.RequestPublishers$FilePublisher");
    }

    /** What to send: the request's own publisher, watched if need be. */
    Optional<BodyPublisher> publisher() {
        return publisher;
    }

    /** Whether the body repeats, however often it was sent. */
    boolean repeats() {
        return repeats;
    }

    /** Whether the body may be sent now: it repeats, or was not touched yet. */
    boolean maySend() {
        return repeats || (publisher.orElse(null) instanceof Watched watched && !watched.subscribed);
    }

    /** Whether the caller's publisher failed, which says nothing of the replica. */
    boolean failed() {
        return publisher.orElse(null) instanceof Watched watched && watched.failed;
    }

    /** Passes everything on and notes that it was subscribed to, and whether it failed. */
    private static final class Watched implements BodyPublisher {

        private final BodyPublisher body;
        private volatile boolean subscribed;
        private volatile boolean failed;

        Watched(BodyPublisher body) {
            this.body = body;
        }

        @Override
        public long contentLength() {
            return body.contentLength();
        }

        @Override
        public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
            subscribed = true;
            try {
                body.subscribe(noting(subscriber));
            } catch (RuntimeException | Error e) {
                failed = true;
                throw e;
            }
        }

        private Flow.Subscriber<ByteBuffer> noting(Flow.Subscriber<? super ByteBuffer> subscriber) {
            return new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                    subscriber.onSubscribe(subscription);
                }

                @Override
                public void onNext(ByteBuffer bytes) {
                    subscriber.onNext(bytes);
                }

                @Override
                public void onError(Throwable error) {
                    failed = true;
                    subscriber.onError(error);
                }

                @Override
                public void onComplete() {
                    subscriber.onComplete();
                }
            };
        }
    }
}
