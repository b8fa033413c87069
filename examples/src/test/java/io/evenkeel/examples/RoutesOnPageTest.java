package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.Hedge;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.http.Route;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What docs/routing.md shows: its code stands here, and runs. */
class RoutesOnPageTest {

    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);

    private final LoadBalancer orders = balancer("orders");
    private final LoadBalancer users = balancer("users");
    private final LoadBalancer acme = balancer("acme");
    private final LoadBalancer search = balancer("search");
    private final LoadBalancer next = balancer("next");

    private static LoadBalancer balancer(String name) {
        return LoadBalancer.builder(name)
                .endpoints(Endpoint.of("http://127.0.0.1:1").withTag("version", "2"))
                .build();
    }

    @AfterEach
    void closeAll() {
        List.of(orders, users, acme, search, next).forEach(LoadBalancer::close);
    }

    @Test
    void thePagesCodeStandsHere() throws IOException {
        String here = squeezed(Files.readString(Path.of("src/test/java/io/evenkeel/examples/RoutesOnPageTest.java")));
        List<String> blocks = CODE.matcher(Files.readString(Path.of("..", "docs", "routing.md")))
                .results()
                .map((MatchResult match) -> squeezed(match.group(1)))
                .toList();
        assertThat(blocks)
                .hasSizeGreaterThanOrEqualTo(5)
                .allSatisfy(block -> assertThat(here).contains(block));
    }

    /** Without comments, and with no regard to how it is set. */
    private static String squeezed(String code) {
        return code.replaceAll("(?<!:)//.*", "").replaceAll("\\s+", "");
    }

    @Test
    void aClientHasThem() throws InterruptedException {
        HttpClient client = BalancedHttpClient.builder()
                .balance(
                        orders,
                        Route.path("/v2/**").toTag("version", "2"),
                        Route.header("X-Tenant", "acme").to(acme))
                .balance(users)
                .build();
        client.shutdownNow();
        assertThat(client.awaitTermination(Duration.ofSeconds(20))).isTrue();
    }

    @Test
    void eachIsARoute() {
        Route writesOfTheNewest =
                Route.path("/v2/**").and(Route.method("PUT", "DELETE")).toTag("version", "2");
        Route canary = Route.any().split(95, "version", "1").split(5, "version", "2");
        Route move = Route.path("/search/**").split(90, orders).split(10, search);
        Route reports = Route.path("/reports/**")
                .withTimeout(Duration.ofSeconds(30))
                .withRetry(Retry.none())
                .withHedge(Hedge.off())
                .rewritePrefix("/reports", "/v3/reports");
        Route tried = Route.method("GET", "HEAD").mirror(next, 0.1, "X-Copy", "yes");
        try (HttpClient client = BalancedHttpClient.builder()
                .balance(orders, writesOfTheNewest, move, reports, tried, canary)
                .onlyBalanced()
                .build()) {
            assertThat(client.isTerminated()).isFalse();
        }
    }
}
