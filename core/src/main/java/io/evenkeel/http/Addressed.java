package io.evenkeel.http;

import io.evenkeel.balance.Attempt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A view of a request for a service as a request for one endpoint: another URI, timeout and, if need be, Host, and nothing that is for a proxy; the rest as it was. */
final class Addressed extends HttpRequest {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final HttpRequest request;
    private final Optional<BodyPublisher> body;
    private final Access access;
    private final URI uri;
    private final Attempt attempt;
    private final HttpHeaders headers;

    /**
     * {@code path} takes the place of the request's; {@code deadlineHeader} says how many milliseconds the attempt may take; empty for none.
     */
    Addressed(
            HttpRequest request,
            String path,
            Optional<BodyPublisher> body,
            Access access,
            Attempt attempt,
            Optional<String> deadlineHeader) {
        this.request = request;
        this.body = body;
        this.access = access;
        this.uri = resolve(access.base(), path, request.uri().getRawQuery());
        this.attempt = attempt;
        this.headers = deadlineHeader.isEmpty() && access.isTransparent() ? request.headers() : changed(deadlineHeader);
    }

    private HttpHeaders changed(Optional<String> deadlineHeader) {
        Map<String, List<String>> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(request.headers().map());
        deadlineHeader.ifPresent(name -> addDeadline(name, more));
        if (access.host() != null) {
            more.putIfAbsent("Host", List.of(access.host()));
        }
        return HttpHeaders.of(more, (header, value) -> access.passes(header));
    }

    /** Rounded up, so that it is never 0; the caller's own, if there is one, stays. */
    private void addDeadline(String name, Map<String, List<String>> headers) {
        long nanos = attempt.timeoutNanos();
        if (nanos != Attempt.UNBOUNDED) {
            headers.putIfAbsent(name, List.of(String.valueOf((nanos - 1) / NANOS_PER_MILLI + 1)));
        }
    }

    /** Path and query at the address of {@code base}, escaped as they were. */
    static URI resolve(URI base, String path, @Nullable String query) {
        String relative = query == null ? path : path + "?" + query;
        if (path.startsWith("/") && !path.startsWith("//")) {
            return base.resolve(URI.create(relative)); // an address would take longer to parse than all the rest
        }
        String address = base.toString();
        return URI.create(
                (address.endsWith("/") ? address.substring(0, address.length() - 1) : address).concat(relative));
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Optional<Duration> timeout() {
        long nanos = attempt.timeoutNanos();
        return nanos == Attempt.UNBOUNDED ? Optional.empty() : Optional.of(Duration.ofNanos(nanos));
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
        return body;
    }

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public boolean expectContinue() {
        return request.expectContinue();
    }

    @Override
    public Optional<HttpClient.Version> version() {
        return access.version(request);
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }
}
