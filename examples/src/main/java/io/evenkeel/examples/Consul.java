package io.evenkeel.examples;

import io.evenkeel.EndpointStats;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.discovery.consul.ConsulEndpoints;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * The replicas of the service "orders" as Consul lists them, and who of them answers. {@code examples/consul/README.md} says what is to run beside it. Arguments, both
 * optional: the agent, {@code http://127.0.0.1:8500}, and for how many seconds, a day.
 */
public final class Consul {

    private static final int CALLS = 20;
    private static final int ROUND_MILLIS = 1_000;
    private static final int ROUNDS = 86_400;

    private Consul() {}

    public static void main(String[] args) throws Exception {
        URI agent = URI.create(args.length > 0 ? args[0] : "http://127.0.0.1:8500");
        int rounds = args.length > 1 ? Integer.parseInt(args[1]) : ROUNDS;

        try (LoadBalancer orders = LoadBalancer.builder("orders")
                        .source(ConsulEndpoints.of("orders").at(agent))
                        .policy(Policy.roundRobin())
                        .build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            orders.awaitReady(Duration.ofSeconds(30));
            for (int round = 0; round < rounds; round++) {
                int failed = callAll(client);
                System.out.println(CALLS + " calls, " + failed + " failed: " + answered(orders));
            }
        }
    }

    /** Calls within a second, and how many of them failed. */
    private static int callAll(HttpClient client) throws InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://orders/")).build();
        int failed = 0;
        for (int call = 0; call < CALLS; call++) {
            try {
                failed += client.send(request, BodyHandlers.discarding()).statusCode() == 200 ? 0 : 1;
            } catch (IOException e) {
                failed++;
            }
            Thread.sleep(ROUND_MILLIS / CALLS);
        }
        return failed;
    }

    /** How many calls each of those listed has answered so far. */
    private static Map<String, Long> answered(LoadBalancer orders) {
        Map<String, Long> answered = new TreeMap<>();
        for (EndpointStats replica : orders.stats().endpoints()) {
            answered.put(replica.endpoint().uri().getAuthority(), replica.successes());
        }
        return answered;
    }
}
