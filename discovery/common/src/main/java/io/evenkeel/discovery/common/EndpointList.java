package io.evenkeel.discovery.common;

import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A list of endpoints as files and registries hold it: a list of entries, or an object with a list named {@code endpoints}. An entry is a URI; or an
 * object with {@code uri} and, if wanted, {@code id}, {@code weight}, {@code zone}, {@code priority} and {@code tags}; or a group of Prometheus, {@code targets} and
 * {@code labels}.
 *
 * @param endpoints those that are usable, in their order
 * @param remarks what is odd about the entries, in one line; empty if nothing is
 */
public record EndpointList(List<Endpoint> endpoints, String remarks) {

    /** Copies the list. */
    public EndpointList {
        endpoints = List.copyOf(endpoints);
    }

    /**
     * The list in {@code content}, which is JSON in UTF-8; entries that are no endpoints are left out and remarked on.
     *
     * @throws UnusableException if it holds no list, or one with entries of which none is usable
     */
    public static EndpointList ofJson(byte[] content) throws UnusableException {
        return of(Json.tree(content));
    }

    /** The same in plain values, as a parser makes them: maps, lists, strings, numbers, booleans and null. */
    public static EndpointList of(@Nullable Object tree) throws UnusableException {
        Object list = tree instanceof Map<?, ?> object ? object.get("endpoints") : tree;
        if (list instanceof List<?> entries) {
            return ofEntries(entries);
        }
        throw new UnusableException("is neither a list nor an object with a list named endpoints");
    }

    /** The same of entries. */
    public static EndpointList ofEntries(List<?> entries) throws UnusableException {
        Remarks remarks = new Remarks();
        List<Endpoint> endpoints = new ArrayList<>(entries.size());
        for (int i = 0; i < entries.size(); i++) {
            add(i, entries.get(i), endpoints, remarks);
        }
        if (endpoints.isEmpty() && !remarks.isEmpty()) {
            throw new UnusableException("has no usable entry: " + remarks);
        }
        return new EndpointList(endpoints, remarks.toString());
    }

    private static void add(int index, @Nullable Object entry, List<Endpoint> endpoints, Remarks remarks) {
        try {
            endpoints.addAll(EndpointEntry.endpoints(entry, what -> remarks.add(index, what)));
        } catch (IllegalArgumentException e) {
            remarks.add(index, "is dropped: " + e.getMessage());
        }
    }
}
