package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** How the server refused what it was asked last: of a watch, the client says only that it has ended. Threads: any. */
final class Refusal implements Interceptor {

    private volatile int status;

    /** The status of the answer; 0 if it was a good one. */
    int status() {
        return status;
    }

    /** Before anybody else hears of the answer. */
    @Override
    public CompletableFuture<Boolean> afterFailure(
            HttpRequest.Builder builder, HttpResponse<?> response, RequestTags tags) {
        status = response.code();
        return CompletableFuture.completedFuture(false); // it is not to ask again
    }

    @Override
    public void after(HttpRequest request, HttpResponse<?> response, AsyncBody.Consumer<List<ByteBuffer>> consumer) {
        if (response.isSuccessful()) { // with credentials that were renewed, for one
            status = 0;
        }
    }
}
