package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import java.net.http.HttpRequest;
import java.util.Optional;
import java.util.function.Function;

/**
 * By what a request is known to belong to a session.
 *
 * @param inWords what it is, without its value
 * @param function gives it; nothing, or a blank, means that the request belongs to none
 * @param cookie the cookie whose value it is, if it is one
 */
record SessionKey(String inWords, Function<HttpRequest, Optional<String>> function, Optional<String> cookie) {

    static SessionKey ofHeader(String name) {
        return new SessionKey("header " + name, request -> request.headers().firstValue(name), Optional.empty());
    }

    static SessionKey ofCookie(String name) {
        return new SessionKey("cookie " + name, request -> Cookies.sent(request.headers(), name), Optional.of(name));
    }

    /** The key of a request. A blank one would put all who have none on one replica. */
    Optional<String> of(HttpRequest request) {
        return requireNonNull(function.apply(request), "the affinity's function gave null, not an Optional")
                .filter(key -> !key.isBlank());
    }
}
