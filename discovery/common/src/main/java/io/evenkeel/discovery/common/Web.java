package io.evenkeel.discovery.common;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * GET requests to a registry, each bounded in time, to the end of the body, and in size. Redirects are not followed: what credentials go with a
 * request is for one server only.
 *
 * <p>Threads: any; an interrupt ends a request.
 */
public final class Web implements AutoCloseable {

    private static final int MOST_BYTES = 64 << 20;

    private final HttpClient client;
    private final boolean own;

    /**
     * What a server answered.
     *
     * @param status its status
     * @param headers its headers
     * @param body its body, whole
     */
    @SuppressWarnings("ArrayRecordComponent") // made once, handed on once
    public record Answer(int status, HttpHeaders headers, byte[] body) {}

    private Web(HttpClient client, boolean own) {
        this.client = client;
        this.own = own;
    }

    /** By a client of its own, which {@link #close} ends. */
    public static Web ofItsOwn() {
        return new Web(Defaults.client(), true);
    }

    /** By {@code client}, which stays whose it is. */
    public static Web of(HttpClient client) {
        return new Web(client, false);
    }

    /**
     * Asks once.
     *
     * @param timeout to the end of the body
     * @throws IOException if no whole answer came in time: the message names the server, and neither path nor query; or if a header's value cannot be sent
     */
    public Answer get(URI uri, Map<String, String> headers, Duration timeout) throws IOException, InterruptedException {
        HttpRequest request = request(uri, headers);
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                request,
                head -> new LimitedBody(
                        MOST_BYTES,
                        head.headers().firstValueAsLong("Content-Length").orElse(-1)));
        try {
            HttpResponse<byte[]> response = answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (TimeoutException e) {
            throw new IOException(server(uri) + " did not answer within " + timeout, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(server(uri) + " could not be asked: " + Shown.text(cause.toString()), cause);
        } finally {
            answer.cancel(true); // does nothing to one that is there
        }
    }

    private static HttpRequest request(URI uri, Map<String, String> headers) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).GET();
        for (Map.Entry<String, String> header : headers.entrySet()) {
            try {
                request.setHeader(header.getKey(), header.getValue().strip());
            } catch (IllegalArgumentException e) { // which says, in full, what it cannot send
                throw new IOException("the value of the header " + header.getKey()
                        + " has a line break or another character that cannot be sent");
            }
        }
        return request.build();
    }

    /** The server's part of a URI, for messages. */
    public static String server(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    }

    @Override
    public void close() {
        if (own) {
            client.shutdownNow();
        }
    }
}
