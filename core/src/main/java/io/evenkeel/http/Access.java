package io.evenkeel.http;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * How requests reach an endpoint, and by which name.
 *
 * @param lanes the clients
 * @param base what paths are put on
 * @param host the Host header, if it is to be set beside the URI
 * @param via where the requests really go, if {@code base} is only a name
 */
record Access(
        Lanes lanes,
        URI base,
        @Nullable String host,
        @Nullable InetSocketAddress via) {

    private static final String OF_PROXIES = "proxy-";

    /** Whether an endpoint is sent headers as they are. */
    boolean isTransparent() {
        return host == null && via == null;
    }

    /** Whether an endpoint may see a header: what is for a proxy is not for one that the JDK's client only takes for a proxy. */
    boolean passes(String header) {
        return via == null || !header.regionMatches(true, 0, OF_PROXIES, 0, OF_PROXIES.length());
    }

    /** The version to ask for; HTTP/2 has no Host but the URI's. */
    Optional<Version> version(HttpRequest request) {
        return isTransparent() ? request.version() : Optional.of(Version.HTTP_1_1);
    }

    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        if (via == null) {
            return lanes.send(request, handler);
        }
        Via.goTo(via);
        try {
            return lanes.send(request, handler);
        } finally {
            Via.done();
        }
    }

    /** By one of the lanes. */
    <T> CompletableFuture<HttpResponse<T>> sendAsync(
            int lane, HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
        if (via == null) {
            return lanes.client(lane).sendAsync(request, handler, pushes);
        }
        Via.goTo(via);
        try {
            return lanes.client(lane).sendAsync(request, handler, pushes);
        } finally {
            Via.done();
        }
    }

    /** Sends a request for the endpoint's own address, of a health check. */
    CompletableFuture<HttpResponse<Void>> probe(HttpRequest request) {
        HttpRequest.Builder named = HttpRequest.newBuilder(request, (name, value) -> passes(name))
                .uri(Addressed.resolve(
                        base, request.uri().getRawPath(), request.uri().getRawQuery()));
        version(request).ifPresent(named::version);
        if (host != null) {
            named.setHeader("Host", host);
        }
        return sendAsync(0, named.build(), BodyHandlers.discarding(), null);
    }
}
