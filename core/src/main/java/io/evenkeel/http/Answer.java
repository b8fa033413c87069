package io.evenkeel.http;

import io.evenkeel.Endpoint;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replica's response as the service's: the request and URI are those that the caller sent, unless the transport followed
 * a redirect from the address that was {@code sent} to.
 *
 * @param headers those that the caller is to see
 * @param unread the body, if it may be still to come
 */
record Answer<T>(
        HttpRequest request,
        URI sent,
        Endpoint endpoint,
        HttpResponse<T> response,
        HttpHeaders headers,
        @Nullable BodyEnd<T> unread)
        implements Seen<T> {

    /** Nobody will read the body of a response. */
    static void abandon(HttpResponse<?> response) {
        if (response instanceof Answer<?> answer && answer.unread != null) {
            answer.unread.abandon();
        }
    }

    @Override
    public HttpRequest request() {
        return wasRedirected(response, sent) ? response.request() : request;
    }

    @Override
    public URI uri() {
        return wasRedirected(response, sent) ? response.uri() : request.uri();
    }

    /** Whether the transport went on from where the request was sent, so that another may have answered. */
    static boolean wasRedirected(HttpResponse<?> response, URI sent) {
        return response.previousResponse().isPresent() && !response.uri().equals(sent); // not so after a challenge
    }

    /** Whether it went on to another host or port. */
    static boolean isOfAnother(HttpResponse<?> response, URI sent) {
        return wasRedirected(response, sent) && !Services.isSameHost(sent, response.uri());
    }

    @Override
    public Optional<HttpResponse<T>> previousResponse() {
        return response.previousResponse()
                .map(before -> new Answer<>(request, sent, endpoint, before, before.headers(), null));
    }

    /** As the JDK's: method, URI and status. */
    @Override
    public String toString() {
        return "(" + request().method() + " " + uri() + ") " + statusCode();
    }
}
