package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import java.util.List;

/** Finds endpoints, and remembers what it needs to bridge questions that fail. Used by one thread at a time. */
@FunctionalInterface
interface Lookup {

    /** The endpoints by what {@code round} brings, and as far as that fails, by what is known from before; empty if there is no saying. */
    List<Endpoint> endpoints(Round round) throws InterruptedException;
}
