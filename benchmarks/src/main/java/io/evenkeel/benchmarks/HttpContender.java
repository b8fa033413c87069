package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;

/** An {@link HttpClient}, and what must be closed after it. */
final class HttpContender implements Contender {

    private final HttpClient client;
    private final HttpRequest request;
    private final Closeable rest;

    private HttpContender(HttpClient client, String authority, Closeable rest) {
        this.client = client;
        this.rest = rest;
        this.request = HttpRequest.newBuilder(URI.create("http://" + authority + "/"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(5))
                .build();
    }

    /** A balanced client, with all defaults but these. */
    static Maker evenkeel(UnaryOperator<LoadBalancer.Builder> settings) {
        return origins -> {
            LoadBalancer orders = settings.apply(LoadBalancer.builder("orders"))
                    .endpoints(origins.toArray(String[]::new))
                    .build();
            return new HttpContender(BalancedHttpClient.of(orders), orders.name(), orders::close);
        };
    }

    /** The JDK's client, and HAProxy between. */
    static Maker haproxy(HaProxy.Settings settings) {
        return origins -> {
            HaProxy proxy = HaProxy.start(origins, settings);
            return new HttpContender(WholeClient.tuned(), proxy.address(), proxy);
        };
    }

    @Override
    public CompletionStage<Answer> call() {
        try {
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            return CompletableFuture.completedFuture(new Answer(response.statusCode(), port(response.body())));
        } catch (IOException | InterruptedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean blocks() {
        return true;
    }

    /** The origin's answer is its port; a proxy's own is none. */
    static int port(String body) {
        return body.chars().allMatch(Character::isDigit) && !body.isEmpty() ? Integer.parseInt(body) : 0;
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        client.close();
        rest.close();
    }
}
