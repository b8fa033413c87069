package io.evenkeel.http;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The services that a client knows, by the hosts of requests: the balancer's name, or one that its routes name. */
final class Services {

    private final Map<String, Service> byName;
    private final List<Named> others = new ArrayList<>();

    /** A host that a route of the service names. */
    private record Named(Match.Host host, Service service) {}

    /** Of balancers, with the routes that belong to each, which must be {@linkplain RouteChecks in order}. */
    Services(Map<LoadBalancer, List<Route>> routes, Lifecycle lifecycle) {
        Map<String, Service> services = new HashMap<>();
        routes.forEach((balancer, own) -> {
            Service service = new Service(balancer, own, lifecycle);
            services.put(balancer.name().toLowerCase(Locale.ROOT), service);
            own.stream().flatMap(route -> route.match().hosts()).forEach(host -> others.add(new Named(host, service)));
        });
        this.byName = Map.copyOf(services);
        byName.values().stream().flatMap(Service::ways).forEach(Way::keepReady);
    }

    /** That of a request; null if there is none. */
    @Nullable
    Service of(HttpRequest request) {
        String host = isHttp(request.uri().getScheme()) ? request.uri().getHost() : null;
        Service service = host == null ? null : byName.get(host);
        if (service == null && host != null) {
            service = byName.get(host.toLowerCase(Locale.ROOT));
        }
        return service == null && host != null ? ofOtherHost(request) : service;
    }

    static boolean isHttp(@Nullable String scheme) {
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    private @Nullable Service ofOtherHost(HttpRequest request) {
        for (Named named : others) {
            if (named.host.isOf(request.uri())) {
                return named.service;
            }
        }
        return null;
    }

    Set<String> names() {
        return byName.keySet();
    }

    /** All that requests may go to. */
    Set<LoadBalancer> balancers() {
        return byName.values().stream()
                .flatMap(Service::ways)
                .flatMap(Way::balancers)
                .collect(toUnmodifiableSet());
    }
}
