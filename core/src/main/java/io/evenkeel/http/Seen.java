package io.evenkeel.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Optional;
import javax.net.ssl.SSLSession;

/** A response as the caller is to see it: what it does not say itself, the one within says. */
sealed interface Seen<T> extends HttpResponse<T> permits Answer, Redirected {

    HttpResponse<T> response();

    @Override
    default int statusCode() {
        return response().statusCode();
    }

    @Override
    default HttpHeaders headers() {
        return response().headers();
    }

    @Override
    default T body() {
        return response().body();
    }

    @Override
    default Optional<SSLSession> sslSession() {
        return response().sslSession();
    }

    @Override
    default URI uri() {
        return response().uri();
    }

    @Override
    default HttpClient.Version version() {
        return response().version();
    }
}
