package io.evenkeel.discovery.zookeeper;

import io.evenkeel.discovery.common.Address;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Shown;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How others write their children, told apart by a field that each has: {@code serviceEndpoint} of Finagle's server sets, {@code address} of Curator's discovery. */
final class ChildForm implements EndpointList.Form {

    @Override
    public List<?> entries(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> member when member.containsKey("serviceEndpoint") -> member(member);
            case Map<?, ?> instance when instance.containsKey("address") -> instance(instance);
            case null -> throw new IllegalArgumentException("it is null");
            default -> List.of(tree);
        };
    }

    private static List<?> member(Map<?, ?> member) {
        if (!(member.get("serviceEndpoint") instanceof Map<?, ?> at)) {
            throw new IllegalArgumentException("serviceEndpoint is " + Shown.value(member.get("serviceEndpoint"))
                    + ", but must be an object with host and port");
        }
        return "ALIVE".equals(member.get("status"))
                ? List.of(Address.entry("http", at.get("host"), at.get("port"), member.get("metadata")))
                : List.of();
    }

    private static List<?> instance(Map<?, ?> instance) {
        if (Boolean.FALSE.equals(instance.get("enabled"))) {
            return List.of();
        }
        boolean secure = instance.get("sslPort") != null;
        Map<String, Object> entry = Address.entry(
                secure ? "https" : "http",
                instance.get("address"),
                instance.get(secure ? "sslPort" : "port"),
                labels(instance.get("payload")));
        if (instance.get("id") instanceof String id) {
            entry.put("id", id);
        }
        return List.of(entry);
    }

    /** The payload is the application's own; Spring Cloud's has a field for labels. */
    private static @Nullable Object labels(@Nullable Object payload) {
        return payload instanceof Map<?, ?> fields && fields.get("metadata") instanceof Map<?, ?> metadata
                ? metadata
                : payload;
    }
}
