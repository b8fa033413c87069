package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which requests a route is for. In words without values, which may be secrets. */
sealed interface Match {

    /** Whether a request is one of them; {@code path} is its path, {@linkplain PathText#compared as compared}. */
    boolean matches(HttpRequest request, String path);

    /** Which requests are both. */
    default Match and(Match other) {
        return other instanceof Any ? this : new Both(this, other);
    }

    /** In words with values, for a route that has such a place among its balancer's: other words if it is for other requests, as far as can be said. */
    default String inFull(int place) {
        return toString();
    }

    /** The hosts that it names. */
    default Stream<Host> hosts() {
        return Stream.empty();
    }

    /** All. */
    record Any() implements Match {

        @Override
        public Match and(Match other) {
            return other;
        }

        @Override
        public boolean matches(HttpRequest request, String path) {
            return true;
        }

        @Override
        public String toString() {
            return "any request";
        }
    }

    /** Those that both match. */
    record Both(Match first, Match second) implements Match {

        @Override
        public boolean matches(HttpRequest request, String path) {
            return first.matches(request, path) && second.matches(request, path);
        }

        @Override
        public Stream<Host> hosts() {
            return Stream.concat(first.hosts(), second.hosts());
        }

        @Override
        public String inFull(int place) {
            return first.inFull(place) + " and " + second.inFull(place);
        }

        @Override
        public String toString() {
            return first + " and " + second;
        }
    }

    /** By path. */
    record Path(Glob glob) implements Match {

        @Override
        public boolean matches(HttpRequest request, String path) {
            return glob.matches(path, 1);
        }

        @Override
        public String toString() {
            return "path " + glob;
        }
    }

    /** By method: any of these. */
    record Method(List<String> methods) implements Match {

        private static final List<String> USUAL =
                List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");

        public Method {
            if (methods.isEmpty()) {
                throw new IllegalArgumentException("no method is given: name at least one");
            }
            methods.forEach(Method::check);
        }

        private static void check(String method) {
            Token.check("method", method);
            String upperCase = method.toUpperCase(Locale.ROOT);
            if (!method.equals(upperCase) && USUAL.contains(upperCase)) {
                throw new IllegalArgumentException(
                        "method " + method + " is not " + upperCase + ", since case counts: write " + upperCase);
            }
        }

        @Override
        public boolean matches(HttpRequest request, String path) {
            return methods.contains(request.method());
        }

        @Override
        public String toString() {
            return "method " + String.join(" or ", methods);
        }
    }

    /** By any value of a header. */
    record Header(String name, Wildcard value) implements Match {

        public Header {
            Token.check("header", name);
        }

        @Override
        public boolean matches(HttpRequest request, String path) {
            for (String line : request.headers().allValues(name)) {
                if (value.matches(line)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String inFull(int place) {
            return this + ": " + value.pattern();
        }

        @Override
        public String toString() {
            return "header " + name;
        }
    }

    /** By any value of a parameter of the query. */
    record Query(String name, Wildcard value) implements Match {

        public Query {
            if (name.isEmpty()) {
                throw new IllegalArgumentException("the query's parameter has no name: give one");
            }
        }

        @Override
        public boolean matches(HttpRequest request, String path) {
            String query = request.uri().getRawQuery();
            if (query == null) {
                return false;
            }
            int end;
            for (int at = 0; at <= query.length(); at = end + 1) {
                end = end(query, '&', at, query.length());
                if (isIt(query, at, end(query, '=', at, end), end)) {
                    return true;
                }
            }
            return false;
        }

        /** Escaped as a form has it, or not at all. */
        private boolean isIt(String query, int from, int equals, int to) {
            int after = Math.min(equals + 1, to);
            if (query.indexOf('%', from, to) < 0 && query.indexOf('+', from, to) < 0) {
                return name.length() == equals - from
                        && query.startsWith(name, from)
                        && value.matches(query, after, to);
            }
            return name.equals(URLDecoder.decode(query.substring(from, equals), UTF_8))
                    && value.matches(URLDecoder.decode(query.substring(after, to), UTF_8));
        }

        private static int end(String text, char separator, int from, int to) {
            int end = text.indexOf(separator, from, to);
            return end < 0 ? to : end;
        }

        @Override
        public String inFull(int place) {
            return this + "=" + value.pattern();
        }

        @Override
        public String toString() {
            return "query " + name;
        }
    }

    /** By the URI's host, and its port unless that is -1. */
    record Host(Glob glob, int port) implements Match {

        static Host of(String host) {
            int colon = host.lastIndexOf(':');
            boolean hasPort = colon >= 0 && !host.endsWith("]");
            return hasPort
                    ? new Host(Glob.host(host.substring(0, colon)), port(host, host.substring(colon + 1)))
                    : new Host(Glob.host(host), -1);
        }

        private static int port(String host, String text) {
            int port = text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9') && !text.isEmpty()
                    ? Integer.parseInt(text)
                    : 0;
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("host " + host + " has port " + text + ", but must have 1 to 65535");
            }
            return port;
        }

        @Override
        public boolean matches(HttpRequest request, String path) {
            return isOf(request.uri());
        }

        boolean isOf(URI uri) {
            return uri.getHost() != null && names(uri.getHost()) && (port < 0 || port == portOf(uri));
        }

        /** Whether it is this host, with one port or another. */
        boolean names(String host) {
            return glob.matches(host.toLowerCase(Locale.ROOT), 0);
        }

        /** Whether each host that {@code other} names is one of these, with its port. */
        boolean covers(Host other) {
            String theirs = other.glob.toString();
            boolean named = theirs.contains("**") ? theirs.equals(glob.toString()) : glob.matches(theirs, 0);
            return named && (port < 0 || port == other.port);
        }

        private static int portOf(URI uri) {
            int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
            return uri.getPort() < 0 ? standard : uri.getPort();
        }

        @Override
        public Stream<Host> hosts() {
            return Stream.of(this);
        }

        @Override
        public String toString() {
            return "host " + glob + (port < 0 ? "" : ":" + port);
        }
    }

    /** By what the user's own code says. */
    record When(Predicate<HttpRequest> predicate) implements Match {

        @Override
        public boolean matches(HttpRequest request, String path) {
            return predicate.test(request);
        }

        @Override
        public String inFull(int place) {
            return this + " of route " + place;
        }

        @Override
        public String toString() {
            return "a predicate";
        }
    }
}
