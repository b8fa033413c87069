package io.evenkeel.http;

import java.net.http.HttpResponse.ResponseInfo;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** The body of the answer to a copy of a request: the copy is under way until it ends. */
final class Copied extends Unread<@Nullable Void> {

    private final CompletableFuture<@Nullable Void> end = new CompletableFuture<>();

    Copied(ResponseInfo answer) {
        super(answer);
    }

    @Override
    public CompletionStage<@Nullable Void> getBody() {
        return end;
    }

    @Override
    void begun(Flow.Subscription body) {
        // cancelled with the copy
    }

    @Override
    void ended(Flow.Subscription body) {
        end.complete(null);
    }
}
