package io.evenkeel.examples.clients.feign;

import feign.AsyncFeign;
import feign.Feign;
import feign.Headers;
import feign.Param;
import feign.Request;
import feign.RequestLine;
import feign.Retryer;
import feign.TypedResponse;
import feign.http2client.Http2Client;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The orders, by Feign. */
public interface FeignOrders {

    /** What an order is. */
    @RequestLine("GET /orders/{id}")
    String order(@Param("id") int id);

    /** Places one; the answer says where it is. */
    @RequestLine("POST /orders")
    @Headers("Content-Type: text/plain")
    TypedResponse<String> place(String order);

    /** The same, for those who do not wait. */
    interface Later {

        @RequestLine("GET /orders/{id}")
        CompletableFuture<String> order(@Param("id") int id);

        @RequestLine("POST /orders")
        @Headers("Content-Type: text/plain")
        CompletableFuture<TypedResponse<String>> place(String order);
    }

    /** {@code client} balances, if the host in {@code base} is the name of a balancer of its. */
    static FeignOrders by(HttpClient client, URI base, Duration timeout) {
        return Feign.builder()
                .client(new Http2Client(client))
                .options(options(client, timeout))
                .retryer(Retryer.NEVER_RETRY) // the balancer repeats, elsewhere
                .target(FeignOrders.class, base.toString());
    }

    static Later laterBy(HttpClient client, URI base, Duration timeout) {
        return AsyncFeign.builder()
                .client(new Http2Client(client))
                .options(options(client, timeout))
                .retryer(Retryer.NEVER_RETRY)
                .target(Later.class, base.toString());
    }

    /** As the client has them: where it has other ones, Feign makes a client of its own, which does not balance. */
    private static Request.Options options(HttpClient client, Duration timeout) {
        return new Request.Options(
                client.connectTimeout().orElse(timeout),
                timeout,
                client.followRedirects() == HttpClient.Redirect.ALWAYS);
    }
}
