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

/** A view of a request for a service as a request for one endpoint: another URI and timeout, the rest as it was. */
final class Addressed extends HttpRequest {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final HttpRequest request;
    private final Optional<BodyPublisher> body;
    private final URI uri;
    private final Attempt attempt;
    private final HttpHeaders headers;

    /** {@code path} takes the place of the request's; {@code deadlineHeader} says how many milliseconds the attempt may take; empty for none. */
    Addressed(
            HttpRequest request,
            String path,
            Optional<BodyPublisher> body,
            Attempt attempt,
            Optional<String> deadlineHeader) {
        this.request = request;
        this.body = body;
        this.uri = resolve(attempt.endpoint().uri(), path, request.uri().getRawQuery());
        this.attempt = attempt;
        this.headers = deadlineHeader.map(this::withDeadline).orElseGet(request::headers);
    }

    /** Rounded up, so that it is never 0; the caller's own, if there is one, stays. */
    private HttpHeaders withDeadline(String name) {
        long nanos = attempt.timeoutNanos();
        HttpHeaders own = request.headers();
        if (nanos == Attempt.UNBOUNDED || own.firstValue(name).isPresent()) {
            return own;
        }
        Map<String, List<String>> more = new TreeMap<>(own.map());
        more.put(name, List.of(String.valueOf((nanos - 1) / NANOS_PER_MILLI + 1)));
        return HttpHeaders.of(more, (header, value) -> true);
    }

    /** Path and query at the address of {@code base}, escaped as they were. */
    static URI resolve(URI base, String path, @Nullable String query) {
        String address = base.toString();
        if (address.endsWith("/")) {
            address = address.substring(0, address.length() - 1);
        }
        return URI.create(query == null ? address.concat(path) : address + path + "?" + query);
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
        return request.version();
    }

    @Override
    public HttpHeaders headers() {
        return headers;
    }
}
