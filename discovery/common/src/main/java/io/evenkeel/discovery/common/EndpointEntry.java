package io.evenkeel.discovery.common;

import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One entry of a list, as plain values: to an endpoint, or to several if it is a group of Prometheus. What is wrong with all of it goes by {@link IllegalArgumentException}. */
final class EndpointEntry {

    private EndpointEntry() {}

    /** The endpoints that {@code entry} describes, with a remark on each field that nobody knows, and each target that is none. */
    static List<Endpoint> endpoints(@Nullable Object entry, Consumer<String> remarks) {
        return switch (entry) {
            case String uri -> List.of(Endpoint.of(uri));
            case Map<?, ?> group
            when group.get("targets") instanceof List<?> targets -> targets(targets, group.get("labels"), remarks);
            case Map<?, ?> fields -> List.of(endpointOf(fields, remarks));
            case null, default -> throw wrong("it", entry, "a URI or an object");
        };
    }

    /** As in a {@code file_sd} or {@code http_sd} of Prometheus: each target is host and port, and all have the labels. */
    private static List<Endpoint> targets(List<?> targets, @Nullable Object labels, Consumer<String> remarks) {
        Map<String, String> tags = labels == null ? new HashMap<>() : tags("labels", labels);
        String scheme = tags.getOrDefault("__scheme__", "http");
        tags.keySet().removeIf(name -> name.startsWith("__")); // Prometheus's own
        List<Endpoint> endpoints = new ArrayList<>(targets.size());
        for (int i = 0; i < targets.size(); i++) {
            @Nullable Object target = targets.get(i);
            try {
                Endpoint endpoint = Endpoint.of(scheme + "://" + string("target", target));
                endpoints.add(inZone(withTags(endpoint, tags), tags.getOrDefault("zone", "")));
            } catch (IllegalArgumentException e) {
                remarks.accept("has target " + i + ", which is dropped: " + e.getMessage());
            }
        }
        return endpoints;
    }

    /** A blank one is none: so systems write that they know of none. */
    private static Endpoint inZone(Endpoint endpoint, String zone) {
        return zone.isBlank() ? endpoint : endpoint.withZone(zone);
    }

    private static Endpoint endpointOf(Map<?, ?> fields, Consumer<String> remarks) {
        Object uri = fields.get("uri");
        if (uri == null) {
            throw new IllegalArgumentException("uri is missing");
        }
        Endpoint endpoint = Endpoint.of(string("uri", uri));
        for (Map.Entry<?, ?> field : fields.entrySet()) {
            endpoint = with(endpoint, String.valueOf(field.getKey()), field.getValue(), remarks);
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
            case "zone" -> inZone(endpoint, string(name, value));
            case "priority" -> endpoint.withPriority(integer(name, value));
            case "tags" -> withTags(endpoint, tags(name, value));
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

    private static Map<String, String> tags(String what, Object value) {
        if (!(value instanceof Map<?, ?> fields)) {
            throw wrong(what, value, "an object");
        }
        Map<String, String> tags = new HashMap<>();
        fields.forEach((name, text) -> {
            if (text != null) {
                tags.put(String.valueOf(name), tag(String.valueOf(name), text));
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

    private static String string(String name, @Nullable Object value) {
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
