package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URI that describes a source, taken apart: {@code scheme://authority/path?name=value&...}. Each parameter is given once, and asked for once; {@link #done}
 * then refuses those that nobody asked for, or that are there again. A URI may be in a log: it holds no credentials, and one with user-info is refused.
 *
 * <p>Threads: one at a time.
 */
public final class SourceUri {

    /** Scheme, several servers, at least one of them an IPv6 address, and the rest: no URI by {@link URI}. */
    private static final Pattern SERVERS = Pattern.compile("(?s)([^:/?#]+://)(?=[^/?#]*\\[)(?=[^/?#]*,)([^/?#]*)(.*)");

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

    private final String text;
    private final URI uri;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final Set<String> repeated = new TreeSet<>();
    private final Set<String> known = new TreeSet<>();

    /**
     * Takes {@code text} apart.
     *
     * @throws IllegalArgumentException if it is no absolute URI, or has user-info
     */
    public SourceUri(String text) {
        this.text = requireNonNull(text, "text");
        this.uri = parsed(text);
        if (uri.getScheme() == null) {
            throw new IllegalArgumentException("source " + shown(text) + " has no scheme, such as dns:// or file:");
        }
        String query = uri.isOpaque() ? query(uri.getRawSchemeSpecificPart()) : uri.getRawQuery();
        if (query != null && !query.isEmpty()) {
            for (String pair : query.split("&", -1)) {
                put(pair);
            }
        }
    }

    private static URI parsed(String text) {
        if (text.matches("(?s)[^/?]*//[^/?]*@.*")) {
            throw new IllegalArgumentException(
                    "a source's URI has user-info, which may hold a password: set credentials in the way that the source describes");
        }
        try {
            Matcher parts = SERVERS.matcher(text);
            if (!parts.matches()) {
                return new URI(text);
            }
            for (String server : parts.group(2).split(",", -1)) {
                new URI(parts.group(1) + server);
            }
            return new URI(parts.group(1) + "servers" + parts.group(3));
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "source " + shown(text) + " is no URI: " + e.getReason() + " at index " + e.getIndex());
        }
    }

    private static String query(String rest) {
        int begin = rest.indexOf('?');
        return begin < 0 ? "" : rest.substring(begin + 1);
    }

    private void put(String pair) {
        int sign = pair.indexOf('=');
        String name = decoded(sign < 0 ? pair : pair.substring(0, sign));
        if (parameters.putIfAbsent(name, sign < 0 ? "" : decoded(pair.substring(sign + 1))) != null) {
            repeated.add(name);
        }
    }

    private static String decoded(String raw) {
        return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8); // a plus is no space, as in a form
    }

    /** In lower case. */
    public String scheme() {
        return uri.getScheme().toLowerCase(Locale.ROOT);
    }

    /** What is between {@code //} and the path, such as {@code host:port}; empty if there is none. */
    public String authority() {
        Matcher parts = SERVERS.matcher(text);
        String authority = parts.matches() ? parts.group(2) : uri.getAuthority();
        return authority == null ? "" : authority;
    }

    /** What comes before the parameters, but for scheme and authority. */
    public String path() {
        String path = uri.getPath();
        return path == null ? decoded(uri.getRawSchemeSpecificPart().replaceFirst("(?s)[?].*", "")) : path;
    }

    /** A parameter, if it is given. */
    public Optional<String> get(String name) {
        known.add(name);
        return Optional.ofNullable(parameters.get(name));
    }

    /** A parameter that is a duration, such as {@code 500ms}, {@code 5s}, {@code 2m}, {@code 1h} or {@code PT5S}, if it is given.
     *
     * @throws IllegalArgumentException if it is none */
    public Optional<Duration> duration(String name) {
        return get(name).map(value -> duration(name, value));
    }

    private Duration duration(String name, String value) {
        Matcher parts = DURATION.matcher(value);
        if (parts.matches()) {
            long number = Long.parseLong(parts.group(1));
            return switch (parts.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
        try {
            return Duration.parse(value);
        } catch (DateTimeException e) {
            throw wrong(name + " is " + value + ", but must be a duration, such as 500ms, 5s, 2m or 1h");
        }
    }

    /** A parameter that is {@code true} or {@code false}; false if it is not given.
     *
     * @throws IllegalArgumentException if it is neither */
    public boolean flag(String name) {
        String value = get(name).orElse("false");
        if (!value.equals("true") && !value.equals("false") && !value.isEmpty()) {
            throw wrong(name + " is " + value + ", but must be true or false");
        }
        return !value.equals("false");
    }

    /** The same words, of a parameter that is a list with commas; empty if it is not given. */
    public List<String> list(String name) {
        List<String> parts = new ArrayList<>();
        for (String part : get(name).orElse("").split(",", -1)) {
            if (!part.isBlank()) {
                parts.add(part.strip());
            }
        }
        return parts;
    }

    /** Refuses parameters that nobody has asked for, which may be typing errors, and those that are there twice.
     *
     * @throws IllegalArgumentException naming them and those that there are */
    public void done() {
        Set<String> unknown = new TreeSet<>(parameters.keySet());
        unknown.removeAll(known);
        refuseIfAny(unknown, "it has unknown parameters, " + unknown + ": there are " + known);
        refuseIfAny(repeated, "it has more than once: " + repeated);
    }

    private void refuseIfAny(Set<String> wrong, String what) {
        if (!wrong.isEmpty()) {
            throw wrong(what);
        }
    }

    /** An exception that says {@code what} is wrong with this URI, which it shows without the values of parameters. */
    public IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("source " + shown(text) + ": " + what);
    }

    /** A parameter may hold a password: that of a list's address, or one that has no place there; and so may what comes before an {@code @}, wherever that is. */
    private static String shown(String text) {
        String masked = text.replaceFirst("(?s)^([a-zA-Z][a-zA-Z0-9+.-]*:)?(//)?.*@", "$1$2***@");
        int query = masked.indexOf('?');
        if (text.indexOf('?') >= 0
                && text.indexOf('?') < text.lastIndexOf('@')) { // is it in a password, or the other way round?
            return masked.substring(0, masked.indexOf('@'));
        }
        return query < 0
                ? masked
                : masked.substring(0, query) + masked.substring(query).replaceAll("=[^&]*", "=***");
    }

    /** The URI as it was given. */
    @Override
    public String toString() {
        return text;
    }
}
