package io.evenkeel.http;

import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of an answer that another replaces, of another attempt or where it leads, or that nobody is to see. Nobody waits for it, nor does the end of the client; few are read at a time. */
final class Discarded<T> extends Unread<T> {

    private final Lifecycle lifecycle;

    Discarded(ResponseInfo answer, Lifecycle lifecycle) {
        super(answer);
        this.lifecycle = lifecycle;
    }

    @Override
    @SuppressWarnings("NullAway") // the response that this body belongs to is never seen
    public CompletionStage<T> getBody() {
        return CompletableFuture.completedFuture((@Nullable T) null);
    }

    @Override
    void begun(Flow.Subscription body) {
        lifecycle.unwanted(body);
    }

    @Override
    void ended(Flow.Subscription body) {
        lifecycle.ended(body);
    }
}
