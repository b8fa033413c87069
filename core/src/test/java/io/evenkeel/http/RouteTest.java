package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.Hedge;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests a route is for, and what it refuses to be set to. */
class RouteTest {

    private static final LoadBalancer OTHER =
            LoadBalancer.builder("other").endpoints("http://127.0.0.1:1").build();

    private static HttpRequest get(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).build();
    }

    private static boolean isFor(Route route, HttpRequest request) {
        return route.match().matches(request, PathText.compared(request.uri().getRawPath()));
    }

    private static boolean isFor(Route route, String uri) {
        return isFor(route, get(uri));
    }

    @Test
    void anyIsForAll() {
        assertThat(isFor(Route.any(), "http://orders")).isTrue();
        assertThat(isFor(Route.any(), "https://orders/a?b=c#d")).isTrue();
    }

    @Test
    void aPathIsWithoutQueryAndFragment() {
        assertThat(isFor(Route.path("/v2/*"), "http://orders/v2/items?a=/b#c/d"))
                .isTrue();
        assertThat(isFor(Route.path("/"), "http://orders?a=b")).isTrue();
        assertThat(isFor(Route.path("/v2/**"), "http://orders/v1/%2e%2E/%762/items"))
                .isTrue();
    }

    @Test
    void aMethodIsOneOfThose() {
        Route writes = Route.method("POST", "PUT", "PURGE");
        assertThat(isFor(writes, get("http://orders/"))).isFalse();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://orders/"));
        assertThat(isFor(writes, request.PUT(BodyPublishers.noBody()).build())).isTrue();
        assertThat(isFor(
                        writes, request.method("PURGE", BodyPublishers.noBody()).build()))
                .isTrue();
        assertThat(isFor(
                        writes, request.method("purge", BodyPublishers.noBody()).build()))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "X-Canary, yes, true",
        "x-canary, yes, true",
        "X-Canary, Yes, false",
        "X-Canary, y*s, true",
        "X-Canary, *, true",
        "X-Canary, ye, false",
        "X-Many, two, true",
        "X-Many, three, false",
        "X-Other, *, false",
        "X-Empty, *, true",
        "X-Empty, '', true",
        "Accept, text/*, true"
    })
    void aHeaderHasSuchAValue(String name, String value, boolean is) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://orders/"))
                .header("X-Canary", "yes")
                .header("X-Many", "one")
                .header("X-Many", "two")
                .header("X-Empty", "")
                .header("Accept", "text/html;q=0.9")
                .build();
        assertThat(isFor(Route.header(name, value), request)).isEqualTo(is);
    }

    @ParameterizedTest
    @CsvSource({
        "a, 1, a=1, true",
        "a, 1, b=2&a=1, true",
        "a, 1, a=2&a=1, true",
        "a, 1, a=12, false",
        "a, 1, ab=1, false",
        "a, 1, b=a=1, false",
        "a, 1, A=1, false",
        "a, 1, '', false",
        "a, *, a=, true",
        "a, *, a, true",
        "a, '', a, true",
        "a, *, b&&a&c, true",
        "a, *, b, false",
        "a, 1*3, a=123, true",
        "a, 1=2, a=1=2, true",
        "a=b, 1, a=b=1, false",
        "a=b, 1, a%3Db=1, true",
        "a, b=1, a%3Db=1, false",
        "a b, c d, a+b=c%20d, true",
        "a&b, c&d, a%26b=c%26d, true",
        "a, 1, %61=%31, true",
        "ä, ö, %C3%A4=%c3%b6, true",
        "a, 100%, a=100%25, true"
    })
    void aParameterOfTheQueryHasSuchAValue(String name, String value, String query, boolean is) {
        assertThat(isFor(Route.query(name, value), "http://orders/?" + query)).isEqualTo(is);
    }

    @Test
    void withoutAQueryThereAreNoParameters() {
        assertThat(isFor(Route.query("a", "*"), "http://orders/a")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "v2.orders, http://v2.orders/, true",
        "v2.orders, http://V2.Orders:8080/, true",
        "V2.orders, http://v2.orders/, true",
        "v2.orders, http://orders/, false",
        "orders:8081, http://orders:8081/, true",
        "orders:8081, http://orders/, false",
        "orders:80, http://orders/, true",
        "orders:443, https://orders/, true",
        "orders:80, https://orders/, false",
        "*.orders:443, HTTPS://a.orders/, true",
        "[::1]:80, http://[::1]/, true"
    })
    void aHostIsThatOfTheUri(String host, String uri, boolean is) {
        assertThat(isFor(Route.host(host), uri)).isEqualTo(is);
    }

    @Test
    void aPredicateSeesTheRequest() {
        Route big = Route.when(request ->
                request.bodyPublisher().map(body -> body.contentLength() > 3).orElse(false));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://orders/"));
        assertThat(isFor(big, request.POST(BodyPublishers.ofString("four")).build()))
                .isTrue();
        assertThat(isFor(big, request.POST(BodyPublishers.ofString("two")).build()))
                .isFalse();
        assertThat(isFor(big, request.GET().build())).isFalse();
    }

    @Test
    void bothMustBeFor() {
        Route route = Route.path("/v2/**").and(Route.method("GET")).and(Route.query("a", "1"));
        assertThat(isFor(route, "http://orders/v2?a=1")).isTrue();
        assertThat(isFor(route, "http://orders/v2?a=2")).isFalse();
        assertThat(isFor(route, "http://orders/v1?a=1")).isFalse();
        assertThat(isFor(Route.any().and(Route.path("/a")), "http://orders/b")).isFalse();
        assertThat(isFor(Route.path("/a").and(Route.any()), "http://orders/b")).isFalse();
    }

    @Test
    void aCopyLeavesTheRouteAsItWas() {
        Route path = Route.path("/v2/**");
        path.and(Route.method("POST")).toTag("version", "2").withTimeout(Duration.ofSeconds(1));
        assertThat(isFor(path, "http://orders/v2")).isTrue();
        assertThat(path.destinations()).isEqualTo(Destinations.OWN);
        assertThat(path.manner()).isEqualTo(Manner.USUAL);
    }

    @Test
    void itSaysWhatItDoesWithoutValuesThatMayBeSecrets() {
        Route route = Route.path("/v2/**")
                .and(Route.method("GET", "HEAD"))
                .and(Route.header("Authorization", "Bearer hush"))
                .and(Route.query("key", "hush"))
                .and(Route.host("*.orders:81"))
                .and(Route.when(request -> true))
                .to(OTHER)
                .toTag("version", "2")
                .orElseAll()
                .split(95, "tier", "gold")
                .split(5, OTHER)
                .withTimeout(Duration.ofSeconds(1))
                .withRetry(Retry.none())
                .withHedge(Hedge.off())
                .rewritePrefix("/v2", "/")
                .mirror(OTHER, 0.1, "X-Copy", "hush");
        assertThat(route.toString())
                .startsWith("path /v2/** and method GET or HEAD and header Authorization and query key and host"
                        + " *.orders:81 and a predicate to other with tags {version=2} or else all, split: [95.0 to its"
                        + " balancer with tags {tier=gold}, 5.0 to other], timeout PT1S, Retry[")
                .endsWith(", rewritten, mirrored to other")
                .doesNotContain("hush");
        assertThat(Route.any()).hasToString("any request to its balancer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "GET ", "a:b", "ä"})
    void whatIsNoTokenIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.method(name))
                .withMessageStartingWith("method \"" + name + "\" is no name");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.header(name, "*"))
                .withMessageStartingWith("header \"" + name + "\" is no name");
    }

    @Test
    void whatWouldNeverMatchIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.method("get"))
                .withMessage("method get is not GET, since case counts: write GET");
        assertThatIllegalArgumentException().isThrownBy(Route::method).withMessageStartingWith("no method is given");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.query("", "*"))
                .withMessageContaining("has no name");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -0.001, 1_000_001, Double.NaN, Double.POSITIVE_INFINITY})
    void aWeightOutOfRangeIsRefused(double weight) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.any().split(weight, OTHER))
                .withMessage("weight is " + weight + ", but must be 0 to 1000000");
        assertThatIllegalArgumentException().isThrownBy(() -> Route.any().split(weight, "version", "2"));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, 1.001, Double.NaN})
    void aShareOutOfRangeIsRefused(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.any().mirror(OTHER, share))
                .withMessage("share is " + share + ", but must be more than 0 and at most 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Route.any().mirror(OTHER, share, "X-Copy", "1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-1S", "PT876000000H"})
    void aTimeoutOutOfRangeIsRefused(String timeout) {
        Duration duration = Duration.parse(timeout);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Route.any().withTimeout(duration))
                .withMessageStartingWith("timeout is " + duration + ", but must be longer than zero");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "Host", "X:Y"})
    void aHeaderThatMayNotBeSetMarksNoCopy(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> Route.any().mirror(OTHER, 0.1, name, "1"));
    }

    @Test
    void onlyWhatRequestsAreLikeIsTakenByAnd() {
        for (Route other : new Route[] {
            Route.path("/a").to(OTHER),
            Route.path("/a").toTag("version", "2"),
            Route.path("/a").withRetry(Retry.none())
        }) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Route.any().and(other))
                    .withMessageContaining(other.toString())
                    .withMessageContaining("say that after and(...)");
        }
    }

    @Test
    void nothingIsNull() {
        assertThatNullPointerException().isThrownBy(() -> Route.any().to(null));
        assertThatNullPointerException().isThrownBy(() -> Route.any().toTag("version", null));
        assertThatNullPointerException().isThrownBy(() -> Route.any().split(1, null));
        assertThatNullPointerException().isThrownBy(() -> Route.any().mirror(null, 1));
        assertThatNullPointerException().isThrownBy(() -> Route.any().withRetry(null));
        assertThatNullPointerException().isThrownBy(() -> Route.any().withHedge(null));
        assertThatNullPointerException().isThrownBy(() -> Route.when(null));
        assertThatNullPointerException().isThrownBy(() -> Route.method((String) null));
    }
}
