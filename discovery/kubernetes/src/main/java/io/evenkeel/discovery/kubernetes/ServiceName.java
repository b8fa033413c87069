package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.client.Config;
import java.util.Optional;

/** A Service, in a namespace or in that of whoever asks. */
record ServiceName(Optional<String> namespace, String service) {

    /** The namespace, given or by {@code config}. Without one the client would ask for those of all namespaces. */
    String namespace(Config config) {
        String own = config.getNamespace();
        return namespace.orElse(own == null || own.isBlank() ? "default" : own);
    }

    @Override
    public String toString() {
        return namespace.map(name -> name + "/").orElse("") + service;
    }
}
