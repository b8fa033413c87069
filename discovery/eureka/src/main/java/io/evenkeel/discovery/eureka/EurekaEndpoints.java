package io.evenkeel.discovery.eureka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import io.evenkeel.discovery.common.Web;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The instances of one application that are registered at Eureka and say that they are up.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(EurekaEndpoints.of(
 *                 "ORDERS", URI.create("http://eureka-1:8761/eureka"), URI.create("http://eureka-2:8761/eureka")))
 *         .build();
 * }
 *
 * <p><b>An endpoint</b> is an instance of status {@code UP}: its {@code hostName}, or {@code ipAddr} if it has none, with {@code port}; its {@code instanceId} as id, as
 * long as no other has the same; its metadata as tags; and as its zone what the metadata call {@code zone}, or else Amazon's {@code availability-zone}. An instance
 * without such an address is left out and reported; if no other is up, that is trouble.
 *
 * <p><b>Nobody registered</b> under the name is trouble, not an empty list: the last list stays in use. Eureka keeps its registry in memory. A server that
 * has just been started knows nobody until all have registered again, and cannot tell that from an application whose last instance is gone, nor from a name
 * that is misspelled: it answers 404 to each. Instances none of which is {@code UP} are an empty list.
 *
 * <p><b>Several servers</b>, which replicate to each other, are asked in their order until one is of use; that one is asked first from then on. If none is,
 * that is one trouble, which names each.
 *
 * <p><b>How it asks</b>: for this application only and in full, every 30 s, as often as Eureka's own clients. What changes is known after up to as long again,
 * because servers answer from a cache of 30 s. A balancer whose calls fail has it ask at once. {@link #withDelta} is the other way. An answer is waited for 8 s to its end, and has at
 * most 64 MiB.
 *
 * <p>Threads: immutable, may be shared and watched by any number of balancers. Each watch has a daemon thread of its own, by which the listener is called.
 */
public final class EurekaEndpoints implements EndpointSource {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final String application;
    private final List<URI> servers;
    private final Duration pollInterval;
    private final boolean delta;
    private final boolean secure;
    private final Optional<Supplier<String>> authorization;
    private final Optional<HttpClient> client;

    private EurekaEndpoints(
            String application,
            List<URI> servers,
            Duration pollInterval,
            boolean delta,
            boolean secure,
            Optional<Supplier<String>> authorization,
            Optional<HttpClient> client) {
        this.application = application;
        this.servers = servers;
        this.pollInterval = pollInterval;
        this.delta = delta;
        this.secure = secure;
        this.authorization = authorization;
        this.client = client;
    }

    /**
     * The instances of {@code application}, whose case does not matter, at the servers with these service URLs, such as {@code http://127.0.0.1:8761/eureka}.
     *
     * @throws IllegalArgumentException if the name is blank, if there is no server, or if one is no URL by http or https, or has user-info, query or fragment
     */
    public static EurekaEndpoints of(String application, URI... servers) {
        if (application.isBlank()) {
            throw new IllegalArgumentException("application is blank, but must have at least one visible character");
        }
        if (servers.length == 0) {
            throw new IllegalArgumentException("servers are none, but there must be at least one");
        }
        return new EurekaEndpoints(
                application.toUpperCase(Locale.ROOT), // as servers do
                Arrays.stream(servers).map(EurekaEndpoints::checked).toList(),
                Duration.ofSeconds(30),
                false,
                false,
                Optional.empty(),
                Optional.empty());
    }

    private static URI checked(URI server) {
        if (server.getRawUserInfo() != null) {
            throw new IllegalArgumentException("server " + Web.server(server)
                    + " has user-info, which may hold a password: use withCredentials instead");
        }
        String scheme = String.valueOf(server.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        if (!web || server.getHost() == null || server.getRawQuery() != null || server.getRawFragment() != null) {
            throw new IllegalArgumentException("server " + Web.server(server)
                    + " is no service URL, which is http or https, host, port and path: http://127.0.0.1:8761/eureka");
        }
        return URI.create(server.toString().replaceFirst("/+$", ""));
    }

    /**
     * A copy that waits this long between two questions: 1 s to 10 min, default 30 s.
     *
     * @throws IllegalArgumentException if {@code pollInterval} is out of range
     */
    public EurekaEndpoints withPollInterval(Duration pollInterval) {
        if (pollInterval.compareTo(SHORTEST) < 0 || pollInterval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "pollInterval is " + pollInterval + ", but must be " + SHORTEST + " to " + LONGEST);
        }
        return new EurekaEndpoints(application, servers, pollInterval, delta, secure, authorization, client);
    }

    /**
     * A copy that fetches all applications once and then only what has changed, as Eureka's own clients do; default false.
     *
     * <p>Which is cheaper is a question of sizes. A delta is about all applications, and tells of each change for three minutes; whether one was missed shows in
     * the number of instances of each status, all applications together, so that all must be known. So this is the better way where the application is a
     * large part of a registry that seldom changes: thousands of instances, of which a delta then has few. Elsewhere asking for one application is less
     * to send, to parse and to keep, and cannot miss anything.
     *
     * <p>Everything is fetched again when the numbers do not agree, after trouble, from another server, when the last answer is more than two minutes old (with a
     * longer interval, each time) and every ten minutes; and each time from a server that has deltas switched off.
     */
    public EurekaEndpoints withDelta(boolean delta) {
        return new EurekaEndpoints(application, servers, pollInterval, delta, secure, authorization, client);
    }

    /** A copy whose endpoints are {@code https} at each instance's {@code securePort}, if that is enabled: an instance without is left out. Default false: {@code http} at its {@code port}. */
    public EurekaEndpoints withSecure(boolean secure) {
        return new EurekaEndpoints(application, servers, pollInterval, delta, secure, authorization, client);
    }

    /**
     * A copy that shows these credentials to every server (Basic authentication). By {@code http} anybody on the way can read them.
     *
     * @param password asked for each request, by a watch's thread; what it throws is reported as trouble
     * @throws IllegalArgumentException if {@code user} has a colon, which would end it
     */
    public EurekaEndpoints withCredentials(String user, Supplier<String> password) {
        if (user.contains(":")) {
            throw new IllegalArgumentException("user has a colon, but must have none");
        }
        requireNonNull(password, "password");
        Supplier<String> basic =
                () -> "Basic " + Base64.getEncoder().encodeToString((user + ":" + password.get()).getBytes(UTF_8));
        return new EurekaEndpoints(application, servers, pollInterval, delta, secure, Optional.of(basic), client);
    }

    /** A copy that asks by {@code client}, for a certificate authority, or a proxy, of your own. It stays yours to close, and must outlive the watches; by default each watch has one
     * of its own.
     *
     * @throws IllegalArgumentException if it follows redirects: the credentials would go along */
    public EurekaEndpoints withClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "client follows redirects, but must not: they could lead the credentials to strangers");
        }
        return new EurekaEndpoints(
                application, servers, pollInterval, delta, secure, authorization, Optional.of(client));
    }

    String application() {
        return application;
    }

    List<URI> servers() {
        return servers;
    }

    Duration pollInterval() {
        return pollInterval;
    }

    boolean delta() {
        return delta;
    }

    boolean secure() {
        return secure;
    }

    Optional<HttpClient> client() {
        return client;
    }

    /** Of a request, made for each. */
    Supplier<Map<String, String>> headers() {
        return () -> authorization
                .map(value -> Map.of("Accept", "application/json", "Authorization", value.get()))
                .orElse(Map.of("Accept", "application/json"));
    }

    /** Begins to ask, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of("eureka-" + application, () -> new EurekaPoll(this))
                .watch(listener);
    }

    /** The application, its servers and how often they are asked. */
    @Override
    public String toString() {
        return "EurekaEndpoints[" + application + " at "
                + servers.stream().map(Web::server).collect(Collectors.joining(", ")) + " every " + pollInterval + "]";
    }
}
