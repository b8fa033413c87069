package io.evenkeel.http;

import io.evenkeel.Outcome;
import io.evenkeel.balance.Attempt;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Holds an attempt to the end of its response's body: its last byte, an error, or a reader who has enough. */
final class BodyEnd<T> implements BodySubscriber<T>, Flow.Subscription {

    /** Those of the JDK's that give a body only when it has ended. */
    private static final Set<Class<?>> GIVING_AT_THE_END = Set.of(
            BodySubscribers.ofByteArray().getClass(),
            BodySubscribers.discarding().getClass());

    private final BodySubscriber<T> reader;
    private final Attempt attempt;
    private final Conversation<T, ?> conversation;
    private volatile Flow.@Nullable Subscription upstream;
    private volatile boolean abandoned;

    /**
     * {@code reader} itself if it needs no watching: then there is a response, or an error, when the body has ended; or nobody reads, and the attempt is over with the headers. The
     * JDK's client asks its own subscribers for their body at once, any other by a task of its executor.
     */
    static <T> BodySubscriber<T> of(BodySubscriber<T> reader, Attempt attempt, Conversation<T, ?> conversation) {
        return reader instanceof Discarded || GIVING_AT_THE_END.contains(reader.getClass())
                ? reader
                : new BodyEnd<>(reader, attempt, conversation);
    }

    private BodyEnd(BodySubscriber<T> reader, Attempt attempt, Conversation<T, ?> conversation) {
        this.reader = reader;
        this.attempt = attempt;
        this.conversation = conversation;
    }

    @Override
    public CompletionStage<T> getBody() {
        return reader.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        upstream = subscription;
        try {
            reader.onSubscribe(this);
        } catch (RuntimeException | Error e) {
            attempt.complete(Outcome.IGNORED); // what the reader throws is not the replica's doing
            throw e;
        }
        if (abandoned) {
            subscription.cancel();
        }
    }

    @Override
    public void onNext(List<ByteBuffer> bytes) {
        attempt.touch();
        try {
            reader.onNext(bytes);
        } catch (RuntimeException | Error e) {
            attempt.complete(Outcome.IGNORED); // what the reader throws is not the replica's doing
            throw e;
        }
    }

    @Override
    public void onError(Throwable error) {
        if (conversation.endedByCaller(error)) {
            attempt.complete(Outcome.IGNORED);
        } else {
            attempt.fail(error);
        }
        try {
            reader.onError(error);
        } catch (RuntimeException e) {
            // It has been told. The JDK's own for files throws on 21 if there is no file to close, and would keep the
            // client from ending others
        }
    }

    @Override
    public void onComplete() {
        attempt.complete(Outcome.SUCCESS);
        reader.onComplete();
    }

    @Override
    public void request(long n) {
        attempt.touch();
        Flow.Subscription source = upstream;
        if (source != null) {
            source.request(n);
        }
    }

    @Override
    public void cancel() {
        attempt.complete(Outcome.IGNORED);
        Flow.Subscription source = upstream;
        if (source != null) {
            source.cancel();
        }
    }

    /** Nobody will read it, whether it has begun or not. */
    void abandon() {
        abandoned = true;
        cancel();
    }
}
