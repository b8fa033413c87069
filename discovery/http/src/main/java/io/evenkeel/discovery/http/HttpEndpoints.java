package io.evenkeel.discovery.http;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import io.evenkeel.discovery.common.Web;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Endpoints from a list that a web server has, asked for by default every 10 seconds.
 *
 * {@snippet lang = java:
 * var orders = LoadBalancer.builder("orders")
 *         .source(HttpEndpoints.at(URI.create("https://registry.example/orders.json")))
 *         .build();
 * }
 *
 * <p><b>The list</b> is JSON, at most 64 MiB: a list of entries, or an object with a list named {@code endpoints}. An entry is a URI; an object with {@code uri}
 * and, if wanted, {@code id}, {@code weight}, {@code zone}, {@code priority} and {@code tags}; or a group as in Prometheus's {@code http_sd}. A list that has
 * not changed costs little where the server sends an {@code ETag} or {@code Last-Modified}, and heeds {@code If-None-Match} or {@code If-Modified-Since}.
 *
 * <p><b>Trouble</b>, after which the last list stays in use: no answer within 5 seconds, any status but 200 and 304 (redirects are not followed), or what is no such
 * list, or none of its entries usable. Entries that are no endpoints are left out of a list and reported. It asks again as {@link PollingSource} says.
 *
 * <p>Threads: immutable, may be watched by any number of balancers; each watch has a daemon thread.
 */
public final class HttpEndpoints implements EndpointSource {

    private static final Duration SHORTEST = Duration.ofMillis(100);
    private static final Duration LONGEST = Duration.ofHours(1);

    private final URI uri;
    private final Duration interval;
    private final Duration timeout;
    private final Map<String, Supplier<String>> headers;
    private final Optional<HttpClient> client;

    private HttpEndpoints(
            URI uri,
            Duration interval,
            Duration timeout,
            Map<String, Supplier<String>> headers,
            Optional<HttpClient> client) {
        this.uri = uri;
        this.interval = interval;
        this.timeout = timeout;
        this.headers = headers;
        this.client = client;
    }

    /** The endpoints in the list at {@code uri}, http or https, without user-info.
     *
     * @throws IllegalArgumentException if it is anything else */
    public static HttpEndpoints at(URI uri) {
        String scheme = String.valueOf(uri.getScheme());
        if (!(scheme.equalsIgnoreCase("http") || scheme.equalsIgnoreCase("https"))
                || uri.getHost() == null
                || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "the list's address must be http:// or https:// with a host, and without user-info: set an Authorization header instead");
        }
        return new HttpEndpoints(uri, Duration.ofSeconds(10), Duration.ofSeconds(5), Map.of(), Optional.empty());
    }

    /** A copy that waits so long between two questions: 100 ms to 1 hour, default 10 s. */
    public HttpEndpoints withInterval(Duration interval) {
        return new HttpEndpoints(uri, checked("interval", interval), timeout, headers, client);
    }

    /** A copy that waits so long for an answer, to its end: 100 ms to 1 hour, default 5 s. */
    public HttpEndpoints withTimeout(Duration timeout) {
        return new HttpEndpoints(uri, interval, checked("timeout", timeout), headers, client);
    }

    private static Duration checked(String name, Duration value) {
        if (value.compareTo(SHORTEST) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + SHORTEST + " to " + LONGEST);
        }
        return value;
    }

    /**
     * A copy that sends a header besides those before, such as {@code Authorization}; its value is asked for each time, so that it may change, and sent without the white space around
     * it. It is never shown.
     *
     * @throws IllegalArgumentException if {@code name} is no name of a header, or of one that is not for us to set, such as {@code Host}
     */
    public HttpEndpoints withHeader(String name, Supplier<String> value) {
        HttpRequest.newBuilder().setHeader(name, ""); // checks the name
        Map<String, Supplier<String>> more = new LinkedHashMap<>(headers);
        more.put(name, requireNonNull(value, "value"));
        return new HttpEndpoints(uri, interval, timeout, more, client);
    }

    /** A copy that asks by {@code client}, which stays the caller's: for a private CA, a client certificate, or a proxy. By default each watch has a client
     * of its own.
     *
     * @throws IllegalArgumentException if it follows redirects: the headers would go along */
    public HttpEndpoints withClient(HttpClient client) {
        if (client.followRedirects() != HttpClient.Redirect.NEVER) {
            throw new IllegalArgumentException(
                    "client follows redirects, but must not: they could lead the headers to strangers");
        }
        return new HttpEndpoints(uri, interval, timeout, headers, Optional.of(client));
    }

    @Override
    public Watch watch(Listener listener) {
        return PollingSource.of(
                        toString(),
                        () -> new HttpPoll(
                                client.map(Web::of).orElseGet(Web::ofItsOwn), uri, headers, interval, timeout))
                .watch(listener);
    }

    /** The server, without path and query, which may hold what is nobody's business. */
    @Override
    public String toString() {
        return "list at " + Web.server(uri);
    }
}
