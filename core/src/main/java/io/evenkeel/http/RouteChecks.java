package io.evenkeel.http;

import io.evenkeel.balance.LoadBalancer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What routes must be together, beyond what each setting of one checks by itself. */
final class RouteChecks {

    private RouteChecks() {}

    /** Checks those of each balancer.
     *
     * @throws IllegalArgumentException naming the route that is wrong, and what is */
    static void check(Map<LoadBalancer, List<Route>> routes) {
        routes.forEach((balancer, own) -> {
            for (int i = 0; i < own.size(); i++) {
                check(own, i, "route " + (i + 1) + " of " + balancer.name() + " (" + own.get(i) + ") ");
            }
        });
        checkHosts(routes);
    }

    private static void check(List<Route> own, int i, String name) {
        String wrong = own.get(i).destinations().wrong();
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(name + wrong);
        }
        if (i > 0 && own.get(i - 1).match() instanceof Match.Any) {
            throw new IllegalArgumentException(
                    name + "is never taken, since the one before it takes any request: put that one last");
        }
    }

    /** A host that a route names, and whose route it is. */
    private record Named(Match.Host host, LoadBalancer balancer) {}

    /** A host selects one balancer: where some select several, the first that is given. */
    private static void checkHosts(Map<LoadBalancer, List<Route>> routes) {
        List<Named> before = new ArrayList<>();
        routes.forEach((balancer, own) -> own.stream()
                .flatMap(route -> route.match().hosts())
                .forEach(host -> {
                    check(host, balancer, routes.keySet(), before);
                    before.add(new Named(host, balancer));
                }));
    }

    private static void check(Match.Host host, LoadBalancer balancer, Set<LoadBalancer> all, List<Named> before) {
        for (Named other : before) {
            if (other.balancer != balancer && other.host.covers(host)) {
                throw twice(host, balancer, "routes of " + other.balancer.name() + ", by the " + other.host);
            }
        }
        if (all.stream().anyMatch(any -> any != balancer && host.names(any.name()))) {
            throw twice(host, balancer, "another balancer, by its name");
        }
    }

    private static IllegalArgumentException twice(Match.Host host, LoadBalancer balancer, String other) {
        return new IllegalArgumentException("a route of " + balancer.name() + " names the " + host + ", which selects "
                + other + ": a host selects one balancer, so use another, or the path, or a header");
    }
}
