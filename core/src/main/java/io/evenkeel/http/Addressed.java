package io.evenkeel.http;

import io.evenkeel.balance.Attempt;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;

/** A view of a request for a service as a request for one endpoint: another URI and timeout, the rest as it was. */
final class Addressed extends HttpRequest {

    private final HttpRequest request;
    private final Optional<BodyPublisher> body;
    private final URI uri;
    private final Attempt attempt;

    Addressed(HttpRequest request, Optional<BodyPublisher> body, Attempt attempt) {
        this.request = request;
        this.body = body;
        this.uri = resolve(attempt.endpoint().uri(), request.uri());
        this.attempt = attempt;
    }

    /** The path and query of {@code target} at the address of {@code base}, escaped as they were. */
    static URI resolve(URI base, URI target) {
        String address = base.toString();
        String path = target.getRawPath();
        if (address.endsWith("/")) {
            address = address.substring(0, address.length() - 1);
        }
        String query = target.getRawQuery();
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
        return request.headers();
    }
}
