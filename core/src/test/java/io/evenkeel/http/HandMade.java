package io.evenkeel.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that the JDK's builder did not make, and would perhaps refuse to. */
final class HandMade extends HttpRequest {

    private final String method;
    private final URI uri;
    private final Optional<BodyPublisher> body;
    private final Map<String, List<String>> headers;

    HandMade(String method, String uri, Optional<BodyPublisher> body) {
        this(method, uri, body, Map.of("X-Made", List.of("by hand")));
    }

    HandMade(String method, String uri, Optional<BodyPublisher> body, Map<String, List<String>> headers) {
        this.headers = headers;
        this.method = method;
        this.uri = URI.create(uri);
        this.body = body;
    }

    @Override
    public Optional<BodyPublisher> bodyPublisher() {
        return body;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public Optional<Duration> timeout() {
        return Optional.empty();
    }

    @Override
    public boolean expectContinue() {
        return false;
    }

    @Override
    public URI uri() {
        return uri;
    }

    @Override
    public Optional<HttpClient.Version> version() {
        return Optional.empty();
    }

    @Override
    public HttpHeaders headers() {
        return HttpHeaders.of(headers, (name, value) -> true);
    }
}
