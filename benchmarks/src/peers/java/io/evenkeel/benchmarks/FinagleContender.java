package io.evenkeel.benchmarks;

import com.twitter.finagle.Http;
import com.twitter.finagle.Service;
import com.twitter.finagle.http.Request;
import com.twitter.finagle.http.Response;
import com.twitter.finagle.loadbalancer.LoadBalancerFactory;
import com.twitter.util.Duration;
import com.twitter.util.FutureEventListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/** Finagle's own HTTP client, with all defaults but the balancer. */
final class FinagleContender implements Contender {

    private final Service<Request, Response> service;

    private FinagleContender(List<String> origins, LoadBalancerFactory balancer) {
        String addresses = origins.stream()
                .map(origin -> origin.substring("http://".length()))
                .collect(Collectors.joining(","));
        service = Http.client()
                .withRequestTimeout(Duration.fromSeconds(5))
                .withLoadBalancer()
                .apply(balancer)
                .newService(addresses, "orders");
    }

    static Maker over(LoadBalancerFactory balancer) {
        return origins -> new FinagleContender(origins, balancer);
    }

    @Override
    public CompletionStage<Answer> call() {
        CompletableFuture<Answer> called = new CompletableFuture<>();
        Request request = Request.apply("/");
        request.host("orders");
        service.apply(request).addEventListener(new FutureEventListener<Response>() {
            @Override
            public void onSuccess(Response response) {
                called.complete(new Answer(response.statusCode(), HttpContender.port(response.contentString())));
            }

            @Override
            public void onFailure(Throwable cause) {
                called.completeExceptionally(cause);
            }
        });
        return called;
    }

    /** Its endpoints spin while one of them is made, which virtual threads must not. */
    @Override
    public boolean blocks() {
        return false;
    }

    @Override
    public void close() {
        service.close();
    }
}
