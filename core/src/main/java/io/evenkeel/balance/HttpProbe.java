package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.HealthCheck;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks an endpoint by a GET request, on connections of its own. */
final class HttpProbe implements Probe {

    private final HttpClient client;
    private final HealthCheck.Get get;
    private final Duration timeout;

    HttpProbe(HttpClient client, HealthCheck.Get get, Duration timeout) {
        this.client = client;
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
        HttpRequest.Builder request =
                HttpRequest.newBuilder(endpoint.uri().resolve(get.path())).timeout(timeout);
        get.headers().forEach(request::header);
        return client.sendAsync(request.build(), BodyHandlers.discarding())
                .thenApply(
                        answer -> answer.statusCode() >= get.leastStatus() && answer.statusCode() <= get.mostStatus());
    }
}
