package io.evenkeel.http;

import java.util.function.UnaryOperator;

/** A text in which each star stands for any characters, or none. Matches in place, and never tries a star twice. */
final class Wildcard {

    /** Between the stars, of which there is one less. */
    private final String[] parts;

    private Wildcard(String[] parts) {
        this.parts = parts;
    }

    static Wildcard of(String pattern) {
        return of(pattern, part -> part);
    }

    /** With what is between the stars {@code read} as it stands in texts. */
    static Wildcard of(String pattern, UnaryOperator<String> read) {
        String[] parts = pattern.split("\\*", -1);
        for (int i = 0; i < parts.length; i++) {
            parts[i] = read.apply(parts[i]);
        }
        return new Wildcard(parts);
    }

    /** As it was given, but read. */
    String pattern() {
        return String.join("*", parts);
    }

    boolean matches(String text) {
        return matches(text, 0, text.length());
    }

    /** Whether the characters from {@code from} to before {@code to} match. */
    boolean matches(String text, int from, int to) {
        String head = parts[0];
        String tail = parts[parts.length - 1];
        if (parts.length == 1) {
            return to - from == head.length() && text.startsWith(head, from);
        }
        return to - from >= head.length() + tail.length()
                && text.startsWith(head, from)
                && text.startsWith(tail, to - tail.length())
                && hasTheOthers(text, from + head.length(), to - tail.length());
    }

    /** Each as far to the left as it can be: so most is left for the next. */
    private boolean hasTheOthers(String text, int from, int to) {
        int at = from;
        for (int i = 1; i < parts.length - 1; i++) {
            int found = text.indexOf(parts[i], at, to);
            if (found < 0) {
                return false;
            }
            at = found + parts[i].length();
        }
        return true;
    }
}
