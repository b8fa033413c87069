package io.evenkeel.http;

import java.net.URI;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of segments: {@code *} stands for any characters of one, {@code **} for any number of them. Matches in place, in a time that grows with the product of
 * the lengths of pattern and text at most: of several {@code **} only the last is ever lengthened, since no shorter match of what is before it can be missed.
 */
final class Glob {

    private final String text;
    private final char separator;
    /** Null for any number of segments. */
    private final @Nullable Wildcard[] segments;

    private Glob(String text, char separator, @Nullable Wildcard[] segments) {
        this.text = text;
        this.separator = separator;
        this.segments = segments;
    }

    /** Of paths, such as {@code /v2/**}, as {@link PathText} has them compared. */
    static Glob path(String glob) {
        String wrong = glob.startsWith("/") ? wrongIn(glob) : "must begin with /";
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException("path " + glob + " " + wrong);
        }
        try {
            return new Glob(glob, '/', segments(glob.substring(1), "/", PathText::decoded));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("path " + glob + " is no path: " + e.getMessage());
        }
    }

    private static String wrongIn(String glob) {
        if (glob.contains("?") || glob.contains("#")) {
            return "has ? or #, which end a path: the query is matched by Route.query(name, value)";
        }
        if (glob.contains("{") || glob.contains("}")) {
            return "has a brace: write * for one segment, ** for any number of them";
        }
        if (glob.contains(";")) {
            return "has ;, but parameters of segments are not compared: use Route.when(predicate)";
        }
        if (glob.contains("//")) {
            return "has an empty segment, but those are not compared";
        }
        return wrongSegmentIn(glob);
    }

    private static String wrongSegmentIn(String glob) {
        for (String segment : glob.split("/", -1)) {
            if (segment.equals(".") || segment.equals("..")) {
                return "has a dot segment, but those are resolved before paths are compared";
            }
            if (segment.contains("**") && !segment.equals("**")) {
                return "has ** beside other characters: it stands for whole segments, * for a part of one";
            }
        }
        return "";
    }

    /** Of hosts, such as {@code *.shop.example}, in lower case. */
    static Glob host(String glob) {
        String asHost = glob.replace("*", "x");
        boolean literal = glob.chars().anyMatch(c -> c != '*' && c != '.');
        if (!literal || !asHost.equals(hostOf(asHost)) || glob.matches(".*([^.][*]{2}|[*]{2}[^.]).*")) {
            throw new IllegalArgumentException(
                    "host " + glob + " is no host: give a name, with * for any characters of a"
                            + " label, or ** for any number of labels, and perhaps :port; for all hosts use Route.any()");
        }
        String lowerCase = glob.toLowerCase(Locale.ROOT);
        return new Glob(lowerCase, '.', segments(lowerCase, "[.]", label -> label));
    }

    private static @Nullable String hostOf(String host) {
        try {
            return URI.create("http://" + host).getHost();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static @Nullable Wildcard[] segments(String glob, String separator, UnaryOperator<String> read) {
        String[] segments = glob.split(separator, -1);
        @Nullable Wildcard[] all = new Wildcard[segments.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = segments[i].equals("**") ? null : Wildcard.of(segments[i], read);
        }
        return all;
    }

    /** Whether the segments of {@code text} from the character {@code start} on match. */
    boolean matches(String text, int start) {
        int at = start;
        int next = 0;
        int afterStars = -1; // where the pattern goes on after the last **, and the text with it
        int goesOnAt = 0;
        while (at <= text.length()) {
            int end = endOf(text, at);
            if (next < segments.length && segments[next] == null) {
                next++;
                afterStars = next;
                goesOnAt = at;
                if (next == segments.length) {
                    return true;
                }
            } else if (next < segments.length && matches(next, text, at, end)) {
                next++;
                at = end + 1;
            } else if (afterStars >= 0) {
                goesOnAt = endOf(text, goesOnAt) + 1;
                at = goesOnAt;
                next = afterStars;
            } else {
                return false;
            }
        }
        return isOver(next);
    }

    private boolean matches(int segment, String text, int from, int to) {
        Wildcard wildcard = segments[segment];
        return wildcard != null && wildcard.matches(text, from, to);
    }

    /** Whether the pattern needs no more segments. */
    private boolean isOver(int next) {
        for (int i = next; i < segments.length; i++) {
            if (segments[i] != null) {
                return false;
            }
        }
        return true;
    }

    private int endOf(String text, int from) {
        int end = text.indexOf(separator, from);
        return end < 0 ? text.length() : end;
    }

    @Override
    public String toString() {
        return text;
    }
}
