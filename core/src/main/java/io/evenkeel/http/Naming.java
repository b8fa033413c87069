package io.evenkeel.http;

import io.evenkeel.Endpoint;
import io.evenkeel.balance.LoadBalancer;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * By which name a replica is called. Its certificate is for the service's name if it is known by address only. Its Host is its address,
 * unless the service or the replica has an authority.
 */
final class Naming {

    /** Of an endpoint, as what that one replica is called. */
    static final String TAG = "authority";

    /** The JVM-wide switch of the JDK's client. */
    static final boolean HOST_MAY_BE_SET = mayBeSet();

    private final Transports transports;
    /** Of the user, or the JVM: what it says of an address is heeded before the service's authority is. */
    private final Optional<ProxySelector> proxies;

    Naming(Transports transports) {
        this.transports = transports;
        this.proxies = transports.proxy().or(() -> Optional.ofNullable(ProxySelector.getDefault()));
    }

    /**
     * Checks that the endpoints which are known can be told the authority of their service.
     *
     * @throws IllegalStateException if one cannot
     */
    void check(LoadBalancer balancer) {
        for (Endpoint endpoint : balancer.endpoints()) {
            if (balancer.authority().isPresent() && isPlain(endpoint) && !HOST_MAY_BE_SET && isByProxy(endpoint)) {
                throw new IllegalStateException(balancer.name() + " has the authority "
                        + balancer.authority().get() + ", which " + endpoint.id()
                        + " cannot be told by a proxy: have the transport's ProxySelector give none for it, or start the JVM"
                        + " with -Djdk.httpclient.allowRestrictedHeaders=host");
            }
        }
    }

    private static boolean isPlain(Endpoint endpoint) {
        return "http".equalsIgnoreCase(endpoint.uri().getScheme());
    }

    /** The JDK's client looks at the first that it is given, and takes no other than HTTP's. */
    private boolean isByProxy(Endpoint endpoint) {
        return proxies.stream()
                .flatMap(selector -> selector.select(endpoint.uri()).stream().limit(1))
                .anyMatch(proxy -> proxy.type() == Proxy.Type.HTTP);
    }

    private static boolean mayBeSet() {
        try {
            HttpRequest.newBuilder().setHeader("Host", "name");
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How a request reaches an endpoint. */
    Access access(LoadBalancer balancer, Endpoint endpoint, HttpRequest request) {
        String tag = endpoint.tags().get(TAG);
        Optional<String> text = tag == null ? balancer.authority() : Optional.of(tag);
        Authority authority = text.flatMap(Authority::of).orElse(null);
        return "https".equalsIgnoreCase(endpoint.uri().getScheme())
                ? secure(balancer, endpoint, request, authority)
                : plain(balancer, endpoint, authority);
    }

    private Access secure(
            LoadBalancer balancer, Endpoint endpoint, HttpRequest request, @Nullable Authority authority) {
        String host = authority != null && HOST_MAY_BE_SET && isHttp1(request) ? authority.text() : null;
        return new Access(lanes(balancer, endpoint, authority), endpoint.uri(), host, null);
    }

    /** The JDK's client takes the name of a URI that has one, whatever it is told. */
    private Lanes lanes(LoadBalancer balancer, Endpoint endpoint, @Nullable Authority authority) {
        if (!Authority.isAddress(endpoint.uri().getHost())) {
            return transports.at(endpoint.uri().getHost(), balancer.name());
        }
        String name = withoutDot(authority == null ? balancer.name() : authority.host());
        return Authority.isAddress(name) ? transports.plain(balancer.name()) : transports.named(name, balancer.name());
    }

    private static String withoutDot(String host) {
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }

    private boolean isHttp1(HttpRequest request) {
        return request.version().orElse(transports.own().version()) == Version.HTTP_1_1;
    }

    private Access plain(LoadBalancer balancer, Endpoint endpoint, @Nullable Authority authority) {
        String host = endpoint.uri().getHost();
        Lanes lanes =
                Authority.isAddress(host) ? transports.plain(balancer.name()) : transports.at(host, balancer.name());
        if (authority != null && HOST_MAY_BE_SET) {
            return new Access(lanes, endpoint.uri(), authority.text(), null);
        }
        if (authority == null || !transports.isOwned() || isByProxy(endpoint)) {
            return new Access(lanes, endpoint.uri(), null, null);
        }
        return new Access(
                transports.via(balancer.name()),
                URI.create("http://" + authority.text()),
                null,
                InetSocketAddress.createUnresolved(host, endpoint.port()));
    }
}
