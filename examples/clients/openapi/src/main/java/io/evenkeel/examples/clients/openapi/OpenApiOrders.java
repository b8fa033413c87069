package io.evenkeel.examples.clients.openapi;

import io.evenkeel.examples.clients.openapi.generated.ApiClient;
import io.evenkeel.examples.clients.openapi.generated.OrdersApi;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;

/** The orders, by what OpenAPI Generator makes of their document. */
public final class OpenApiOrders {

    private OpenApiOrders() {}

    /** {@code client} balances, if the host in {@code base} is the name of a balancer of its. */
    public static OrdersApi by(HttpClient client, URI base, Duration timeout) {
        ApiClient api = new ApiClient() {
            @Override
            public HttpClient getHttpClient() {
                return client;
            }
        };
        api.updateBaseUri(base.toString());
        api.setReadTimeout(timeout);
        return new OrdersApi(api);
    }
}
