package io.evenkeel.discovery.common;

import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

    /** The same with one more remark. */
    public EndpointList withRemark(String remark) {
        return new EndpointList(endpoints, remarks.isEmpty() ? remark : remarks + "; " + remark);
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
            @Nullable Object entry = entries.get(i);
            add("entry " + i, remarks, says -> endpoints.addAll(EndpointEntry.endpoints(entry, says)));
        }
        return of(endpoints, remarks);
    }

    /**
     * The same of entries that a registry holds one by one, each under a name, and each a bare URI or JSON.
     *
     * @param form makes entries as above of what other systems write
     */
    public static EndpointList ofNamed(Map<String, byte[]> contents, Form form) throws UnusableException {
        Remarks remarks = new Remarks();
        List<Endpoint> endpoints = new ArrayList<>(contents.size());
        contents.forEach((name, content) -> add(Shown.value(name), remarks, says -> {
            for (Object entry : form.entries(Json.treeOrText(content))) {
                endpoints.addAll(EndpointEntry.endpoints(entry, says));
            }
        }));
        return of(endpoints, remarks);
    }

    /** How others write an entry. */
    @FunctionalInterface
    public interface Form {

        /**
         * The entries that {@code tree} stands for: itself, another in its place, or none if it is not to be used.
         *
         * @throws IllegalArgumentException if it is wrong; the message says what
         */
        List<?> entries(@Nullable Object tree);
    }

    /** Adds what one entry holds. */
    private interface Adding {
        void to(Consumer<String> says) throws UnusableException;
    }

    private static void add(String name, Remarks remarks, Adding adding) {
        try {
            adding.to(what -> remarks.add(name, what));
        } catch (UnusableException | IllegalArgumentException e) {
            remarks.add(name, "is dropped: " + e.getMessage());
        }
    }

    private static EndpointList of(List<Endpoint> endpoints, Remarks remarks) throws UnusableException {
        if (endpoints.isEmpty() && !remarks.isEmpty()) {
            throw new UnusableException("has no usable entry: " + remarks);
        }
        return new EndpointList(endpoints, remarks.toString());
    }
}
