package io.evenkeel.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/**
 * The response to a request of {@link Hops}.
 *
 * @param request without the cookies that were added to it, with the caller's timeout
 * @param previous that which redirected to this one
 */
record Redirected<T>(HttpRequest request, HttpResponse<T> response, Optional<HttpResponse<T>> previous)
        implements HttpResponse<T> {

    @Override
    public URI uri() {
        return response.uri();
    }

    @Override
    public int statusCode() {
        return response.statusCode();
    }

    /** A challenge, or else where it was redirected from. */
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
        Optional<HttpResponse<T>> challenge =
                response.previousResponse().map(before -> new Redirected<>(request, before, previous));
        return challenge.isPresent() ? challenge : previous;
    }

    @Override
    public HttpHeaders headers() {
        return response.headers();
    }

    @Override
    public T body() {
        return response.body();
    }

    @Override
    public Optional<SSLSession> sslSession() {
        return response.sslSession();
    }

    @Override
    public HttpClient.Version version() {
        return response.version();
    }

    @Override
    public String toString() {
        return response.toString();
    }
}
