package io.evenkeel.discovery.common;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How foreign text appears in a message: short, and in one line whatever is in it. */
public final class Shown {

    private static final int LONGEST = 200;
    private static final int LONGEST_VALUE = 60;

    private Shown() {}

    /** At most 200 characters, in one line. */
    public static String text(String foreign) {
        return cut(foreign, LONGEST).replaceAll("[\\p{Cc}\\p{Zl}\\p{Zp}]", "?");
    }

    /** A value as a parser made it, strings in quotes. */
    public static String value(@Nullable Object json) {
        return switch (json) {
            case null -> "null";
            case String string -> '"' + cut(string, LONGEST_VALUE) + '"';
            case Map<?, ?> ignored -> "an object";
            case List<?> ignored -> "a list";
            default -> cut(json.toString(), LONGEST_VALUE);
        };
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "...";
    }
}
