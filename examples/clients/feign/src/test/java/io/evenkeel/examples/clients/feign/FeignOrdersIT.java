package io.evenkeel.examples.clients.feign;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Feign;
import feign.TypedResponse;
import feign.http2client.Http2Client;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.examples.clients.contract.Caller;
import io.evenkeel.examples.clients.contract.ClientContract;
import io.evenkeel.examples.clients.contract.Server;
import io.evenkeel.http.BalancedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FeignOrdersIT extends ClientContract {

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(BalancedHttpClient.of(orders), ORDERS, timeout);
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(HttpClient.newHttpClient(), replica, timeout);
    }

    private static Caller caller(HttpClient client, URI base, Duration timeout) {
        FeignOrders orders = FeignOrders.by(client, base, timeout);
        return Caller.of(orders::order, order -> location(orders.place(order)), client::shutdownNow);
    }

    static String location(TypedResponse<String> answer) {
        return answer.headers().get("location").iterator().next();
    }

    /** Why the options go by the client. */
    @Test
    void withOptionsOfItsOwnFeignGoesPastTheBalancer() throws Exception {
        try (Server elsewhere = new Server(exchange -> exchange.sendResponseHeaders(204, -1));
                LoadBalancer balancer = LoadBalancer.builder(elsewhere.uri().getHost())
                        .endpoints("http://127.0.0.1:1")
                        .build();
                HttpClient client = BalancedHttpClient.of(balancer)) {
            FeignOrders orders = Feign.builder()
                    .client(new Http2Client(client))
                    .target(FeignOrders.class, elsewhere.uri().toString());
            assertThat(orders.place("tea").status()).isEqualTo(204);
            assertThat(balancer.stats().calls()).isZero();
        }
    }
}
