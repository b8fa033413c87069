package io.evenkeel.examples.clients.methanol;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.mizosoft.methanol.HttpCache;
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

class MethanolWithinIT extends ClientContract {

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(MethanolOrders.within(orders, cache(), timeout), ORDERS);
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(
                Methanol.newBuilder()
                        .userAgent("shop")
                        .requestTimeout(timeout)
                        .cache(cache())
                        .build(),
                replica);
    }

    private static HttpCache cache() {
        return HttpCache.newBuilder().cacheOnMemory(1_000_000).build();
    }

    private static Caller caller(HttpClient client, URI base) {
        MethanolOrders orders = new MethanolOrders(client, base);
        return Caller.of(orders::order, order -> orders.place(order).orElseThrow(), client::shutdownNow);
    }

    @Test
    void anInterceptorSeesEveryAttempt() throws Exception {
        AtomicInteger seen = new AtomicInteger();
        try (Server busy = Answers.busy();
                Server good = Answers.compressed("order 7");
                LoadBalancer orders = LoadBalancer.builder("orders")
                        .endpoints(busy.uri().toString(), good.uri().toString())
                        .policy(Policy.pickFirst())
                        .build();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> Methanol.newBuilder().backendInterceptor(Answers.counting(seen)))
                        .balance(orders)
                        .build()) {
            assertThat(new MethanolOrders(client, ORDERS).order(7)).isEqualTo("order 7");
            assertThat(seen).hasValue(2);
        }
    }

    @Test
    void whatEachReplicaAnsweredIsCached() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (Server one = Answers.lasting("order 7", asked);
                Server two = Answers.lasting("order 7", asked);
                LoadBalancer orders = LoadBalancer.builder("orders")
                        .endpoints(one.uri().toString(), two.uri().toString())
                        .policy(Policy.roundRobin())
                        .build();
                HttpClient client = MethanolOrders.within(orders, cache(), Duration.ofSeconds(20))) {
            for (int i = 0; i < 10; i++) {
                assertThat(new MethanolOrders(client, ORDERS).order(7)).isEqualTo("order 7");
            }
            assertThat(asked).hasValue(2);
            assertThat(orders.stats().calls()).isEqualTo(10);
        }
    }
}
