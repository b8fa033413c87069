package io.evenkeel.http;

import io.evenkeel.Call;
import java.net.http.HttpRequest;

/** Requests with equal keys belong where consistent hashing leads. Remembers nothing. */
record HashedSessions(SessionKey key) implements Sessions {

    @Override
    public Own of(HttpRequest request) {
        Session session = key.of(request).map(HashedSessions::by).orElse(Session.NONE);
        return balancer -> session;
    }

    private static Session by(String value) {
        return new Session() {
            @Override
            public Call place(Call call) {
                return call.withKey(value);
            }
        };
    }
}
