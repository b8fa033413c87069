package io.evenkeel.http;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;

/**
 * The response to a request of {@link Hops}.
 *
 * @param request without the cookies that were added to it, with the caller's timeout
 * @param previous that which redirected to this one
 */
record Redirected<T>(HttpRequest request, HttpResponse<T> response, Optional<HttpResponse<T>> previous)
        implements Seen<T> {

    /** A challenge, or else where it was redirected from. */
    @Override
    public Optional<HttpResponse<T>> previousResponse() {
        Optional<HttpResponse<T>> challenge =
                response.previousResponse().map(before -> new Redirected<>(request, before, previous));
        return challenge.isPresent() ? challenge : previous;
    }

    @Override
    public String toString() {
        return response.toString();
    }
}
