package io.evenkeel.examples.clients.methanol;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.mizosoft.methanol.Methanol;
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

class MethanolAroundIT extends ClientContract {

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(BalancedHttpClient.of(orders), ORDERS, timeout);
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(HttpClient.newHttpClient(), replica, timeout);
    }

    private static Caller caller(HttpClient client, URI base, Duration timeout) {
        MethanolOrders orders = new MethanolOrders(MethanolOrders.around(client, timeout), base);
        return Caller.of(orders::order, order -> orders.place(order).orElseThrow(), client::shutdownNow);
    }

    @Test
    void anInterceptorSeesACallOnceHoweverManyAttemptsItTakes() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (Server busy = Answers.busy();
                Server good = Answers.compressed("order 7");
                LoadBalancer orders = LoadBalancer.builder("orders")
                        .endpoints(busy.uri().toString(), good.uri().toString())
                        .policy(Policy.pickFirst())
                        .build();
                HttpClient balanced = BalancedHttpClient.of(orders)) {
            Methanol client = Methanol.newBuilder(balanced)
                    .backendInterceptor(Answers.counting(seen))
                    .build();
            assertThat(new MethanolOrders(client, ORDERS).order(7)).isEqualTo("order 7");
            assertThat(seen).hasValue(1);
            assertThat(orders.stats().repeats()).isEqualTo(1);
        }
    }
}
