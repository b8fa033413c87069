package io.evenkeel.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * What a server is called: a host name or address, perhaps with a port.
 *
 * @param text as in a URI or a Host header
 * @param host without the port
 * @param port -1 if there is none
 */
record Authority(String text, String host, int port) {

    static Optional<Authority> of(String text) {
        try {
            URI uri = new URI("http", text, null, null, null);
            return uri.getHost() == null || uri.getRawUserInfo() != null
                    ? Optional.empty()
                    : Optional.of(new Authority(text, uri.getHost(), uri.getPort()));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** Whether a host as in a URI is an address of IPv4 or IPv6, not a name. */
    static boolean isAddress(String host) {
        if (host.charAt(0) == '[') {
            return true;
        }
        char last = host.charAt(host.length() - 1);
        return last >= '0' && last <= '9' && isDigitsAndDots(host);
    }

    private static boolean isDigitsAndDots(String host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c != '.' && (c < '0' || c > '9')) {
                return false;
            }
        }
        return true;
    }
}
