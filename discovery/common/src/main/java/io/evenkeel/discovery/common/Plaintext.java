package io.evenkeel.discovery.common;

import io.evenkeel.discovery.SourceUri;
import java.util.Collection;
import java.util.regex.Pattern;

/** When a source that is given by its URI does without TLS. */
public final class Plaintext {

    private static final Pattern THIS_MACHINE =
            Pattern.compile("(?i)(localhost|127(\\.[0-9]{1,3}){3}|\\[::1])(:[0-9]+)?");

    private Plaintext() {}

    /**
     * Whether servers are to be asked without TLS: as the parameter {@code plaintext} says; if it is not given, those on this machine only.
     *
     * @param servers their hosts, each with its port or without
     * @throws IllegalArgumentException if the parameter is neither true nor false
     */
    public static boolean isWanted(SourceUri uri, Collection<String> servers) {
        return uri.get("plaintext").isPresent()
                ? uri.flag("plaintext")
                : servers.stream()
                        .allMatch(server -> THIS_MACHINE.matcher(server).matches());
    }
}
