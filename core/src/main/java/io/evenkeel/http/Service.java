package io.evenkeel.http;

import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.stream.Stream;

/** A balancer as a client knows it: by the ways that lead to it, or from it elsewhere. */
final class Service {

    private final LoadBalancer balancer;
    private final Way[] ways;
    private final Way direct;

    Service(LoadBalancer balancer, List<Route> routes, Lifecycle lifecycle) {
        this.balancer = balancer;
        this.direct = Way.direct(balancer, lifecycle);
        this.ways = new Way[routes.size()];
        for (int i = 0; i < ways.length; i++) {
            ways[i] = Way.of(balancer, routes.get(i), i, lifecycle);
        }
    }

    LoadBalancer balancer() {
        return balancer;
    }

    /** The way of a request: that of the first route which is for it. */
    Way wayOf(HttpRequest request) {
        if (ways.length == 0) {
            return direct;
        }
        String path = PathText.compared(request.uri().getRawPath());
        for (Way way : ways) {
            if (way.matches(request, path)) {
                return way;
            }
        }
        return direct;
    }

    Stream<Way> ways() {
        return Stream.concat(Stream.of(direct), Stream.of(ways));
    }
}
