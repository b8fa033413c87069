package io.evenkeel.http;

import io.evenkeel.Endpoint;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A service: the JDK's client finds it by its name and the first port, ours is told of the replicas' addresses.
 *
 * @param service the URI that both call it by
 */
record Site(URI service, List<Endpoint> replicas) {

    /** The name of almost every service. */
    static final String NAME = "service.test";

    /** Of one replica, at the usual address. */
    static Site of(String scheme, int port) {
        return of(scheme + "://" + NAME + ":" + port, Endpoint.of(scheme + "://127.0.0.1:" + port));
    }

    static Site of(String service, Endpoint... replicas) {
        return new Site(URI.create(service), List.of(replicas));
    }

    Set<Integer> ports() {
        return replicas.stream().map(replica -> replica.uri().getPort()).collect(Collectors.toSet());
    }
}
