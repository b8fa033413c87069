package io.evenkeel.http;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointStats;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/** A balancer named {@code orders} that asks its endpoints in the order given, and a client for it. */
final class Fleet implements AutoCloseable {

    private final LoadBalancer balancer;
    private final BalancedHttpClient client;

    private Fleet(LoadBalancer balancer, BalancedHttpClient client) {
        this.balancer = balancer;
        this.client = client;
    }

    static Fleet of(ScriptedServer... servers) {
        return of(settings -> settings, servers);
    }

    static Fleet of(UnaryOperator<LoadBalancer.Builder> settings, ScriptedServer... servers) {
        return of(settings, Arrays.stream(servers).map(ScriptedServer::endpoint).toArray(Endpoint[]::new));
    }

    static Fleet of(UnaryOperator<LoadBalancer.Builder> settings, Endpoint... endpoints) {
        return of(BalancedHttpClient.builder(), settings, endpoints);
    }

    static Fleet of(
            BalancedHttpClient.Builder client, UnaryOperator<LoadBalancer.Builder> settings, Endpoint... endpoints) {
        return of(client, List.of(), settings, endpoints);
    }

    /** Whose requests go by these routes. */
    static Fleet routed(List<Route> routes, UnaryOperator<LoadBalancer.Builder> settings, Endpoint... endpoints) {
        return of(BalancedHttpClient.builder(), routes, settings, endpoints);
    }

    private static Fleet of(
            BalancedHttpClient.Builder client,
            List<Route> routes,
            UnaryOperator<LoadBalancer.Builder> settings,
            Endpoint... endpoints) {
        LoadBalancer.Builder builder =
                LoadBalancer.builder("orders").endpoints(endpoints).policy(new InOrder());
        LoadBalancer balancer = settings.apply(builder).build();
        return new Fleet(
                balancer, client.balance(balancer, routes.toArray(Route[]::new)).build());
    }

    /** On a transport that is not the client's own. */
    static Fleet on(HttpClient transport, ScriptedServer... servers) {
        return of(
                BalancedHttpClient.builder().transport(transport),
                settings -> settings,
                Arrays.stream(servers).map(ScriptedServer::endpoint).toArray(Endpoint[]::new));
    }

    LoadBalancer balancer() {
        return balancer;
    }

    BalancedHttpClient client() {
        return client;
    }

    static HttpRequest.Builder request(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create("http://orders" + pathAndQuery));
    }

    HttpResponse<String> get(String pathAndQuery) throws IOException, InterruptedException {
        return send(request(pathAndQuery));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), BodyHandlers.ofString());
    }

    EndpointStats stats(int index) {
        return balancer.stats().endpoints().get(index);
    }

    int inFlight() {
        return balancer.stats().endpoints().stream()
                .mapToInt(EndpointStats::inFlight)
                .sum();
    }

    /** Waits until no call is in flight. */
    void awaitIdle() {
        Waiting.until("nothing in flight", () -> inFlight() == 0);
    }

    @Override
    public void close() {
        client.shutdownNow();
        balancer.close();
    }
}
