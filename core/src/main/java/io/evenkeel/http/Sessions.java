package io.evenkeel.http;

import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpRequest;

/** Tells where the requests of a client belong, by its {@link Affinity}. Threads: any. */
@FunctionalInterface
interface Sessions {

    /** Nowhere. */
    Sessions NONE = (balancer, request) -> Session.NONE;

    /** That of one request to one balancer. */
    Session of(LoadBalancer balancer, HttpRequest request);
}
