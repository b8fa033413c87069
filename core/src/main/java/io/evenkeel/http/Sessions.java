package io.evenkeel.http;

import io.evenkeel.balance.LoadBalancer;
import java.net.http.HttpRequest;

/** Tells where the requests of a client belong, by its {@link Affinity}. Threads: any. */
@FunctionalInterface
interface Sessions {

    /** Nowhere. */
    Sessions NONE = request -> balancer -> Session.NONE;

    /** Those of one request, whose key is looked for now and not again. */
    Own of(HttpRequest request);

    /** The sessions of one request. */
    @FunctionalInterface
    interface Own {

        /** That at one balancer. */
        Session at(LoadBalancer balancer);
    }
}
