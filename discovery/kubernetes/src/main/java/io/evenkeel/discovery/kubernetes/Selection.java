package io.evenkeel.discovery.kubernetes;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.Shown;
import io.evenkeel.discovery.common.UnusableException;
import io.evenkeel.discovery.kubernetes.PortChoice.Port;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What is taken of EndpointSlices.
 *
 * @param port which port
 * @param scheme the scheme, if one was chosen
 * @param zoneHints whether hints say in which zone an endpoint is
 */
record Selection(PortChoice port, Optional<String> scheme, boolean zoneHints) {

    private static final int READY = 0;
    private static final int LAST_RESORT = 1;

    /** An endpoint in the words of Kubernetes that may be used. */
    private record Usable(io.fabric8.kubernetes.api.model.discovery.v1.Endpoint entry, int priority) {}

    static Selection defaults() {
        return new Selection(new PortChoice(Optional.empty()), Optional.empty(), false);
    }

    Selection withPort(String nameOrNumber) {
        return new Selection(PortChoice.of(nameOrNumber), scheme, zoneHints);
    }

    Selection withScheme(String chosen) {
        return new Selection(port, Optional.of(chosen), zoneHints);
    }

    Selection withZoneHints(boolean heeded) {
        return new Selection(port, scheme, heeded);
    }

    /**
     * The endpoints of all {@code slices}, in their order. While one moves from slice to slice it may be in two, of which the one that thinks better of it counts.
     *
     * @throws UnusableException if an address is none, or if there are endpoints, but none with the port
     */
    List<Endpoint> endpoints(Collection<EndpointSlice> slices) throws UnusableException {
        Map<String, Endpoint> byId = new LinkedHashMap<>();
        List<EndpointSlice> passedOver = new ArrayList<>();
        for (EndpointSlice slice : slices) {
            List<Usable> usable = usable(slice);
            if (usable.isEmpty()) {
                continue; // and then it may have no ports either
            }
            Optional<Port> chosen = port.among(orEmpty(slice.getPorts()));
            if (chosen.isEmpty()) {
                passedOver.add(slice);
                continue;
            }
            for (Usable one : usable) {
                Endpoint endpoint = endpoint(one, chosen.get());
                byId.merge(endpoint.id(), endpoint, Selection::better);
            }
        }
        if (byId.isEmpty() && !passedOver.isEmpty()) {
            throw port.missing(ports(passedOver));
        }
        return List.copyOf(byId.values());
    }

    private static List<Usable> usable(EndpointSlice slice) {
        List<Usable> usable = new ArrayList<>();
        for (var entry : orEmpty(slice.getEndpoints())) {
            OptionalInt priority = priority(entry.getConditions());
            if (priority.isPresent() && !orEmpty(entry.getAddresses()).isEmpty()) {
                usable.add(new Usable(entry, priority.getAsInt()));
            }
        }
        return usable;
    }

    /** What is not said counts as ready, serving, and not terminating. */
    private static OptionalInt priority(@Nullable EndpointConditions conditions) {
        if (conditions == null || !Boolean.FALSE.equals(conditions.getReady())) {
            return OptionalInt.of(READY);
        }
        boolean stillServes =
                Boolean.TRUE.equals(conditions.getTerminating()) && !Boolean.FALSE.equals(conditions.getServing());
        return stillServes ? OptionalInt.of(LAST_RESORT) : OptionalInt.empty();
    }

    private Endpoint endpoint(Usable usable, Port chosen) throws UnusableException {
        var entry = usable.entry();
        String address = entry.getAddresses().getFirst();
        String host = address.indexOf(':') < 0 ? address : "[" + address + "]";
        String node = entry.getNodeName();
        try {
            Endpoint plain = Endpoint.of(scheme.orElse(chosen.scheme()) + "://" + host + ":" + chosen.number());
            Map<String, String> tags = node == null ? Map.of() : Map.of("node", node);
            return new Endpoint(plain.uri(), plain.id(), plain.weight(), zone(entry), usable.priority(), tags);
        } catch (IllegalArgumentException e) {
            throw new UnusableException(
                    "has an endpoint that is none: " + Shown.text(String.valueOf(e.getMessage())), e);
        }
    }

    private Optional<String> zone(io.fabric8.kubernetes.api.model.discovery.v1.Endpoint entry) {
        Optional<String> runs = Optional.ofNullable(entry.getZone()).filter(zone -> !zone.isBlank());
        if (!zoneHints || entry.getHints() == null) {
            return runs;
        }
        List<String> hinted = orEmpty(entry.getHints().getForZones()).stream()
                .map(ForZone::getName)
                .toList();
        return runs.filter(hinted::contains)
                .or(() -> hinted.stream().findFirst())
                .or(() -> runs);
    }

    private static Endpoint better(Endpoint one, Endpoint other) {
        return other.priority() < one.priority() ? other : one;
    }

    private static List<EndpointPort> ports(List<EndpointSlice> slices) {
        return slices.stream()
                .flatMap(slice -> orEmpty(slice.getPorts()).stream())
                .toList();
    }

    /** JSON may say null. */
    private static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    @Override
    public String toString() {
        return port + scheme.map(name -> " " + name).orElse("") + (zoneHints ? " by zone hints" : "");
    }
}
