package io.evenkeel.examples.clients.methanol;

import com.github.mizosoft.methanol.HttpCache;
import com.github.mizosoft.methanol.Methanol;
import com.github.mizosoft.methanol.MutableRequest;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The orders, by Methanol. */
public final class MethanolOrders {

    private final HttpClient client;
    private final URI base;

    /** {@code client} is one of the two below. */
    public MethanolOrders(HttpClient client, URI base) {
        this.client = client;
        this.base = base;
    }

    /** Around one that balances: what Methanol does, it does once for a call. It can do all but cache. */
    public static Methanol around(HttpClient balanced, Duration timeout) {
        return Methanol.newBuilder(balanced)
                .userAgent("shop")
                .requestTimeout(timeout)
                .build();
    }

    /** Within: what Methanol does, it does for each attempt; and it caches what each replica answered. */
    public static HttpClient within(LoadBalancer orders, HttpCache cache, Duration timeout) {
        return BalancedHttpClient.builder()
                .transport(() -> Methanol.newBuilder()
                        .userAgent("shop")
                        .requestTimeout(timeout)
                        .cache(cache)
                        .connectTimeout(Duration.ofSeconds(1)))
                .balance(orders)
                .build();
    }

    /** What an order is. */
    public String order(int id) throws IOException, InterruptedException {
        return good(client.send(get(id), BodyHandlers.ofString())).body();
    }

    /** What an order is, for those who do not wait. */
    public CompletableFuture<String> orderLater(int id) {
        return client.sendAsync(get(id), BodyHandlers.ofString())
                .thenApply(answer -> good(answer).body());
    }

    /** Places one, and says where it is. */
    public Optional<String> place(String order) throws IOException, InterruptedException {
        HttpRequest post = MutableRequest.POST(base.resolve("/orders"), BodyPublishers.ofString(order));
        return good(client.send(post, BodyHandlers.ofString())).headers().firstValue("location");
    }

    private HttpRequest get(int id) {
        return MutableRequest.GET(base.resolve("/orders/" + id));
    }

    private static <T> HttpResponse<T> good(HttpResponse<T> answer) {
        if (answer.statusCode() >= 300) {
            throw new IllegalStateException("status " + answer.statusCode() + " of " + answer.uri());
        }
        return answer;
    }
}
