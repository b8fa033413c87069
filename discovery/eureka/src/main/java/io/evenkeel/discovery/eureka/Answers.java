package io.evenkeel.discovery.eureka;

import io.evenkeel.discovery.common.Json;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.common.Web;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Eureka answers: JSON that was XML once. One element alone may stand there without its list, a number may be a string, an attribute is a field that begins with {@code @}. */
final class Answers {

    private static final int OK = 200;
    private static final List<String> USED = List.of(
            "instanceId",
            "hostName",
            "ipAddr",
            "status",
            "port",
            "securePort",
            "metadata",
            "dataCenterInfo",
            "actionType");

    private Answers() {}

    /**
     * A registry, or what has changed in it.
     *
     * @param instances of all applications, or those that changed
     * @param count how many the server knows of each status, all applications together; empty if it does not say
     */
    record Everything(List<Instance> instances, String count) {}

    /** The instances in an answer about one application. */
    static List<Instance> application(Web.Answer answer) throws UnusableException {
        return instances(object("application", field(tree(answer), "application")));
    }

    /** The instances in an answer about all applications. */
    static Everything everything(Web.Answer answer) throws UnusableException {
        Map<?, ?> all = object("applications", field(tree(answer), "applications"));
        List<Instance> instances = new ArrayList<>();
        for (Object application : list(all.get("application"))) {
            instances.addAll(instances(object("application", application)));
        }
        return new Everything(instances, textOr("", all.get("apps__hashcode")));
    }

    private static @Nullable Object tree(Web.Answer answer) throws UnusableException {
        if (answer.status() != OK) {
            throw new UnusableException("answered with status " + answer.status() + hint(answer.status()));
        }
        try {
            Map<Object, Object> known = new HashMap<>();
            return Json.tree(
                    answer.body(), (list, element) -> list.equals("instance") ? used(element, known) : element);
        } catch (UnusableException e) {
            throw new UnusableException("gave an answer that " + e.reason(), e);
        }
    }

    /** Of an instance, what is used here, in little room: there may be thousands, with ten times as much about each. */
    private static @Nullable Object used(@Nullable Object instance, Map<Object, Object> known) {
        if (!(instance instanceof Map<?, ?> fields)) {
            return instance;
        }
        Map<Object, Object> used = new HashMap<>();
        for (String name : USED) {
            Object value = fields.get(name);
            if (value != null) {
                used.put(name, shared(value instanceof Map<?, ?> more ? compact(more, known) : value, known));
            }
        }
        return Map.copyOf(used);
    }

    /** Without nulls. */
    private static Map<?, ?> compact(Map<?, ?> fields, Map<Object, Object> known) {
        Map<Object, Object> compact = new HashMap<>();
        fields.forEach((name, value) -> {
            if (value != null) {
                compact.put(shared(name, known), shared(value, known));
            }
        });
        return Map.copyOf(compact);
    }

    /** What is the same in many instances, as most of it is, is there once. */
    private static Object shared(Object value, Map<Object, Object> known) {
        return known.computeIfAbsent(value, same -> same);
    }

    private static String hint(int status) {
        return switch (status) {
            case 401 -> ": it does not take our credentials";
            case 403 -> ": it does not take our credentials, or has just started and waits for its peers";
            case 404 -> ": Eureka is not at this path";
            default -> "";
        };
    }

    private static List<Instance> instances(Map<?, ?> application) throws UnusableException {
        List<Instance> instances = new ArrayList<>();
        for (Object each : list(application.get("instance"))) {
            instances.add(instance(textOr("", application.get("name")), object("instance", each)));
        }
        return instances;
    }

    private static Instance instance(String application, Map<?, ?> fields) throws UnusableException {
        String status = textOr("", fields.get("status"));
        if (status.isEmpty()) {
            throw new UnusableException("gave an answer in which an instance has no status");
        }
        return new Instance(application.toUpperCase(Locale.ROOT), id(fields), status, fields);
    }

    /** As Eureka has it: old clients give none, but something that will do. */
    private static String id(Map<?, ?> fields) {
        Object machine = field(field(fields.get("dataCenterInfo"), "metadata"), "instance-id");
        return textOr(textOr(textOr("", fields.get("hostName")), machine), fields.get("instanceId"));
    }

    private static Map<?, ?> object(String name, @Nullable Object value) throws UnusableException {
        if (value instanceof Map<?, ?> fields) {
            return fields;
        }
        throw new UnusableException(
                "gave an answer in which " + name + " is " + Shown.value(value) + ", but must be an object");
    }

    private static List<?> list(@Nullable Object value) {
        return switch (value) {
            case null -> List.of();
            case List<?> several -> several;
            case Object one -> List.of(one);
        };
    }

    /** A field of what may be an object. */
    static @Nullable Object field(@Nullable Object value, String name) {
        return value instanceof Map<?, ?> fields ? fields.get(name) : null;
    }

    /** Text, or what can be written as such; null if it is none, or empty. */
    static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case String text when !text.isBlank() -> text;
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            case null, default -> null;
        };
    }

    private static String textOr(String otherwise, @Nullable Object value) {
        String text = text(value);
        return text == null ? otherwise : text;
    }
}
