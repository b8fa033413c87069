package io.evenkeel.discovery.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Whom to ask, and how.
 *
 * @param endpoints servers, all of them with TLS or none
 * @param prefix how the keys begin whose values are the endpoints
 * @param user who we are, if the keys are not for everybody
 * @param trust a file with the certificates to trust, if not those that the JVM trusts
 */
record Cluster(List<URI> endpoints, String prefix, Optional<User> user, Optional<Path> trust) {

    /** A name, and what proves it. */
    record User(String name, Supplier<String> password) {}

    boolean tls() {
        return endpoints.getFirst().getScheme().equalsIgnoreCase("https");
    }

    @Override
    public String toString() {
        return "etcd://" + endpoints.stream().map(URI::getAuthority).collect(Collectors.joining(","))
                + (prefix.startsWith("/") ? "" : "/") + prefix;
    }
}
