package io.evenkeel.discovery.etcd;

import io.evenkeel.discovery.common.Address;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Shown;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How others write their values: that of etcd's own naming for gRPC is told by its field {@code Addr}. */
final class ValueForm implements EndpointList.Form {

    /** Of the field {@code Op}: what it would be to a watcher. 0 adds. */
    private static final String DELETES = "1";

    @Override
    public List<?> entries(@Nullable Object tree) {
        return switch (tree) {
            case Map<?, ?> update when update.containsKey("Addr") -> update(update);
            case null -> throw new IllegalArgumentException("it is null");
            default -> List.of(tree);
        };
    }

    private static List<?> update(Map<?, ?> update) {
        if (!(update.get("Addr") instanceof String address)) {
            throw new IllegalArgumentException(
                    "Addr is " + Shown.value(update.get("Addr")) + ", but must be a string, host:port");
        }
        if (DELETES.equals(String.valueOf(update.get("Op")))) {
            return List.of();
        }
        String uri = address.contains("://") ? address : "http://" + address;
        return List.of(Address.entry(uri, update.get("Metadata")));
    }
}
