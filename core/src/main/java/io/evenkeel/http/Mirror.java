package io.evenkeel.http;

import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpRequest;
import java.util.Optional;

/**
 * Where copies of requests go.
 *
 * @param share how many of them are copied, more than 0, at most 1
 * @param mark a header that copies have
 */
record Mirror(LoadBalancer balancer, double share, Optional<Mark> mark) {

    Mirror {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share is " + share + ", but must be more than 0 and at most 1");
        }
    }

    /** A header. */
    record Mark(String name, String value) {

        Mark {
            HttpRequest.newBuilder().setHeader(name, value); // checks it
        }
    }

    /** The copy of a request. */
    HttpRequest copy(HttpRequest request) {
        return mark.map(header -> HttpRequest.newBuilder(request, (name, value) -> true)
                        .setHeader(header.name, header.value)
                        .build())
                .orElse(request);
    }
}
