package io.evenkeel;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * An address that can serve. Two endpoints are equal when all their fields are; health, operator's verbs and hashing
 * go by {@link #id()} alone, so a change of weight, zone or tags keeps what is known of a replica.
 *
 * @param uri scheme, host and, unless the scheme's default will do, port; no user-info, path, query or fragment
 * @param id stable identity, not blank; unless set, the normalised URI (lower case, default port explicit)
 * @param weight relative capacity, 0 to 1,000,000, default 1; one of weight 0 gets no calls but those that
 *     ask for it ({@link Call#withEndpoint})
 * @param zone where the endpoint runs, if known: clients in the same zone prefer it
 * @param priority 0 to 1,000, default 0; a higher number gets calls only as far as lower ones cannot take them
 * @param tags free labels, such as {@code version=2}, by which calls can ask for endpoints ({@link Call#withTag})
 */
public record Endpoint(
        URI uri, String id, double weight, Optional<String> zone, int priority, Map<String, String> tags) {

    private static final double MAX_WEIGHT = 1_000_000;

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and what it must be */
    public Endpoint {
        checkAddress(uri);
        Check.notBlank("id", id);
        weight = checkWeight(weight) + 0.0; // minus zero is zero
        zone.ifPresent(name -> Check.notBlank("zone", name));
        Check.range("priority", priority, 0, 1_000);
        tags = Map.copyOf(tags);
    }

    /** The endpoint at {@code uri}, weight 1, with every other field at its default.
     *
     * @throws IllegalArgumentException if {@code uri} is not an address: it names the part that is wrong */
    public static Endpoint of(String uri) {
        URI parsed;
        try {
            parsed = new URI(requireNonNull(uri, "uri"));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "endpoint " + withoutSecrets(uri) + " is no URI: " + e.getReason() + " at index " + e.getIndex());
        }
        return of(parsed);
    }

    /** The same as {@link #of(String)} for a parsed URI. */
    public static Endpoint of(URI uri) {
        checkAddress(requireNonNull(uri, "uri"));
        return new Endpoint(uri, normalised(uri), 1, Optional.empty(), 0, Map.of());
    }

    /** A copy with another identity, for addresses that change under the same replica. */
    public Endpoint withId(String id) {
        return new Endpoint(uri, id, weight, zone, priority, tags);
    }

    /** A copy with another weight, 0 to 1,000,000. */
    public Endpoint withWeight(double weight) {
        return new Endpoint(uri, id, weight, zone, priority, tags);
    }

    /** A copy in a zone. */
    public Endpoint withZone(String zone) {
        return new Endpoint(uri, id, weight, Optional.of(zone), priority, tags);
    }

    /** A copy with another priority, 0 to 1,000. */
    public Endpoint withPriority(int priority) {
        return new Endpoint(uri, id, weight, zone, priority, tags);
    }

    /** A copy with one more tag, or another value of it. */
    public Endpoint withTag(String name, String value) {
        Map<String, String> more = new HashMap<>(tags);
        more.put(name, value);
        return new Endpoint(uri, id, weight, zone, priority, more);
    }

    /** The port, or the default one of http and https, or -1 where the URI has none. */
    public int port() {
        return portOf(uri);
    }

    /** Refuses a weight that is negative, not a number, or above 1,000,000. */
    static double checkWeight(double weight) {
        if (!(weight >= 0 && weight <= MAX_WEIGHT)) {
            throw new IllegalArgumentException("weight is " + weight + ", but must be 0 to " + (int) MAX_WEIGHT);
        }
        return weight;
    }

    private static void checkAddress(URI uri) {
        refuseIf(uri.getScheme() == null, uri, "has no scheme, such as http://");
        refuseIf(uri.getHost() == null, uri, "has no legal host name");
        refuseIf(uri.getRawUserInfo() != null, uri, "has user-info, which may hold a password");
        refuseIf(uri.getPort() == 0 || uri.getPort() > 65_535, uri, "has a port outside 1 to 65535");
        String path = uri.getRawPath();
        refuseIf(path != null && !path.isEmpty() && !path.equals("/"), uri, "has a path, which belongs to a call");
        refuseIf(uri.getRawQuery() != null, uri, "has a query, which belongs to a call");
        refuseIf(uri.getRawFragment() != null, uri, "has a fragment");
    }

    private static void refuseIf(boolean bad, URI uri, String why) {
        if (bad) {
            throw new IllegalArgumentException("endpoint " + withoutSecrets(uri.toString()) + " " + why);
        }
    }

    /** For messages: user-info and query may hold a password, wherever the parts of a broken URI begin and end. */
    private static String withoutSecrets(String uri) {
        return uri.replaceFirst("(?s)^([a-zA-Z][a-zA-Z0-9+.-]*:)?(//)?.*@", "$1$2***@")
                .replaceFirst("(?s)[?].+", "?***");
    }

    private static String normalised(URI uri) {
        int port = portOf(uri);
        String address = uri.getScheme() + "://" + uri.getHost() + (port < 0 ? "" : ":" + port);
        return address.toLowerCase(Locale.ROOT);
    }

    private static int portOf(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return switch (uri.getScheme().toLowerCase(Locale.ROOT)) {
            case "http" -> 80;
            case "https" -> 443;
            default -> -1;
        };
    }
}
