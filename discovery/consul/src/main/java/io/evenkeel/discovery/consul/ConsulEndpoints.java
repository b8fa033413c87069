package io.evenkeel.discovery.consul;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import io.evenkeel.discovery.common.Token;
import io.evenkeel.discovery.common.Web;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The instances of a service in Consul that pass all of their checks, as Consul knows them: a change is heard of at once, by blocking queries.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(ConsulEndpoints.of("orders").withTokenFile(Path.of("/run/secrets/consul")))
 *         .build();
 * }
 *
 * <p><b>An instance</b> becomes an endpoint:
 *
 * <ul>
 *   <li>Its address is that of the service, or that of the node if the service has none; its port, that of the service. An instance without a port
 *       is left out and reported.
 *   <li>Its weight is the service's weight while passing, 1 if it has none. Consul takes no 0; who sends one gets no calls.
 *   <li>Its zone is what the metadata of the service, or else of the node, call {@code zone}.
 *   <li>Its tags are those of the service: {@code version=2} is one with a value, and {@code primary} becomes {@code primary=true}; and the metadata of the
 *       service, which count if both name the same.
 *   <li>Its id is its address, as everywhere. Consul's id of a service is not used: it names an instance on one node only, stays the same when another process
 *       takes its place, and the same address may be registered under two of them, whose weights are then added.
 * </ul>
 *
 * <p><b>Trouble</b> is reported, and the last list stays in use: an agent that is down, slow, or answers what is not a list of instances; a token that it refuses;
 * a cluster without a leader; a list of which no instance is usable. Then all is asked for again, after a wait that grows up to 30 s. No instances at all is an empty
 * list, and published as such. Beware: a token without {@code service:read} on the service and {@code node:read} gets an empty list as well, or one without
 * the instances of some nodes. That is taken for trouble, or reported, where Consul says so, which old ones (1.8, for one) do not.
 *
 * <p><b>How it asks:</b> once the list is there, the agent is asked for news and answers when there is some, or after a while ({@link #withWait}). When the index goes
 * backwards, as after a restore, the list is asked for again a second later. A service that changes all the time is asked for eight times in a row, then once a second. An
 * answer has at most 64 MiB. Redirects are not followed. No variable of the environment is read, {@code CONSUL_HTTP_ADDR} included.
 *
 * <p>Threads: immutable, may be shared and watched by any number of balancers. Each watch has a daemon thread of its own, on which it asks and calls the listener.
 */
public final class ConsulEndpoints implements EndpointSource {

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final Duration SHORTEST_TIMEOUT = Duration.ofMillis(10);
    /** Consul's own limit. */
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final HealthQuery query;
    private final String scheme;
    private final Token token;
    private final Optional<HttpClient> client;

    private ConsulEndpoints(HealthQuery query, String scheme, Token token, Optional<HttpClient> client) {
        this.query = query;
        this.scheme = scheme;
        this.token = token;
        this.client = client;
    }

    /**
     * The instances of {@code service}, by the agent at {@code http://127.0.0.1:8500}, in the datacenter of that agent.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public static ConsulEndpoints of(String service) {
        HealthQuery query = HealthQuery.about(notBlank("service", service));
        return new ConsulEndpoints(query, "http", Token.NONE, Optional.empty());
    }

    /**
     * A copy that asks another agent, or a server, such as {@code https://consul.example:8501}. A path is put before those of the API. Certificates are checked as
     * the JVM does it by default, or as {@link #withClient} says.
     *
     * @throws IllegalArgumentException if it is neither http nor https, has no host, or has user-info, query or fragment
     */
    public ConsulEndpoints at(URI agent) {
        String text = agent.toString();
        refuseIf(text.contains("@"), "agent has user-info: set the token by withToken or withTokenFile");
        refuseIf(text.matches("(?s).*[?#].*"), "agent has a query or a fragment, but must be the begin of a URI");
        refuseIf(
                !text.matches("(?is)https?://.*") || agent.getHost() == null,
                "agent is " + text + ", but must be http:// or https:// and a host");
        return with(query.withAgent(agent));
    }

    /** A copy that asks for the instances in another datacenter.
     *
     * @throws IllegalArgumentException if the name is blank */
    public ConsulEndpoints withDatacenter(String datacenter) {
        return with(query.withDatacenter(notBlank("datacenter", datacenter)));
    }

    /** A copy that takes only instances with this tag, besides those asked for before. Consul's words, such as {@code primary} or {@code version=2}.
     *
     * @throws IllegalArgumentException if it is blank */
    public ConsulEndpoints withTag(String tag) {
        return with(query.withTag(notBlank("tag", tag)));
    }

    /**
     * A copy that sends a token, in a header. It needs {@code service:read} on the service, and {@code node:read}. The supplier is asked before each question, on
     * the thread of the watch; what it throws, or a blank token, is trouble.
     */
    public ConsulEndpoints withToken(Supplier<String> token) {
        return new ConsulEndpoints(query, scheme, Token.of(requireNonNull(token, "token")), client);
    }

    /** The same with the content of a file, without the white space around it: read before each question, so that it may be replaced. */
    public ConsulEndpoints withTokenFile(Path file) {
        return new ConsulEndpoints(query, scheme, Token.in(requireNonNull(file, "file")), client);
    }

    /** A copy whose endpoints have another scheme, such as {@code https} or {@code grpc}; default {@code http}.
     *
     * @throws IllegalArgumentException if it is no scheme */
    public ConsulEndpoints withScheme(String scheme) {
        refuseIf(
                !scheme.matches("[a-zA-Z][a-zA-Z0-9+.-]*"),
                "scheme is " + scheme + ", but must be a letter and then letters, digits, +, - or .");
        return new ConsulEndpoints(query, scheme, token, client);
    }

    /**
     * A copy that lets the agent wait this long for news, until it says that there are none: 1 s to 10 min, default 55 s. The agent adds up to a sixteenth, so that not all
     * who wait come back at once. A shorter wait notices sooner that an agent is silent, and costs more questions.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public ConsulEndpoints withWait(Duration wait) {
        return with(query.withPatience(range("wait", wait, SHORTEST_WAIT)));
    }

    /**
     * A copy that gives up on an answer that is not there, to its end, after this time; after the wait and this time, where the agent is to wait: 10 ms to 10 min,
     * default 10 s.
     *
     * @throws IllegalArgumentException if it is out of range
     */
    public ConsulEndpoints withTimeout(Duration timeout) {
        return with(query.withTimeout(range("timeout", timeout, SHORTEST_TIMEOUT)));
    }

    /**
     * A copy that lets any server answer instead of the one that leads: quicker, and possible without a leader, but what it says may be older: usually by less than
     * 50 ms, and without a bound where the server knows no leader. That is used and reported, and confirms no list: {@link io.evenkeel.BalancerStats#listAge} grows. Default false.
     */
    public ConsulEndpoints withStale(boolean stale) {
        return with(query.withStale(stale));
    }

    /**
     * A copy that asks by {@code client}, for an agent with a certificate of one's own, or that wants one. It stays the caller's to close. By default
     * each watch has a client of its own, which ends when the watch is closed.
     *
     * @throws IllegalArgumentException if it follows redirects: the token would go along
     */
    public ConsulEndpoints withClient(HttpClient client) {
        refuseIf(
                client.followRedirects() != HttpClient.Redirect.NEVER,
                "client follows redirects, but must not: they could lead the token to strangers");
        return new ConsulEndpoints(query, scheme, token, Optional.of(client));
    }

    private ConsulEndpoints with(HealthQuery query) {
        return new ConsulEndpoints(query, scheme, token, client);
    }

    private static String notBlank(String name, String value) {
        refuseIf(value.isBlank(), name + " is blank, but must have at least one visible character");
        return value;
    }

    private static Duration range(String name, Duration value, Duration shortest) {
        refuseIf(
                value.compareTo(shortest) < 0 || value.compareTo(LONGEST) > 0,
                name + " is " + value + ", but must be " + shortest + " to " + LONGEST);
        return value;
    }

    private static void refuseIf(boolean bad, String why) {
        if (bad) {
            throw new IllegalArgumentException(why);
        }
    }

    /** Begins to ask, on a thread of its own, and returns at once. */
    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of("consul-" + query.service(), this::poll).watch(listener);
    }

    private HealthPoll poll() {
        Web web = client.map(Web::of).orElseGet(Web::ofItsOwn);
        return new HealthPoll(query, scheme, token, web, new Rate(Defaults::nanoTime));
    }

    /** What it asks. */
    HealthQuery query() {
        return query;
    }

    /** The service and whom it asks. */
    @Override
    public String toString() {
        return "ConsulEndpoints[" + query.service() + " at " + Web.server(query.agent()) + "]";
    }
}
