package io.evenkeel.benchmarks;

import java.util.Collection;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes maps, lists, numbers (null, if they are none) and everything else (as a string) as JSON. */
public final class Json {

    private Json() {}

    /** The value in JSON. */
    public static String of(Object value) {
        return switch (value) {
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> of(entry.getKey().toString()) + ":" + of(entry.getValue()))
                        .collect(Collectors.joining(",\n", "{", "}"));
            case Collection<?> list -> list.stream().map(Json::of).collect(Collectors.joining(",", "[", "]"));
            case Double number when !Double.isFinite(number) -> "null";
            case Number number -> number.toString();
            default ->
                '"'
                        + value.toString()
                                .replace("\\", "\\\\")
                                .replace("\"", "\\\"")
                                .replace("\n", "\\n")
                        + '"';
        };
    }
}
