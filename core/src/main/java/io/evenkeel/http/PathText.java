package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;

/**
 * Paths as they are compared: as a server would take them, so that no way of writing one leads past a route. Of {@code /a//b;v=1/../%63} that is {@code /a/c}:
 * dot segments and empty ones are gone, but for an empty last one, and so are parameters; what is escaped is not, but for slashes, which then separate nothing, and
 * percent signs.
 */
final class PathText {

    private PathText() {}

    /** As it is compared; the same object if that is how it is written. */
    static String compared(String raw) {
        if (isPlain(raw)) {
            return raw;
        }
        StringBuilder path = new StringBuilder(raw.length());
        for (String segment : segments(raw)) {
            path.append('/').append(decoded(segment));
        }
        return path.toString();
    }

    private static boolean isPlain(String raw) {
        char before = 0;
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c == '%' || c == ';' || (before == '/' && (c == '/' || c == '.'))) {
                return false;
            }
            before = c;
        }
        return raw.startsWith("/");
    }

    /** The segments that count, as they are written. The last one is empty if the path ends with a slash. */
    static List<String> segments(String raw) {
        List<String> segments = new ArrayList<>();
        boolean open = true; // whether the path so far ends with a slash
        for (String segment : raw.split("/", -1)) {
            String name = decoded(segment);
            open = name.isEmpty() || name.equals(".") || name.equals("..");
            if (name.equals("..") && !segments.isEmpty()) {
                segments.removeLast();
            } else if (!open) {
                segments.add(segment);
            }
        }
        if (open) {
            segments.add("");
        }
        return segments;
    }

    /** A segment, or a part of one, as it is compared. */
    static String decoded(String segment) {
        int parameters = segment.indexOf(';');
        String name = parameters < 0 ? segment : segment.substring(0, parameters);
        return name.indexOf('%') < 0
                ? name
                : URLDecoder.decode(name.replace("+", "%2B"), UTF_8)
                        .replace("%", "%25")
                        .replace("/", "%2F");
    }
}
