package io.evenkeel.http;

import io.evenkeel.Endpoint;
import java.io.IOException;
import java.net.URI;

/** A request cannot go to an endpoint because of its scheme. */
final class MisfitException extends IOException {

    private static final long serialVersionUID = 1;

    MisfitException(URI uri, Endpoint endpoint) {
        super("a call to " + uri.getScheme() + "://" + uri.getHost() + " cannot go to endpoint " + endpoint.id()
                + ": an https call needs https endpoints, an http call http or https ones");
    }
}
