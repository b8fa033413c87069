package io.evenkeel.examples.clients.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** The orders, by Spring's RestClient. */
public final class SpringOrders {

    private final RestClient orders;

    /** {@code client} balances, if the host in {@code base} is the name of a balancer of its. */
    public SpringOrders(HttpClient client, URI base, Duration timeout) {
        JdkClientHttpRequestFactory requests = new JdkClientHttpRequestFactory(client);
        requests.setReadTimeout(timeout);
        orders = RestClient.builder().requestFactory(requests).baseUrl(base).build();
    }

    /** What an order is. */
    public Optional<String> order(int id) {
        return Optional.ofNullable(
                orders.get().uri("/orders/{id}", id).retrieve().body(String.class));
    }

    /** Places one, and says where it is. */
    public Optional<URI> place(String order) {
        return Optional.ofNullable(orders.post()
                .uri("/orders")
                .body(order)
                .retrieve()
                .toBodilessEntity()
                .getHeaders()
                .getLocation());
    }
}
