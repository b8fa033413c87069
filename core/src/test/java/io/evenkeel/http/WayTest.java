package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Seeds;
import io.evenkeel.balance.LoadBalancer;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/**
 * Where calls of a route go. Of n calls a share p gets np, with the standard deviation {@code sqrt(np(1 - p))}: the tolerance is five times that.
 */
class WayTest {

    private static final int CALLS = 100_000;

    private final SplittableRandom random = new SplittableRandom(Seeds.of(14));
    private final LoadBalancer orders = balancer("orders");
    private final LoadBalancer canary = balancer("canary");

    private LoadBalancer balancer(String name) {
        return LoadBalancer.builder(name)
                .endpoints("http://127.0.0.1:1")
                .random(() -> random)
                .build();
    }

    private Way way(Route route) {
        return Way.of(orders, route, 0, new Lifecycle(Transports.given(new Wrapping(null))));
    }

    private static Call keyed(int i) {
        return Call.any().withKey("user-" + i);
    }

    private static Map<String, Integer> counts(Way way, IntFunction<Call> calls) {
        Map<String, Integer> counts = new TreeMap<>();
        for (int i = 0; i < CALLS; i++) {
            Destination to = way.destination(calls.apply(i));
            counts.merge(to.balancer().name() + to.tags(), 1, Integer::sum);
        }
        return counts;
    }

    private static void assertShare(Map<String, Integer> counts, String name, double share) {
        assertThat((double) counts.getOrDefault(name, 0))
                .as(name)
                .isCloseTo(CALLS * share, within(5 * Math.sqrt(CALLS * share * (1 - share))));
    }

    @Test
    void withoutASplitThereIsOneDestination() {
        assertThat(way(Route.any()).destination(Call.any())).isEqualTo(new Destination(orders, Map.of(), false));
        assertThat(way(Route.any().to(canary).toTag("version", "2").toTag("tier", "gold"))
                        .destination(Call.any()))
                .isEqualTo(new Destination(canary, Map.of("version", "2", "tier", "gold"), false));
    }

    @Test
    void callsAreSplitByWeight() {
        Way way = way(Route.any().split(19, "version", "1").split(1, "version", "2"));
        for (IntFunction<Call> calls : List.<IntFunction<Call>>of(i -> Call.any(), WayTest::keyed)) {
            Map<String, Integer> counts = counts(way, calls);
            assertThat(counts).hasSize(2);
            assertShare(counts, "orders{version=1}", 0.95);
            assertShare(counts, "orders{version=2}", 0.05);
        }
    }

    @Test
    void soTheyAreAmongBalancersAndMany() {
        Way way = way(Route.any()
                .split(0.3, canary)
                .split(0, balancer("nobody"))
                .split(0.1, "version", "2")
                .split(0.2, orders)
                .split(0, canary));
        for (IntFunction<Call> calls : List.<IntFunction<Call>>of(i -> Call.any(), WayTest::keyed)) {
            Map<String, Integer> counts = counts(way, calls);
            assertThat(counts).hasSize(3);
            assertShare(counts, "canary{}", 0.5);
            assertShare(counts, "orders{version=2}", 1 / 6.0);
            assertShare(counts, "orders{}", 1 / 3.0);
        }
    }

    @Test
    void whatTheRouteSaysOfAllHoldsForEachShare() {
        Way way = way(Route.any()
                .to(canary)
                .toTag("tier", "gold")
                .orElseAll()
                .split(1, "version", "2")
                .split(1, orders));
        for (int i = 0; i < 100; i++) {
            assertThat(way.destination(keyed(i)))
                    .isIn(
                            new Destination(canary, Map.of("tier", "gold", "version", "2"), true),
                            new Destination(orders, Map.of("tier", "gold"), true));
        }
        assertThat(counts(way, i -> Call.any())).hasSize(2);
    }

    @Test
    void aKeyStaysWhereItIsOnEveryClient() {
        Route route = Route.path("/v2/**").split(95, "version", "1").split(5, "version", "2");
        Way one = way(route);
        Way other = Way.of(balancer("orders"), route, 0, new Lifecycle(Transports.given(new Wrapping(null))));
        for (int i = 0; i < 10_000; i++) {
            Map<String, String> tags = one.destination(keyed(i)).tags();
            assertThat(one.destination(keyed(i).idempotent()).tags()).isEqualTo(tags);
            assertThat(other.destination(keyed(i)).tags()).isEqualTo(tags);
        }
    }

    /** In whichever order the two are given. */
    @Test
    void asAShareGrowsNobodyLeavesIt() {
        for (boolean first : new boolean[] {true, false}) {
            Way before = way(withCanary(first, 5));
            Way after = way(withCanary(first, 10));
            int stayed = 0;
            for (int i = 0; i < CALLS; i++) {
                if (before.destination(keyed(i)).balancer() == canary) {
                    assertThat(after.destination(keyed(i)).balancer()).isSameAs(canary);
                    stayed++;
                }
            }
            assertThat(stayed).isGreaterThan(1_000);
        }
    }

    private Route withCanary(boolean first, double percent) {
        return first
                ? Route.any().split(percent, canary).split(100 - percent, orders)
                : Route.any().split(100 - percent, orders).split(percent, canary);
    }

    @Test
    void thoseInAShareOfOneRouteAreInThatOfAnotherByChanceOnly() {
        Way one = way(Route.path("/a").split(0.1, canary).split(0.9, orders));
        Way two = way(Route.path("/b").split(0.1, canary).split(0.9, orders));
        assertShare(Map.of("both", both(one, two)), "both", 0.01);
    }

    /** Though they differ in values only, or in code. */
    @Test
    void soTheyAreWhereRoutesDifferInValuesOrInCode() {
        assertUnlike(Route.header("X-Tenant", "acme"), Route.header("X-Tenant", "other*"));
        assertUnlike(
                Route.path("/a").and(Route.query("user", "1*")),
                Route.path("/a").and(Route.query("user", "2*")));
        assertUnlike(Route.when(request -> true), Route.when(request -> false));
    }

    private void assertUnlike(Route first, Route second) {
        Lifecycle lifecycle = new Lifecycle(Transports.given(new Wrapping(null)));
        Way one = Way.of(orders, first.split(0.1, canary).split(0.9, orders), 0, lifecycle);
        Way two = Way.of(orders, second.split(0.1, canary).split(0.9, orders), 1, lifecycle);
        assertShare(Map.of("both", both(one, two)), "both", 0.01);
    }

    private int both(Way one, Way two) {
        int both = 0;
        for (int i = 0; i < CALLS; i++) {
            boolean isInBoth = one.destination(keyed(i)).balancer() == canary
                    && two.destination(keyed(i)).balancer() == canary;
            both += isInBoth ? 1 : 0;
        }
        return both;
    }

    @Test
    void aDestinationAddsItsTagsToTheCall() {
        Call call = keyed(7).withPriority(3);
        assertThat(new Destination(orders, Map.of(), false).of(call)).isSameAs(call);
        Call tagged = new Destination(orders, Map.of("version", "2"), true).of(call);
        assertThat(tagged.tags()).isEqualTo(Map.of("version", "2"));
        assertThat(tagged.isElseAll()).isTrue();
        assertThat(tagged.key()).isEqualTo(call.key());
        assertThat(tagged.priority()).isEqualTo(3);
    }
}
