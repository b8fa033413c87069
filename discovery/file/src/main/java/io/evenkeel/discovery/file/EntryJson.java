package io.evenkeel.discovery.file;

import com.grack.nanojson.JsonObject;
import io.evenkeel.Endpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One entry of the list: JSON to an endpoint. What is wrong with it goes by {@link IllegalArgumentException}. */
final class EntryJson {

    private EntryJson() {}

    /** The endpoint that {@code json} describes, with a remark on each field that nobody knows. */
    static Endpoint endpoint(@Nullable Object json, Consumer<String> remarks) {
        return switch (json) {
            case String uri -> Endpoint.of(uri);
            case JsonObject fields -> endpointOf(fields, remarks);
            case null, default -> throw wrong("it", json, "a URI or an object");
        };
    }

    private static Endpoint endpointOf(JsonObject fields, Consumer<String> remarks) {
        Object uri = fields.get("uri");
        if (uri == null) {
            throw new IllegalArgumentException("uri is missing");
        }
        Endpoint endpoint = Endpoint.of(string("uri", uri));
        for (Map.Entry<String, Object> field : fields.entrySet()) {
            endpoint = with(endpoint, field.getKey(), field.getValue(), remarks);
        }
        return endpoint;
    }

    private static Endpoint with(Endpoint endpoint, String name, @Nullable Object value, Consumer<String> remarks) {
        if (value == null) {
            return endpoint;
        }
        return switch (name) {
            case "uri" -> endpoint;
            case "id" -> endpoint.withId(string(name, value));
            case "weight" -> endpoint.withWeight(number(name, value));
            case "zone" -> endpoint.withZone(string(name, value));
            case "priority" -> endpoint.withPriority(integer(name, value));
            case "tags" -> withTags(endpoint, tags(value));
            default -> {
                remarks.accept("has an unknown field " + Shown.value(name) + ", which is ignored");
                yield endpoint;
            }
        };
    }

    /** All at once: one by one, each would copy those before it. */
    private static Endpoint withTags(Endpoint it, Map<String, String> tags) {
        return new Endpoint(it.uri(), it.id(), it.weight(), it.zone(), it.priority(), tags);
    }

    private static Map<String, String> tags(Object json) {
        if (!(json instanceof JsonObject fields)) {
            throw wrong("tags", json, "an object");
        }
        Map<String, String> tags = new HashMap<>();
        fields.forEach((name, value) -> {
            if (value != null) {
                tags.put(name, tag(name, value));
            }
        });
        return tags;
    }

    private static String tag(String name, Object value) {
        return switch (value) {
            case String text -> text;
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default -> throw wrong("tag " + Shown.value(name), value, "a string, a number, true or false");
        };
    }

    private static String string(String name, Object value) {
        if (value instanceof String string) {
            return string;
        }
        throw wrong(name, value, "a string");
    }

    private static double number(String name, Object value) {
        if (value instanceof Number number) {
            return number.doubleValue();
        }
        throw wrong(name, value, "a number");
    }

    private static int integer(String name, Object value) {
        try {
            return Integer.parseInt(value instanceof Number number ? number.toString() : "none");
        } catch (NumberFormatException e) {
            throw wrong(name, value, "a whole number");
        }
    }

    private static IllegalArgumentException wrong(String name, @Nullable Object value, String expected) {
        return new IllegalArgumentException(name + " is " + Shown.value(value) + ", but must be " + expected);
    }
}
