package io.evenkeel.discovery.etcd;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Endpoints that are the values of etcd's keys of one prefix, watched: a change is published at once, those of a burst of 20 ms as one list.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(EtcdEndpoints.at("/services/orders/", URI.create("http://10.0.0.1:2379"), URI.create("http://10.0.0.2:2379")))
 *         .build();
 * }
 *
 * <p>By URI: {@code etcd://10.0.0.1:2379,10.0.0.2:2379/services/orders/}, which is by https, with {@code ?ca=/etc/etcd/ca.pem} for
 * {@link #withTrust}; {@code ?plaintext=true} is for http, as is a server on this machine.
 *
 * <p><b>A value</b> is one endpoint: a URI, or JSON in UTF-8. The rest of its key does not matter. JSON is one of
 *
 * <ul>
 *   <li>an object as in {@link io.evenkeel.discovery.common.EndpointList}: {@code {"uri": "http://10.0.0.1:8080", "weight": 2, "zone": "a", "tags": {"version": "2"}}}, of which only
 *       {@code uri} is required;
 *   <li>what etcd's own naming for gRPC writes, {@code {"Op": 0, "Addr": "10.0.0.1:8080", "Metadata": {"zone": "a"}}}: {@code http} unless {@code Addr} has a scheme. What is simple in
 *       {@code Metadata}, if it is an object, are its tags, and {@code zone} is its zone as well.
 * </ul>
 *
 * <p>Services that keep their key by a lease leave when it expires.
 *
 * <p><b>What is wrong</b> is reported, and never costs more than it must:
 *
 * <ul>
 *   <li>A value that is no endpoint is dropped and reported; the others are used.
 *   <li>Values of which none is usable change nothing: the last list stays in use. That they are mended is noticed like any change. No keys at all are an empty list.
 *   <li>When the connection is lost or refused, a server has no leader, or does not answer within 5 s, that is reported, the last list stays, and after a wait ({@link PollingSource}) all keys are read again and
 *       watched from there. Without news for 5 s, one key is asked for, to know that the server is there and still takes our credentials.
 *   <li>Revisions that were compacted before they could be watched are no trouble: all keys are read again.
 * </ul>
 *
 * <p><b>etcd</b> must be 3.4 or newer. The source only reads; with authentication on it needs READ for the prefix as a range.
 *
 * <p>Threads: immutable, may be watched by any number of balancers. Each watch has a connection, and threads of its own, which end when the watch is closed. The listener is called by one thread at a time.
 */
public final class EtcdEndpoints implements EndpointSource {

    private final Cluster cluster;

    private EtcdEndpoints(Cluster cluster) {
        this.cluster = cluster;
    }

    /**
     * The endpoints under keys that begin with {@code prefix}.
     *
     * @param prefix not empty; with a slash at its end, or {@code /services/orders} would have the keys of {@code /services/orders-old} as well
     * @param endpoints at least one server of the cluster, {@code http://host:port} or {@code https://host:port}, the same scheme for all
     * @throws IllegalArgumentException if one is malformed
     */
    public static EtcdEndpoints at(String prefix, URI... endpoints) {
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("prefix is empty, but must not be: it would be every key there is");
        }
        if (endpoints.length == 0) {
            throw new IllegalArgumentException(
                    "there are no endpoints, but must be at least one, such as http://127.0.0.1:2379");
        }
        for (URI endpoint : endpoints) {
            check(endpoint);
        }
        if (List.of(endpoints).stream().map(URI::getScheme).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "endpoints are " + List.of(endpoints) + ", but must all be http, or all https");
        }
        return new EtcdEndpoints(new Cluster(List.of(endpoints), prefix, Optional.empty(), Optional.empty()));
    }

    private static void check(URI endpoint) {
        if (endpoint.toString().contains("@")) { // also where the host is none, and so is the user-info
            throw new IllegalArgumentException(
                    "an endpoint of etcd has user-info, which may hold a password: see withUser");
        }
        String scheme = String.valueOf(endpoint.getScheme());
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (!web || endpoint.getHost() == null || endpoint.getPort() < 1) {
            throw new IllegalArgumentException(
                    "endpoint is " + endpoint + ", but must be http://host:port or https://host:port");
        }
    }

    /**
     * A copy that says who it is.
     *
     * @param password asked for with each new connection, on the thread of a watch; shown in no message
     */
    public EtcdEndpoints withUser(String name, Supplier<String> password) {
        Cluster.User user = new Cluster.User(requireNonNull(name, "name"), requireNonNull(password, "password"));
        return new EtcdEndpoints(
                new Cluster(cluster.endpoints(), cluster.prefix(), Optional.of(user), cluster.trust()));
    }

    /**
     * A copy that trusts servers with certificates by those in {@code ca}, a file in PEM, and no others; it is read with each new connection. By default those count that the JVM trusts.
     * Certificates, and the hosts in them, are checked in any case.
     *
     * @throws IllegalArgumentException if the endpoints are not https
     */
    public EtcdEndpoints withTrust(Path ca) {
        if (!cluster.tls()) {
            throw new IllegalArgumentException(
                    "endpoints are " + cluster.endpoints() + ", but must be https for trust to matter");
        }
        return new EtcdEndpoints(
                new Cluster(cluster.endpoints(), cluster.prefix(), cluster.user(), Optional.of(ca.toAbsolutePath())));
    }

    /** Begins to connect, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of(toString(), () -> new EtcdPoll(cluster)).watch(listener);
    }

    /** Servers and prefix. */
    @Override
    public String toString() {
        return cluster.toString();
    }
}
