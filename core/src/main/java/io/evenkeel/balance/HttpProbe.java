package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.HealthCheck;
import java.lang.ref.WeakReference;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Asks an endpoint by a GET request: on a connection of the client by which calls travel, so that there is one before the first call, and if that
 * fails on one of its own.
 */
final class HttpProbe implements Probe {

    private final HttpClient own;
    private final HealthCheck.Get get;
    private final Duration timeout;
    /** Not kept alive, since clients come and go. */
    private volatile WeakReference<LoadBalancer.Prober> calls = new WeakReference<>(null);

    private volatile @Nullable LoadBalancer balancer;

    HttpProbe(HttpClient own, HealthCheck.Get get, Duration timeout) {
        this.own = own;
        this.get = get;
        this.timeout = timeout;
        get.headers().forEach(HttpProbe::check);
    }

    /** Without the value, which may be secret. */
    private static void check(String name, String value) {
        try {
            HttpRequest.newBuilder().header(name, value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the health check's header \"" + name
                    + "\" is none that a client may set, or has a value with characters that no header may have");
        }
    }

    @Override
    public CompletionStage<Boolean> accepts(Endpoint endpoint) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(endpoint.uri().resolve(get.path())).timeout(timeout);
        get.headers().forEach(builder::header);
        HttpRequest request = builder.build();
        LoadBalancer.Prober prober = calls.get();
        LoadBalancer asker = balancer;
        return prober == null || asker == null
                ? ask(request)
                : isGood(prober.send(asker, endpoint, request)).exceptionallyCompose(error -> askAgain(request, error));
    }

    /** The client may be closed, or as busy as it can be; but who refused, or gave no answer in time, is not asked again. */
    private CompletableFuture<Boolean> askAgain(HttpRequest request, Throwable error) {
        return isOfTheReplica(error) || isOfTheReplica(error.getCause())
                ? CompletableFuture.failedFuture(error)
                : ask(request);
    }

    private static boolean isOfTheReplica(@Nullable Throwable error) {
        return error instanceof HttpTimeoutException || error instanceof ConnectException;
    }

    private CompletableFuture<Boolean> ask(HttpRequest request) {
        return isGood(own.sendAsync(request, BodyHandlers.discarding()));
    }

    private CompletableFuture<Boolean> isGood(CompletableFuture<HttpResponse<Void>> answer) {
        return answer.thenApply(
                given -> given.statusCode() >= get.leastStatus() && given.statusCode() <= get.mostStatus());
    }

    void goBy(Checking.By by) {
        balancer = by.balancer();
        calls = new WeakReference<>(by.prober());
    }
}
