package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.balance.LoadBalancer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong with routes together is said as the client is built, with the route's number and what it is. */
class RouteChecksTest {

    private final LoadBalancer orders = balancer("orders");
    private final LoadBalancer users = balancer("Users");

    private static LoadBalancer balancer(String name) {
        return LoadBalancer.builder(name).endpoints("http://127.0.0.1:1").build();
    }

    private void refused(String message, Route... routes) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BalancedHttpClient.builder()
                        .balance(users)
                        .balance(orders, routes)
                        .build())
                .withMessageContaining(message);
    }

    @Test
    void aRouteThatIsNeverTaken() {
        refused(
                "route 2 of orders (path /a to its balancer) is never taken, since the one before it takes any request",
                Route.any(),
                Route.path("/a"));
    }

    @Test
    void aSplitIntoOneShare() {
        refused(
                "route 1 of orders (any request to its balancer, split: [5.0 to its balancer with tags {version=2}]) is"
                        + " split into one share, which would get all calls",
                Route.any().split(5, "version", "2"));
    }

    @Test
    void aSplitIntoNothing() {
        refused("shares of weight 0 only", Route.any().split(0, "version", "2").split(0, orders));
    }

    @Test
    void anAlternativeToNoTag() {
        refused(
                "has orElseAll(), but no tag that endpoints could lack",
                Route.any().orElseAll());
        refused("has orElseAll()", Route.any().orElseAll().split(1, orders).split(1, users));
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "USERS", "users:80", "us*"})
    void aHostThatSelectsAnotherBalancerByItsName(String host) {
        refused("which selects another balancer, by its name", Route.host(host));
    }

    @Test
    void aHostThatRoutesOfAnotherBalancerName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteChecks.check(Map.of(
                        orders, List.of(Route.host("shop.example")), users, List.of(Route.host("SHOP.example")))))
                .withMessageContaining("names the host shop.example, which selects routes of ");
    }

    @ParameterizedTest
    @CsvSource({
        "*.shop.example, u.shop.example",
        "*.shop.example, u*.shop.example",
        "**.example, *.shop.example:81",
        "**.example, **.example",
        "shop.example, shop.example:81",
        "shop.example:81, shop.example:81",
    })
    void aHostThatAnEarlierOneOfAnotherBalancerTakes(String earlier, String later) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(earlier, later))
                .withMessageContaining(
                        "names the host " + later + ", which selects routes of orders, by the host " + earlier);
    }

    /** The first that is given selects those that are of both. */
    @ParameterizedTest
    @CsvSource({
        "u.shop.example, *.shop.example",
        "*.shop.example, **.shop.example",
        "a*.example, *b.example",
        "shop.example:81, shop.example",
        "shop.example:81, shop.example:82",
        "*.shop.example:81, u.shop.example",
    })
    void hostsThatOnlyOverlapMakeSense(String earlier, String later) {
        assertThatNoException().isThrownBy(() -> check(earlier, later));
    }

    private void check(String earlier, String later) {
        Map<LoadBalancer, List<Route>> routes = new LinkedHashMap<>();
        routes.put(orders, List.of(Route.host(earlier)));
        routes.put(users, List.of(Route.host(later)));
        RouteChecks.check(routes);
    }

    @Test
    void whatMakesSense() {
        assertThatNoException()
                .isThrownBy(() -> RouteChecks.check(Map.of(
                        orders,
                        List.of(
                                Route.host("shop.example").and(Route.path("/a")),
                                Route.host("shop.example"),
                                Route.host("orders:81").toTag("version", "2").orElseAll(),
                                Route.any().orElseAll().split(0, "version", "2").split(1, orders)),
                        users,
                        List.of(Route.host("blog.example"), Route.any()))));
    }

    @Test
    void noRouteIsNull() {
        assertThatNullPointerException()
                .isThrownBy(() -> BalancedHttpClient.builder().balance(orders, (Route) null));
    }
}
