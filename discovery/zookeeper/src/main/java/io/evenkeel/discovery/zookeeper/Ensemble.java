package io.evenkeel.discovery.zookeeper;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whom to ask, and how.
 *
 * @param servers hosts and ports with commas between, and perhaps a path under which all is
 * @param path the node whose children are the endpoints
 * @param sessionTimeout how long a server may be silent
 * @param auth who we are, if the node is not for everybody
 */
record Ensemble(String servers, String path, Duration sessionTimeout, Optional<Auth> auth) {

    /** A name of ZooKeeper's for a way to show who one is, and what it takes. */
    record Auth(String scheme, Supplier<byte[]> credentials) {}

    @Override
    public String toString() {
        return "zookeeper://" + servers + path;
    }
}
