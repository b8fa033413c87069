package io.evenkeel.http;

import io.evenkeel.balance.LoadBalancer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a route leads.
 *
 * @param balancer empty for the one that the route belongs to
 * @param tags what endpoints must have, all of them
 * @param elseAll whether any will do while none has them
 * @param shares among which calls are split; empty if they are not
 */
record Destinations(Optional<LoadBalancer> balancer, Map<String, String> tags, boolean elseAll, List<Share> shares) {

    static final Destinations OWN = new Destinations(Optional.empty(), Map.of(), false, List.of());

    private static final double MOST_WEIGHT = 1_000_000;

    Destinations {
        tags = Map.copyOf(tags);
        shares = List.copyOf(shares);
    }

    /** A share of the calls, and where it goes, by the names above. */
    record Share(double weight, Optional<LoadBalancer> balancer, Map<String, String> tags) {

        Share {
            if (!(weight >= 0 && weight <= MOST_WEIGHT)) {
                throw new IllegalArgumentException("weight is " + weight + ", but must be 0 to 1000000");
            }
        }

        @Override
        public String toString() {
            return weight + " to" + words(balancer, tags);
        }
    }

    Destinations to(LoadBalancer other) {
        return new Destinations(Optional.of(other), tags, elseAll, shares);
    }

    Destinations toTag(String name, String value) {
        return new Destinations(balancer, with(name, value), elseAll, shares);
    }

    Destinations orElseAll() {
        return new Destinations(balancer, tags, true, shares);
    }

    Destinations withShare(double weight, Optional<LoadBalancer> of, Map<String, String> some) {
        List<Share> more = new ArrayList<>(shares);
        more.add(new Share(weight, of, some));
        return new Destinations(balancer, tags, elseAll, more);
    }

    private Map<String, String> with(String name, String value) {
        Map<String, String> more = new HashMap<>(tags);
        more.put(name, value);
        return more;
    }

    /** What is wrong with all of it together; empty if nothing is. */
    String wrong() {
        if (shares.size() == 1) {
            return "is split into one share, which would get all calls: add the share of the others, too";
        }
        if (!shares.isEmpty() && shares.stream().allMatch(share -> share.weight == 0)) {
            return "is split into shares of weight 0 only: give at least one a weight above 0";
        }
        boolean tagged = !tags.isEmpty() || shares.stream().anyMatch(share -> !share.tags.isEmpty());
        return elseAll && !tagged
                ? "has orElseAll(), but no tag that endpoints could lack: add toTag(name, value)"
                : "";
    }

    /** Each destination, of a route that belongs to {@code own}; in the order of the shares. */
    List<Destination> of(LoadBalancer own) {
        LoadBalancer all = balancer.orElse(own);
        if (shares.isEmpty()) {
            return List.of(destination(all, tags));
        }
        return shares.stream()
                .map(share -> destination(share.balancer.orElse(all), union(tags, share.tags)))
                .toList();
    }

    private Destination destination(LoadBalancer to, Map<String, String> some) {
        return new Destination(to, some, elseAll && !some.isEmpty());
    }

    private static Map<String, String> union(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return Map.copyOf(all);
    }

    @Override
    public String toString() {
        return "to" + words(balancer, tags) + (elseAll ? " or else all" : "")
                + (shares.isEmpty() ? "" : ", split: " + shares);
    }

    private static String words(Optional<LoadBalancer> balancer, Map<String, String> tags) {
        return balancer.map(to -> " " + to.name()).orElse(" its balancer")
                + (tags.isEmpty() ? "" : " with tags " + tags);
    }
}
