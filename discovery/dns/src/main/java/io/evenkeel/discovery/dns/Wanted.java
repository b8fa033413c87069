package io.evenkeel.discovery.dns;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/** What is looked up, and what its endpoints' URIs begin with. */
sealed interface Wanted {

    /** How to find its endpoints, from nothing. */
    Lookup lookup();

    /**
     * A host.
     *
     * @param port of each endpoint; 0 if the scheme's will do
     */
    record Host(String scheme, Name name, int port) implements Wanted {

        private static final Pattern URI =
                Pattern.compile("(?<scheme>[^:/?#@]+)://(?<name>[^:/?#@\\[\\]]+)(:(?<port>[0-9]{1,9}))?/?");

        /** That of {@code scheme://name:port}. */
        static Host of(String uri) {
            Matcher parts = URI.matcher(uri);
            if (!parts.matches()) {
                throw new IllegalArgumentException(shown(uri)
                        + " must be scheme://name:port, such as http://orders.example:8080, and the name no address");
            }
            return new Host(Wanted.scheme(parts.group("scheme")), host(parts.group("name")), port(parts.group("port")));
        }

        /** It may hold a password. */
        private static String shown(String uri) {
            return uri.contains("@") ? "a host's URI with user-info" : "host " + uri;
        }

        private static Name host(String text) {
            if (text.matches("[0-9.]+")) {
                throw new IllegalArgumentException(
                        "host " + text + " is an address, which needs no DNS: use EndpointSource.of");
            }
            return Wanted.name(text);
        }

        private static int port(@Nullable String text) {
            int port = text == null ? 0 : Integer.parseInt(text);
            if (text != null && (port < 1 || port > 65_535)) {
                throw new IllegalArgumentException("port is " + port + ", but must be 1 to 65535");
            }
            return port;
        }

        /** The end of an endpoint's URI. */
        String colonPort() {
            return port == 0 ? "" : ":" + port;
        }

        @Override
        public Lookup lookup() {
            return new HostLookup(this);
        }

        @Override
        public String toString() {
            return scheme + "://" + name + colonPort();
        }
    }

    /** A service: a name that has SRV records. */
    record Service(String scheme, Name name) implements Wanted {

        static Service of(String scheme, String name) {
            return new Service(Wanted.scheme(scheme), Wanted.name(name));
        }

        @Override
        public Lookup lookup() {
            return new ServiceLookup(this);
        }

        @Override
        public String toString() {
            return scheme + " by SRV of " + name;
        }
    }

    private static String scheme(String text) {
        if (!text.matches("[a-zA-Z][a-zA-Z0-9+.-]*")) {
            throw new IllegalArgumentException("scheme is " + text + ", but must be one, such as http");
        }
        return text;
    }

    /** A name, complete only if it ends in a dot. */
    static Name name(String text) {
        if (!text.matches("[a-zA-Z0-9_.-]+")) {
            throw new IllegalArgumentException(
                    "name is " + text + ", but must consist of letters of ASCII, digits, dots, - and _");
        }
        try {
            return Name.fromString(text);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("name is " + text + ", which is no name of DNS: " + e.getMessage());
        }
    }
}
