package io.evenkeel.discovery.zookeeper;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Endpoints that are the children of a node of ZooKeeper, watched: a change is published at once, those of a burst of 20 ms as one list.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(ZooKeeperEndpoints.at("10.0.0.1:2181,10.0.0.2:2181,10.0.0.3:2181", "/services/orders"))
 *         .build();
 * }
 *
 * <p>By URI: {@code zookeeper://10.0.0.1:2181,10.0.0.2:2181/services/orders?session=10s}.
 *
 * <p><b>A child</b> is one endpoint, by what it holds: a URI, or JSON in UTF-8. Its name does not matter, nor whether it is ephemeral; its own children are
 * not looked at. JSON is one of
 *
 * <ul>
 *   <li>an object as in {@link io.evenkeel.discovery.common.EndpointList}: {@code {"uri": "http://10.0.0.1:8080", "weight": 2, "zone": "a", "tags": {"version": "2"}}}, of which only
 *       {@code uri} is required;
 *   <li>an instance as the discovery of Curator, and with it Spring Cloud, writes it: {@code id}, {@code address} and {@code port}, or {@code sslPort}, which goes before and
 *       makes it {@code https}. What is simple in the {@code payload}, or in the {@code metadata} in it, are its tags, and {@code zone} is its zone as well. One that is not {@code enabled} is
 *       left out;
 *   <li>a member of a server set of Finagle: {@code host} and {@code port} of {@code serviceEndpoint}, {@code http}; left out unless its {@code status} is
 *       {@code ALIVE}.
 * </ul>
 *
 * <p><b>What is wrong</b> is reported, and never costs more than it must:
 *
 * <ul>
 *   <li>A child that is no endpoint is dropped and reported; the others are used.
 *   <li>A node that does not exist, or whose children are all unusable, changes nothing: the last list stays in use. That it is created, or mended, is
 *       noticed like any change. A node without children is an empty list.
 *   <li>When the connection is lost, or there is none within 5 s, that is reported, the last list stays, and a new session is begun after a wait ({@link PollingSource}). It reads
 *       all children again.
 * </ul>
 *
 * <p><b>ZooKeeper</b> must be 3.6 or newer. The source only reads; with permissions in use it needs READ for the node and its children.
 * A list of names longer than 1 MiB, about 25,000 children, needs a larger {@code jute.maxbuffer}, a system property of ZooKeeper's own client.
 * So is TLS: {@code zookeeper.client.secure=true}, {@code zookeeper.clientCnxnSocket=org.apache.zookeeper.ClientCnxnSocketNetty}, {@code
 * zookeeper.ssl.trustStore.location} and {@code zookeeper.ssl.trustStore.password}, and the same of {@code keyStore} where servers ask for a certificate. They hold for all of the JVM.
 *
 * <p>Threads: immutable, may be watched by any number of balancers. Each watch has a session, and threads of its own, which end when the watch is closed. The listener is called by one thread at a time.
 */
public final class ZooKeeperEndpoints implements EndpointSource {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final Pattern SERVERS = Pattern.compile("[^\\s/,]+(,[^\\s/,]+)*(/[^\\s,]+)?");
    private static final Pattern PATH = Pattern.compile("/|(/(?!\\.{1,2}(/|$))[^/\\p{Cntrl}]+)+");

    private final Ensemble ensemble;

    private ZooKeeperEndpoints(Ensemble ensemble) {
        this.ensemble = ensemble;
    }

    /**
     * The endpoints that are children of the node at {@code path}, which need not exist yet.
     *
     * @param servers any servers of the ensemble, {@code host:port} with commas between; if all is under a path of its own, that after them: {@code
     *     10.0.0.1:2181,10.0.0.2:2181/shop}
     * @param path absolute, such as {@code /services/orders}
     * @throws IllegalArgumentException if one is malformed
     */
    public static ZooKeeperEndpoints at(String servers, String path) {
        if (servers.contains("@")) {
            throw new IllegalArgumentException("servers has user-info, which may hold a password: see withAuth");
        }
        if (!SERVERS.matcher(servers).matches()) {
            throw new IllegalArgumentException(
                    "servers is " + servers + ", but must be host:port, or several with commas between");
        }
        if (!PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("path is " + path
                    + ", but must be absolute and without a slash at its end, such as /services/orders");
        }
        return new ZooKeeperEndpoints(new Ensemble(servers, path, Duration.ofSeconds(10), Optional.empty()));
    }

    /**
     * A copy that takes the connection for lost when a server was silent for two thirds of this: 1 s to 5 min, default 10 s. A server has its own idea of what is short, by default 4 s.
     *
     * @throws IllegalArgumentException if {@code timeout} is out of range
     */
    public ZooKeeperEndpoints withSessionTimeout(Duration timeout) {
        if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "sessionTimeout is " + timeout + ", but must be " + SHORTEST + " to " + LONGEST);
        }
        return new ZooKeeperEndpoints(new Ensemble(ensemble.servers(), ensemble.path(), timeout, ensemble.auth()));
    }

    /**
     * A copy that says who it is, such as {@code withAuth("digest", () -> "reader:secret".getBytes(UTF_8))}.
     *
     * @param scheme as ZooKeeper names it
     * @param credentials asked for with each new session, on the thread of a watch; shown in no message
     */
    public ZooKeeperEndpoints withAuth(String scheme, Supplier<byte[]> credentials) {
        Ensemble.Auth auth =
                new Ensemble.Auth(requireNonNull(scheme, "scheme"), requireNonNull(credentials, "credentials"));
        return new ZooKeeperEndpoints(
                new Ensemble(ensemble.servers(), ensemble.path(), ensemble.sessionTimeout(), Optional.of(auth)));
    }

    /** Begins to connect, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of(toString(), () -> new ZooKeeperPoll(ensemble)).watch(listener);
    }

    /** Servers and path. */
    @Override
    public String toString() {
        return ensemble.toString();
    }
}
