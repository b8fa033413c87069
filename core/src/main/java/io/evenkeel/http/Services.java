package io.evenkeel.http;

import io.evenkeel.Endpoint;
import io.evenkeel.balance.LoadBalancer;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The services that a client knows, by the hosts of requests: the balancer's name, or one that its routes name. */
final class Services {

    private final Map<String, Service> byName;
    private final List<Service> inOrder;
    private final List<Named> others = new ArrayList<>();

    /** A host that a route of the service names. */
    private record Named(Match.Host host, Service service) {}

    /** Of balancers, with the routes that belong to each, which must be {@linkplain RouteChecks in order}. */
    Services(Map<LoadBalancer, List<Route>> routes, Lifecycle lifecycle) {
        Map<String, Service> services = new LinkedHashMap<>();
        routes.forEach((balancer, own) -> {
            Service service = new Service(balancer, own, lifecycle);
            services.put(balancer.name().toLowerCase(Locale.ROOT), service);
            own.stream().flatMap(route -> route.match().hosts()).forEach(host -> others.add(new Named(host, service)));
        });
        this.byName = Map.copyOf(services);
        this.inOrder = List.copyOf(services.values());
        inOrder.stream().flatMap(Service::ways).forEach(Way::keepReady);
    }

    /** That of a request; null if there is none. */
    @Nullable
    Service of(HttpRequest request) {
        return of(request.uri());
    }

    private @Nullable Service of(URI uri) {
        String host = isHttp(uri.getScheme()) ? uri.getHost() : null;
        Service service = host == null ? null : byName.get(host);
        if (service == null && host != null) {
            service = byName.get(host.toLowerCase(Locale.ROOT));
        }
        return service == null && host != null ? ofOtherHost(uri) : service;
    }

    static boolean isHttp(@Nullable String scheme) {
        return "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme);
    }

    private @Nullable Service ofOtherHost(URI uri) {
        for (Named named : others) {
            if (named.host.isOf(uri)) {
                return named.service;
            }
        }
        return null;
    }

    Set<String> names() {
        return byName.keySet();
    }

    /** All that requests may go to, those with a name of their own first. */
    Stream<LoadBalancer> balancers() {
        Stream<LoadBalancer> routedTo = inOrder.stream().flatMap(Service::ways).flatMap(Way::balancers);
        return Stream.concat(named(), routedTo).distinct();
    }

    private Stream<LoadBalancer> named() {
        return inOrder.stream().map(Service::balancer);
    }

    /**
     * Where a redirect leads by name, if it leads to a replica: by its address, or by what it is called on the wire. One of those that the request
     * may have gone to stands for the host that the request was for, and is asked by no less than https if that was. Who is called by address and
     * leads to itself stays as it is.
     *
     * @param way of the request that is redirected, if it was balanced
     */
    Optional<URI> redirected(URI from, @Nullable Way way, URI target) {
        if (isNoReplica(target) || (way == null && isSameHost(from, target))) {
            return Optional.empty();
        }
        if (way != null && way.destinations().anyMatch(balancer -> serves(balancer, target))) {
            return Optional.of(at(isHttps(target) ? "https" : from.getScheme(), from.getRawAuthority(), target));
        }
        return served(Stream.concat(Stream.ofNullable(way).map(Way::balancer), named()), target);
    }

    /** Whether both have one host and port, be it that of their schemes. */
    static boolean isSameHost(URI one, URI other) {
        return one.getHost().equalsIgnoreCase(other.getHost()) && port(one) == port(other);
    }

    /** The URI at the service, for one at a replica, as {@link #redirected} knows them. */
    Optional<URI> byName(URI replica) {
        return isNoReplica(replica) ? Optional.empty() : served(balancers(), replica);
    }

    private boolean isNoReplica(URI uri) {
        return uri.getHost() == null || !isHttp(uri.getScheme()) || of(uri) != null;
    }

    private static Optional<URI> served(Stream<LoadBalancer> balancers, URI uri) {
        return balancers
                .filter(balancer -> serves(balancer, uri))
                .findFirst()
                .map(balancer -> at(uri.getScheme(), balancer.name(), uri));
    }

    /** Path and query of a URI elsewhere. */
    static URI at(String scheme, String authority, URI uri) {
        return Addressed.resolve(URI.create(scheme + "://" + authority), uri.getRawPath(), uri.getRawQuery());
    }

    private static boolean serves(LoadBalancer balancer, URI uri) {
        boolean called = isCalled(balancer.authority(), uri);
        List<Endpoint> known = balancer.endpoints();
        return (called && known.isEmpty()) // a call waits for the first list
                || known.stream().anyMatch(endpoint -> isAt(endpoint, uri) || (called && canBeAsked(endpoint, uri)));
    }

    /** Who is called so over http may be another's over https: the gateway's that speaks TLS for the service. */
    private static boolean canBeAsked(Endpoint endpoint, URI uri) {
        return !isHttps(uri) || isHttps(endpoint.uri());
    }

    private static boolean isCalled(Optional<String> authority, URI uri) {
        return authority
                .flatMap(Authority::of)
                .filter(called -> isAt(called, uri))
                .isPresent();
    }

    private static boolean isAt(Authority called, URI uri) {
        int port = called.port() < 0 ? standardPort(uri) : called.port();
        return port == port(uri) && called.host().equalsIgnoreCase(uri.getHost());
    }

    private static boolean isAt(Endpoint endpoint, URI uri) {
        boolean address =
                endpoint.port() == port(uri) && endpoint.uri().getHost().equalsIgnoreCase(uri.getHost());
        return address
                || (canBeAsked(endpoint, uri)
                        && isCalled(Optional.ofNullable(endpoint.tags().get(Naming.TAG)), uri));
    }

    private static int port(URI uri) {
        return uri.getPort() < 0 ? standardPort(uri) : uri.getPort();
    }

    private static int standardPort(URI uri) {
        return isHttps(uri) ? 443 : 80;
    }

    private static boolean isHttps(URI uri) {
        return "https".equalsIgnoreCase(uri.getScheme());
    }
}
