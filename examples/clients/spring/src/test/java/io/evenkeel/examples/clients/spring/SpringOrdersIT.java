package io.evenkeel.examples.clients.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.examples.clients.contract.Caller;
import io.evenkeel.examples.clients.contract.ClientContract;
import io.evenkeel.examples.clients.contract.Server;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.policy.Policy;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;

class SpringOrdersIT extends ClientContract {

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(BalancedHttpClient.of(orders), ORDERS, timeout);
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(HttpClient.newHttpClient(), replica, timeout);
    }

    @Override
    protected boolean tellsHowLongItWaits() {
        return false;
    }

    private static Caller caller(HttpClient client, URI base, Duration timeout) {
        SpringOrders orders = new SpringOrders(client, base, timeout);
        return Caller.of(
                id -> orders.order(id).orElseThrow(),
                order -> orders.place(order).orElseThrow().toString(),
                client::shutdownNow);
    }

    /** Spring's publisher may be asked only once, for all that the balancer knows. */
    @Test
    void aBodyThatWasBegunIsNotSentAgain() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Server busy = new Server(exchange -> exchange.sendResponseHeaders(503, -1));
                Server good = new Server(exchange -> {
                    asked.incrementAndGet();
                    exchange.sendResponseHeaders(204, -1);
                });
                LoadBalancer balancer = LoadBalancer.builder("orders")
                        .endpoints(busy.uri().toString(), good.uri().toString())
                        .policy(Policy.pickFirst())
                        .build();
                HttpClient client = BalancedHttpClient.of(balancer)) {
            RestClient orders = RestClient.builder()
                    .requestFactory(new JdkClientHttpRequestFactory(client))
                    .baseUrl(ORDERS)
                    .build();
            assertThatThrownBy(() ->
                            orders.put().uri("/orders/7").body("tea").retrieve().toBodilessEntity())
                    .isInstanceOf(HttpServerErrorException.ServiceUnavailable.class);
            assertThat(orders.get()
                            .uri("/orders/7")
                            .retrieve()
                            .toBodilessEntity()
                            .getStatusCode()
                            .value())
                    .isEqualTo(204);
            assertThat(asked).hasValue(1);
        }
    }
}
