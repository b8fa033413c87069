package io.evenkeel.discovery.common;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Entries of {@link EndpointList} made of addresses and labels, which is how most registries hold them. */
public final class Address {

    private Address() {}

    /**
     * The entry at a host and a port. Labels are its tags as far as they are strings, numbers, true or false, and {@code zone} is its zone as well.
     *
     * @param labels an object, or anything else, which counts as none
     * @throws IllegalArgumentException if host or port is none
     */
    public static Map<String, Object> entry(
            String scheme, @Nullable Object host, @Nullable Object port, @Nullable Object labels) {
        if (!(host instanceof String name) || name.isBlank()) {
            throw new IllegalArgumentException("its host is " + Shown.value(host) + ", but must be a string");
        }
        if (!(port instanceof Number number)) {
            throw new IllegalArgumentException("its port is " + Shown.value(port) + ", but must be a number");
        }
        return entry(scheme + "://" + literal(name) + ":" + number, labels);
    }

    /** The entry at a URI, with labels. */
    public static Map<String, Object> entry(String uri, @Nullable Object labels) {
        Map<String, Object> entry = new HashMap<>();
        Map<String, Object> tags = tags(labels);
        entry.put("uri", uri);
        entry.put("tags", tags);
        if (tags.get("zone") instanceof String zone) {
            entry.put("zone", zone);
        }
        return entry;
    }

    private static Map<String, Object> tags(@Nullable Object labels) {
        Map<String, Object> tags = new HashMap<>();
        if (labels instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> {
                if (value instanceof String || value instanceof Number || value instanceof Boolean) {
                    tags.put(String.valueOf(name), value);
                }
            });
        }
        return tags;
    }

    /** An IPv6 address as it is written in a URI. */
    private static String literal(String host) {
        return host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
