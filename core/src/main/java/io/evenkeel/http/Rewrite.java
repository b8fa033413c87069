package io.evenkeel.http;

import java.net.URI;
import java.util.List;

/**
 * Puts other segments in the place of the first of a path. What follows stays as it is written, but for dot segments and empty ones: with these it would not be known what is
 * first.
 *
 * @param from as compared; none to put {@code to} before every path
 * @param to without a slash at the end, and so empty to leave {@code from} out
 */
record Rewrite(List<String> from, String to) {

    static Rewrite of(String from, String to) {
        return new Rewrite(segments(from), prefix(to));
    }

    private static List<String> segments(String from) {
        Glob.path(from); // checks it
        if (from.contains("*")) {
            throw new IllegalArgumentException(
                    "from " + from + " has a star, but must be the beginning of a path as it is (%2A is a star)");
        }
        List<String> segments = PathText.segments(from);
        return (segments.getLast().isEmpty() ? segments.subList(0, segments.size() - 1) : segments)
                .stream().map(PathText::decoded).toList();
    }

    private static String prefix(String to) {
        try {
            if (to.startsWith("/") && to.equals(URI.create("http://host" + to).getRawPath())) {
                return to.endsWith("/") ? to.substring(0, to.length() - 1) : to;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("to " + to + " is no path: " + e.getMessage());
        }
        throw new IllegalArgumentException("to " + to + " is no path: it must begin with /, and have no query");
    }

    /** The path to be sent in the place of {@code raw}; itself if it begins otherwise. */
    String of(String raw) {
        List<String> segments = PathText.segments(raw);
        if (!beginsWithFrom(segments)) {
            return raw;
        }
        List<String> rest = segments.subList(from.size(), segments.size());
        String path = rest.isEmpty() ? to : to + "/" + String.join("/", rest);
        return path.isEmpty() ? "/" : path;
    }

    private boolean beginsWithFrom(List<String> segments) {
        if (segments.size() < from.size()) {
            return false;
        }
        for (int i = 0; i < from.size(); i++) {
            if (!from.get(i).equals(PathText.decoded(segments.get(i)))) {
                return false;
            }
        }
        return true;
    }
}
