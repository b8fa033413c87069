package io.evenkeel.examples.clients.openapi;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.examples.clients.contract.Caller;
import io.evenkeel.examples.clients.contract.ClientContract;
import io.evenkeel.examples.clients.contract.Format;
import io.evenkeel.examples.clients.openapi.later.Order;
import io.evenkeel.examples.clients.openapi.later.OrdersApi;
import io.evenkeel.http.BalancedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

class OpenApiOrdersLaterIT extends ClientContract {

    @Override
    protected Format format() {
        return Format.json("{\"text\": \"%s\"}");
    }

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(BalancedHttpClient.of(orders), ORDERS, timeout);
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(HttpClient.newHttpClient(), replica, timeout);
    }

    private static Caller caller(HttpClient client, URI base, Duration timeout) {
        OrdersApi orders = OpenApiOrdersLater.by(client, base, timeout);
        return Caller.of(id -> orders.order(id).get().getText(), order -> place(orders, order), client::shutdownNow);
    }

    private static String place(OrdersApi orders, String text) throws Exception {
        return orders.placeWithHttpInfo(new Order().text(text))
                .get()
                .getHeaders()
                .get("location")
                .get(0);
    }
}
