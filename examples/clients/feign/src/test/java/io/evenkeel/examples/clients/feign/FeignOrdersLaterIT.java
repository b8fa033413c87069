package io.evenkeel.examples.clients.feign;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.examples.clients.contract.Caller;
import io.evenkeel.examples.clients.contract.ClientContract;
import io.evenkeel.http.BalancedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

class FeignOrdersLaterIT extends ClientContract {

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(BalancedHttpClient.of(orders), ORDERS, timeout);
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(HttpClient.newHttpClient(), replica, timeout);
    }

    private static Caller caller(HttpClient client, URI base, Duration timeout) {
        FeignOrders.Later orders = FeignOrders.laterBy(client, base, timeout);
        return Caller.of(
                id -> orders.order(id).get(),
                order -> FeignOrdersIT.location(orders.place(order).get()),
                client::shutdownNow);
    }
}
