package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.HealthCheck;
import io.evenkeel.Hedge;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Retry;
import io.evenkeel.Seeds;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Routes of requests to real servers: two of the balancer, of versions 1 and 2, and one of another balancer. */
@Timeout(60)
class RouteIT {

    private ScriptedServer one;
    private ScriptedServer two;
    private ScriptedServer elsewhere;
    private LoadBalancer other;

    @BeforeEach
    void startServers() throws IOException {
        one = ScriptedServer.answering(200, "one");
        two = ScriptedServer.answering(200, "two");
        elsewhere = ScriptedServer.answering(200, "elsewhere");
        other = LoadBalancer.builder("other").endpoints(elsewhere.uri()).build();
    }

    @AfterEach
    void stopServers() throws IOException {
        other.close();
        one.close();
        two.close();
        elsewhere.close();
    }

    private Fleet fleet(Route... routes) {
        return Fleet.routed(
                List.of(routes),
                settings -> settings,
                one.endpoint().withTag("version", "1"),
                two.endpoint().withTag("version", "2"));
    }

    private static String get(HttpClient client, String uri) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.ofString())
                .body();
    }

    @Test
    void theFirstRouteThatIsForARequestIsTakenAndNoneIsTheBalancerItself() throws Exception {
        try (Fleet fleet = fleet(
                Route.path("/v2/status"),
                Route.path("/v2/**").toTag("version", "2"),
                Route.path("/v2/**").to(other),
                Route.path("/other/**").to(other))) {
            assertThat(fleet.get("/v2/items").body()).isEqualTo("two");
            assertThat(fleet.get("/%76%32/items").body()).isEqualTo("two");
            assertThat(fleet.get("/v2/status").body()).isEqualTo("one");
            assertThat(fleet.get("/items").body()).isEqualTo("one");
            assertThat(fleet.get("/other/items").body()).isEqualTo("elsewhere");
            assertThat(two.requests())
                    .extracting(ScriptedServer.Received::target)
                    .containsExactly("/v2/items", "/%76%32/items");
        }
    }

    @Test
    void anAsynchronousRequestGoesTheSameWay() throws Exception {
        try (Fleet fleet = fleet(
                Route.path("/v2/**").toTag("version", "2"),
                Route.path("/other/**").to(other))) {
            for (String path : new String[] {"/v2/items", "/items", "/other/items"}) {
                HttpRequest request = Fleet.request(path).build();
                assertThat(fleet.client()
                                .sendAsync(request, BodyHandlers.ofString())
                                .get()
                                .body())
                        .isEqualTo(fleet.get(path).body());
            }
            assertThat(two.requests()).hasSize(2);
            assertThat(elsewhere.requests()).hasSize(2);
        }
    }

    @Test
    void whatARequestIsLikeDecides() throws Exception {
        try (Fleet fleet = fleet(
                Route.method("PUT").to(other),
                Route.header("X-Canary", "*").and(Route.query("user", "4*")).toTag("version", "2"),
                Route.when(request -> request.expectContinue()).to(other))) {
            HttpRequest.Builder canary = Fleet.request("/?user=42").header("X-Canary", "yes");
            assertThat(fleet.send(canary).body()).isEqualTo("two");
            assertThat(fleet.send(canary.PUT(BodyPublishers.ofString("body"))).body())
                    .isEqualTo("elsewhere");
            assertThat(fleet.get("/?user=42").body()).isEqualTo("one");
            assertThat(fleet.send(Fleet.request("/?user=5").header("X-Canary", "yes"))
                            .body())
                    .isEqualTo("one");
        }
    }

    @Test
    void whatAPredicateThrowsIsTheCallersToSee() throws Exception {
        try (Fleet fleet = fleet(Route.path("/bad").and(Route.when(request -> {
            throw new IllegalStateException("own");
        })))) {
            assertThatIllegalStateException()
                    .isThrownBy(() -> fleet.get("/bad"))
                    .withMessage("own");
            assertThatIllegalStateException()
                    .isThrownBy(
                            () -> fleet.client().sendAsync(Fleet.request("/bad").build(), BodyHandlers.ofString()));
            assertThat(fleet.get("/good").body()).isEqualTo("one");
            fleet.client().shutdown();
            assertThat(fleet.client().awaitTermination(Duration.ofSeconds(20))).isTrue();
        }
    }

    @Test
    void hostsThatRoutesNameSelectTheirBalancer() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(
                                orders,
                                Route.host("*.shop.example")
                                        .and(Route.path("/other"))
                                        .to(other),
                                Route.host("orders:81").to(other))
                        .onlyBalanced()
                        .build()) {
            assertThat(get(client, "http://A.shop.example/other")).isEqualTo("elsewhere");
            assertThat(get(client, "http://a.shop.example:77/items")).isEqualTo("one");
            assertThat(get(client, "http://orders:81/")).isEqualTo("elsewhere");
            assertThat(get(client, "http://orders/")).isEqualTo("one");
            assertThatIOException()
                    .isThrownBy(() -> get(client, "http://shop.example/other"))
                    .withMessageContaining("no balancer is named shop.example, only [orders]");
        }
    }

    @Test
    void routesThatAreGivenLaterComeAfter() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders, Route.path("/a"))
                        .balance(orders, Route.any().to(other))
                        .balance(orders)
                        .build()) {
            assertThat(get(client, "http://orders/a")).isEqualTo("one");
            assertThat(get(client, "http://orders/b")).isEqualTo("elsewhere");
        }
    }

    @Test
    void whereNobodyHasTheTagACallFailsAndNamesIt() throws Exception {
        try (Fleet fleet = fleet(Route.path("/v3/**").toTag("version", "3"))) {
            assertThatExceptionOfType(NoEndpointException.class)
                    .isThrownBy(() -> fleet.get("/v3/items"))
                    .withMessageContaining("orders: no endpoint with tags {version=3}: 2 known, 2 eligible");
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> fleet.client()
                            .sendAsync(Fleet.request("/v3/items").build(), BodyHandlers.ofString())
                            .get())
                    .withCauseInstanceOf(NoEndpointException.class);
            assertThat(fleet.get("/items").body()).isEqualTo("one");
        }
    }

    @Test
    void orElseItGoesToAllUntilSomebodyHas() throws Exception {
        try (Fleet fleet = fleet(Route.path("/v2/**").toTag("version", "2").orElseAll())) {
            assertThat(fleet.get("/v2/items").body()).isEqualTo("two");
            fleet.balancer().disable(two.endpoint());
            assertThat(fleet.get("/v2/items").body()).isEqualTo("one");
            fleet.balancer().enable(two.endpoint());
            assertThat(fleet.get("/v2/items").body()).isEqualTo("two");
        }
    }

    @Test
    void anHttpsRequestNeverGoesToAnHttpEndpointWhereverARouteLeads() throws Exception {
        try (Fleet fleet = fleet(
                Route.path("/other").to(other),
                Route.path("/v2").toTag("version", "2").orElseAll(),
                Route.path("/mirrored").to(other).mirror(other, 1))) {
            for (String path : new String[] {"/other", "/v2", "/mirrored", "/"}) {
                assertThatExceptionOfType(NoEndpointException.class)
                        .isThrownBy(() -> get(fleet.client(), "https://orders" + path))
                        .withMessageContaining("of scheme https");
            }
            assertThat(elsewhere.requests()).isEmpty();
        }
    }

    /** 60 of 1,200, with the standard deviation sqrt(1200 x 0.05 x 0.95) = 7.5, of which five are tolerated. */
    @Test
    void callsAreSplitByWeight() throws Exception {
        SplittableRandom random = new SplittableRandom(Seeds.of(21));
        try (Fleet fleet = Fleet.routed(
                List.of(Route.any().split(95, "version", "1").split(5, "version", "2")),
                settings -> settings.random(() -> random),
                one.endpoint().withTag("version", "1"),
                two.endpoint().withTag("version", "2"))) {
            for (int i = 0; i < 1_200; i++) {
                fleet.get("/");
            }
            assertThat((double) two.requests().size()).isCloseTo(60, within(38.0));
            assertThat(one.requests()).hasSize(1_200 - two.requests().size());
        }
    }

    @Test
    void aRoutesTimeoutIsForRequestsThatBringNone() throws Exception {
        try (ScriptedServer hanging = ScriptedServer.start(ScriptedServer.Visit::hang);
                Fleet fleet = Fleet.routed(
                        List.of(
                                Route.path("/short").withTimeout(Duration.ofMillis(50)),
                                Route.path("/long").withTimeout(Duration.ofDays(1))),
                        settings -> settings.retry(Retry.none()).deadline(Duration.ofDays(1)),
                        hanging.endpoint())) {
            assertThatExceptionOfType(HttpTimeoutException.class).isThrownBy(() -> fleet.get("/short"));
            assertThatExceptionOfType(HttpTimeoutException.class)
                    .isThrownBy(() -> fleet.send(Fleet.request("/long").timeout(Duration.ofMillis(50))));
            assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> fleet.client()
                            .sendAsync(Fleet.request("/short").build(), BodyHandlers.ofString())
                            .get())
                    .withCauseInstanceOf(HttpTimeoutException.class);
            fleet.awaitIdle();
        }
    }

    @Test
    void aRequestsOwnTimeoutComesBeforeTheRoutes() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    release.await();
                    visit.answer(200, "well");
                });
                Fleet fleet = Fleet.routed(
                        List.of(Route.any().withTimeout(Duration.ofMillis(1))),
                        settings -> settings.retry(Retry.none()),
                        slow.endpoint())) {
            HttpRequest patient = Fleet.request("/").timeout(Duration.ofDays(1)).build();
            CompletableFuture<HttpResponse<String>> answer = fleet.client().sendAsync(patient, BodyHandlers.ofString());
            assertThatExceptionOfType(HttpTimeoutException.class)
                    .isThrownBy(() -> fleet.get("/")); // longer than a millisecond
            release.countDown();
            assertThat(answer.get().body()).isEqualTo("well");
        }
    }

    @Test
    void aRouteIsRepeatedAsOftenAsItSays() throws Exception {
        try (ScriptedServer busy = ScriptedServer.answering(503, "busy");
                Fleet fleet = Fleet.routed(
                        List.of(
                                Route.path("/once").withRetry(Retry.none()),
                                Route.path("/twice").withRetry(Retry.upTo(2))),
                        settings -> settings.retry(Retry.upTo(3)),
                        busy.endpoint(),
                        ScriptedServer.refusing(),
                        one.endpoint())) {
            assertThat(fleet.get("/once").body()).isEqualTo("busy");
            assertThatIOException().isThrownBy(() -> fleet.get("/twice"));
            assertThat(one.requests()).isEmpty();
            assertThat(fleet.get("/").body()).isEqualTo("one");
        }
    }

    @Test
    void aRouteIsHedgedAsItSays() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    release.await();
                    visit.answer(200, "late");
                });
                Fleet fleet = Fleet.routed(
                        List.of(Route.path("/quick").withHedge(Hedge.after(Duration.ofMillis(20)))),
                        settings -> settings,
                        slow.endpoint(),
                        one.endpoint())) {
            CompletableFuture<HttpResponse<String>> patient =
                    fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString());
            assertThat(fleet.get("/quick").body()).isEqualTo("one");
            assertThat(fleet.balancer().stats().repeats()).isEqualTo(1);
            release.countDown();
            assertThat(patient.get().body()).isEqualTo("late");
            fleet.awaitIdle();
        }
    }

    @Test
    void aRouteMayTurnHedgesOff() throws Exception {
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    if (visit.request().target().equals("/")) {
                        visit.hang();
                        return;
                    }
                    Waiting.until("the other is hedged", () -> one.requests().size() == 1);
                    visit.answer(200, "late");
                });
                Fleet fleet = Fleet.routed(
                        List.of(Route.path("/patient").withHedge(Hedge.off())),
                        settings -> settings.hedge(Hedge.after(Duration.ofMillis(20))),
                        slow.endpoint(),
                        one.endpoint())) {
            CompletableFuture<HttpResponse<String>> patient =
                    fleet.client().sendAsync(Fleet.request("/patient").build(), BodyHandlers.ofString());
            Waiting.until("it arrived", () -> !slow.requests().isEmpty());
            assertThat(fleet.get("/").body()).isEqualTo("one");
            assertThat(patient.get().body()).isEqualTo("late");
            assertThat(fleet.balancer().stats().repeats()).isEqualTo(1);
        }
    }

    @Test
    void aPercentileIsOfTheRoutesOwnAttempts() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedServer first = ScriptedServer.start(visit -> {
                    if (visit.request().target().endsWith("/hang")) {
                        release.await();
                    }
                    visit.answer(200, "first");
                });
                Fleet fleet = Fleet.routed(
                        List.of(Route.path("/quick/**").withHedge(Hedge.atPercentile(0.95))),
                        settings -> settings,
                        first.endpoint(),
                        one.endpoint())) {
            for (int i = 0; i < 99; i++) {
                fleet.get("/quick/" + i);
                fleet.get("/" + i);
            }
            assertThat(fleet.balancer().stats().repeats()).isZero(); // nothing to go by
            fleet.get("/quick/99");
            assertThat(fleet.get("/quick/hang").body()).isEqualTo("one");
            release.countDown();
            fleet.awaitIdle();
        }
    }

    @Test
    void thePathIsRewrittenAndTheAnswersUriIsNot() throws Exception {
        try (Fleet fleet = Fleet.routed(
                List.of(
                        Route.path("/v2/**").rewritePrefix("/v2", "/"),
                        Route.path("/old/**").to(other).rewritePrefix("/old", "/new/api")),
                settings -> settings,
                one.endpoint())) {
            HttpResponse<String> answer = fleet.get("/v2/items/a%2Fb?q=%20x");
            assertThat(answer.uri()).isEqualTo(URI.create("http://orders/v2/items/a%2Fb?q=%20x"));
            assertThat(answer.request().uri()).isEqualTo(answer.uri());
            fleet.get("//v2/./items");
            fleet.get("/v1/items");
            fleet.get("/v2");
            assertThat(one.requests())
                    .extracting(ScriptedServer.Received::target)
                    .containsExactly("/items/a%2Fb?q=%20x", "/items", "/v1/items", "/");
            fleet.get("/old/items?a=b");
            assertThat(elsewhere.requests().get(0).target()).isEqualTo("/new/api/items?a=b");
        }
    }

    @Test
    void theSameRouteServesSeveralAttempts() throws Exception {
        try (ScriptedServer busy = ScriptedServer.answering(503, "busy");
                Fleet fleet = Fleet.routed(
                        List.of(Route.path("/v2/**").toTag("version", "2").rewritePrefix("/v2", "/x")),
                        settings -> settings,
                        one.endpoint().withTag("version", "1"),
                        busy.endpoint().withTag("version", "2"),
                        two.endpoint().withTag("version", "2"))) {
            assertThat(fleet.get("/v2/items").body()).isEqualTo("two");
            assertThat(busy.requests().get(0).target()).isEqualTo("/x/items");
            assertThat(two.requests().get(0).target()).isEqualTo("/x/items");
        }
    }

    @Test
    void healthIsCheckedOnTheConnectionsThatCallsUseWhereverARouteLeads() throws Exception {
        AtomicReference<EndpointSource.Listener> listener = new AtomicReference<>();
        try (ScriptedServer fresh = ScriptedServer.answering(200, "fresh");
                LoadBalancer destination = LoadBalancer.builder("destination")
                        .source(to -> {
                            listener.set(to);
                            to.endpoints(List.of(elsewhere.endpoint()));
                            return () -> {};
                        })
                        .policy(new InOrder())
                        .healthCheck(HealthCheck.get("/healthz").withInterval(Duration.ofHours(1)))
                        .build();
                Fleet fleet = fleet(Route.any().to(destination))) {
            listener.get().endpoints(List.of(fresh.endpoint(), elsewhere.endpoint()));
            Waiting.until(
                    "the check is passed",
                    () -> destination.stats().endpoints().get(0).state() == EndpointState.RAMPING);
            assertThat(fleet.get("/").body()).isEqualTo("fresh");
            assertThat(fresh.connections()).isEqualTo(1);
        }
    }
}
