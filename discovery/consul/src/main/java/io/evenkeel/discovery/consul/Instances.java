package io.evenkeel.discovery.consul;

import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Json;
import io.evenkeel.discovery.common.UnusableException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code /v1/health/service} says of instances, as endpoints. */
final class Instances {

    private Instances() {}

    /**
     * The endpoints in an answer; instances that are none are left out and remarked on.
     *
     * @throws UnusableException if it is no list of instances, or none of them is usable
     */
    static EndpointList list(byte[] answer, String scheme) throws UnusableException {
        Object tree = Json.tree(answer, (list, element) -> list.isEmpty() ? entry(element, scheme) : element);
        if (!(tree instanceof List<?> entries)) {
            throw new UnusableException("is no list of instances");
        }
        return EndpointList.ofEntries(entries);
    }

    /** An entry as {@link EndpointList} knows them, which checks it. */
    private static Map<String, @Nullable Object> entry(@Nullable Object instance, String scheme) {
        Map<?, ?> node = object(instance, "Node");
        Map<?, ?> service = object(instance, "Service");
        Map<String, @Nullable Object> entry = new HashMap<>();
        entry.put("uri", uri(scheme, either(service, node, "Address"), service.get("Port")));
        entry.put("weight", object(service, "Weights").get("Passing"));
        entry.put("zone", either(object(service, "Meta"), object(node, "Meta"), "zone"));
        entry.put("tags", tags(service));
        return entry;
    }

    private static @Nullable String uri(String scheme, @Nullable String address, @Nullable Object port) {
        if (address == null) {
            return null;
        }
        String host = address.contains(":") && !address.startsWith("[") ? "[" + address + "]" : address;
        return scheme + "://" + host + ":" + port;
    }

    /** Those of the form {@code name=value}, other ones as {@code tag=true}, and over them what the metadata say. */
    private static Map<String, @Nullable Object> tags(Map<?, ?> service) {
        Map<String, @Nullable Object> tags = new HashMap<>();
        if (service.get("Tags") instanceof List<?> list) {
            list.forEach(tag -> put(String.valueOf(tag), tags));
        }
        object(service, "Meta").forEach((name, value) -> tags.put(String.valueOf(name), value));
        return tags;
    }

    private static void put(String tag, Map<String, @Nullable Object> tags) {
        int sign = tag.indexOf('=');
        if (sign > 0) {
            tags.put(tag.substring(0, sign), tag.substring(sign + 1));
        } else {
            tags.put(tag, "true");
        }
    }

    /** A text of the first that has one. */
    private static @Nullable String either(Map<?, ?> first, Map<?, ?> second, String name) {
        if (first.get(name) instanceof String text && !text.isBlank()) {
            return text.strip();
        }
        return second.get(name) instanceof String text && !text.isBlank() ? text.strip() : null;
    }

    private static Map<?, ?> object(@Nullable Object of, String name) {
        return of instanceof Map<?, ?> fields && fields.get(name) instanceof Map<?, ?> object ? object : Map.of();
    }
}
