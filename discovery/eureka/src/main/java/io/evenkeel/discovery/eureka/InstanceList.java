package io.evenkeel.discovery.eureka;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Instances to endpoints.
 *
 * @param secure by https and {@code securePort}, instead of http and {@code port}
 */
record InstanceList(boolean secure) {

    private static final Pattern PORT = Pattern.compile("[0-9]{1,5}");

    /**
     * The endpoints of those that are up, by id: Eureka has no order of its own.
     *
     * @throws UnusableException if there are some, but none is usable
     */
    EndpointList endpoints(List<Instance> instances) throws UnusableException {
        List<Instance> up = instances.stream().filter(Instance::isUp).toList();
        Set<String> ambiguous = ambiguousIds(up);
        List<Endpoint> endpoints = new ArrayList<>(up.size());
        List<String> wrong = new ArrayList<>();
        for (Instance instance : up) {
            try {
                endpoints.add(endpoint(instance, ambiguous));
            } catch (IllegalArgumentException e) {
                wrong.add("instance " + Shown.value(instance.id()) + " is left out: " + e.getMessage());
            }
        }
        if (endpoints.isEmpty() && !wrong.isEmpty()) {
            throw new UnusableException("has no usable instance: " + remarks(wrong));
        }
        endpoints.sort(Comparator.comparing(Endpoint::id));
        return new EndpointList(endpoints, remarks(wrong));
    }

    private static String remarks(List<String> wrong) {
        return switch (wrong.size()) {
            case 0 -> "";
            case 1 -> Shown.text(wrong.getFirst());
            default -> Shown.text(wrong.getFirst()) + "; and " + (wrong.size() - 1) + " more";
        };
    }

    private static Set<String> ambiguousIds(List<Instance> instances) {
        Set<String> ids = new HashSet<>();
        Set<String> ambiguous = new HashSet<>();
        for (Instance instance : instances) {
            if (!ids.add(instance.id())) {
                ambiguous.add(instance.id());
            }
        }
        return ambiguous;
    }

    private Endpoint endpoint(Instance instance, Set<String> ambiguous) {
        Map<?, ?> fields = instance.fields();
        Endpoint address = Endpoint.of((secure ? "https://" : "http://") + host(fields) + ":" + port(fields));
        String id = Answers.text(fields.get("instanceId"));
        return new Endpoint(
                address.uri(),
                id == null || ambiguous.contains(id) ? address.id() : id,
                address.weight(),
                Optional.ofNullable(zone(fields)),
                address.priority(),
                tags(fields));
    }

    private static String host(Map<?, ?> fields) {
        String name = Answers.text(fields.get("hostName"));
        String host = name == null ? Answers.text(fields.get("ipAddr")) : name;
        if (host == null) {
            throw new IllegalArgumentException("it has neither hostName nor ipAddr");
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }

    private String port(Map<?, ?> fields) {
        String name = secure ? "securePort" : "port";
        Object value = fields.get(name);
        Object enabled = Answers.field(value, "@enabled");
        String number = Answers.text(value instanceof Map<?, ?> wrapped ? wrapped.get("$") : value);
        boolean off = enabled != null && !"true".equals(Answers.text(enabled));
        if (number == null || off) {
            throw new IllegalArgumentException("it has no " + name + " that is enabled");
        }
        if (!PORT.matcher(number).matches()) {
            throw new IllegalArgumentException(name + " is " + Shown.value(number) + ", but must be 1 to 65535");
        }
        return number;
    }

    private static @Nullable String zone(Map<?, ?> fields) {
        String zone = Answers.text(Answers.field(fields.get("metadata"), "zone"));
        Object machine = Answers.field(fields.get("dataCenterInfo"), "metadata");
        return zone == null ? Answers.text(Answers.field(machine, "availability-zone")) : zone;
    }

    /** Without {@code @class}, Eureka's remark to itself. */
    private static Map<String, String> tags(Map<?, ?> fields) {
        Map<String, String> tags = new HashMap<>();
        if (fields.get("metadata") instanceof Map<?, ?> metadata) {
            metadata.forEach((name, value) -> {
                String text = Answers.text(value);
                if (text != null && name instanceof String key && !key.startsWith("@")) {
                    tags.put(key, text);
                }
            });
        }
        return tags;
    }
}
