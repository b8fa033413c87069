package io.evenkeel.discovery.xds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy.DropOverload;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.Remarks;
import io.evenkeel.discovery.common.UnusableException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A message about the endpoints of a cluster, on its way to a list. */
final class Assignment {

    private static final int LOWEST_PRIORITY = 128;

    private final ClusterLoadAssignment message;
    private final String scheme;
    private final Weights weights;
    /** How many priorities there are at most: those of degraded endpoints come after them. */
    private final int priorities;

    private final List<Endpoint> endpoints = new ArrayList<>();
    private final Remarks remarks = new Remarks();
    /** Of the endpoint that is looked at, counted from 0 over all localities. */
    private int index;

    private Assignment(ClusterLoadAssignment message, String scheme) {
        this.message = message;
        this.scheme = scheme;
        this.weights = Weights.of(message);
        this.priorities = 1
                + message.getEndpointsList().stream()
                        .mapToInt(LocalityLbEndpoints::getPriority)
                        .filter(Assignment::isPriority)
                        .max()
                        .orElse(0);
    }

    /**
     * Its endpoints, with {@code scheme} before their addresses.
     *
     * @throws UnusableException if it has endpoints that are none, and nothing else
     */
    static EndpointList endpoints(ClusterLoadAssignment message, String scheme) throws UnusableException {
        return new Assignment(message, scheme).list();
    }

    private EndpointList list() throws UnusableException {
        for (int i = 0; i < message.getEndpointsCount(); i++) {
            add(message.getEndpoints(i), weights.factor(i));
        }
        if (endpoints.isEmpty() && !remarks.isEmpty()) {
            throw new UnusableException("has no usable endpoint: " + remarks);
        }
        message.getPolicy().getDropOverloadsList().stream()
                .filter(drop -> drop.getDropPercentage().getNumerator() != 0)
                .forEach(drop -> remarks.add(words(drop)));
        return new EndpointList(endpoints, remarks.toString());
    }

    private static boolean isPriority(int priority) {
        return priority >= 0 && priority <= LOWEST_PRIORITY; // one above 2^31 is negative here
    }

    private void add(LocalityLbEndpoints locality, double factor) {
        if (locality.hasLedsClusterLocalityConfig()) {
            remarks.add("a locality is dropped: its endpoints are to be asked for one by one (LEDS)");
        }
        for (LbEndpoint each : locality.getLbEndpointsList()) {
            try {
                add(each, locality, factor);
            } catch (IllegalArgumentException e) {
                remarks.add(index, "is dropped: " + e.getMessage());
            }
            index++;
        }
    }

    private void add(LbEndpoint each, LocalityLbEndpoints locality, double factor) {
        switch (each.getHealthStatus()) {
            case UNHEALTHY, DRAINING, TIMEOUT -> {}
            case DEGRADED -> endpoints.add(endpoint(each, locality, factor, priorities));
            default -> endpoints.add(endpoint(each, locality, factor, 0));
        }
    }

    private Endpoint endpoint(LbEndpoint each, LocalityLbEndpoints in, double factor, int after) {
        refuseIf(
                !isPriority(in.getPriority()),
                "its priority is " + Integer.toUnsignedString(in.getPriority()) + ", but must be 0 to "
                        + LOWEST_PRIORITY);
        Endpoint plain = Endpoint.of(scheme + "://" + authority(address(each)));
        Optional<String> zone = Optional.of(in.getLocality().getZone()).filter(name -> !name.isBlank());
        return new Endpoint(
                plain.uri(),
                plain.id(),
                Weights.of(each, factor),
                zone,
                after + in.getPriority(),
                tags(each, in.getLocality()));
    }

    private Address address(LbEndpoint each) {
        if (!each.hasEndpointName()) {
            return each.getEndpoint().getAddress();
        }
        String name = each.getEndpointName();
        refuseIf(!message.containsNamedEndpoints(name), "its name is " + name + ", but no endpoint has it");
        return message.getNamedEndpointsOrThrow(name).getAddress();
    }

    private static String authority(Address address) {
        refuseIf(!address.hasSocketAddress(), "its address is none of a socket: " + address.getAddressCase());
        SocketAddress socket = address.getSocketAddress();
        refuseIf(
                socket.getProtocol() != SocketAddress.Protocol.TCP,
                "its protocol is " + socket.getProtocol() + ", but must be TCP");
        refuseIf(!socket.hasPortValue(), "its port is no number");
        String host = socket.getAddress();
        boolean bare = host.contains(":") && !host.startsWith("[");
        return (bare ? "[" + host + "]" : host) + ":" + socket.getPortValue();
    }

    private static void refuseIf(boolean bad, String why) {
        if (bad) {
            throw new IllegalArgumentException(why);
        }
    }

    private static Map<String, String> tags(LbEndpoint each, Locality locality) {
        Map<String, String> tags = new HashMap<>();
        if (!locality.getRegion().isEmpty()) {
            tags.put("region", locality.getRegion());
        }
        if (!locality.getSubZone().isEmpty()) {
            tags.put("sub_zone", locality.getSubZone());
        }
        each.getMetadata()
                .getFilterMetadataOrDefault("envoy.lb", Struct.getDefaultInstance())
                .getFieldsMap()
                .forEach((name, value) -> tag(value).ifPresent(text -> tags.put(name, text)));
        return tags;
    }

    private static Optional<String> tag(Value value) {
        return switch (value.getKindCase()) {
            case STRING_VALUE -> Optional.of(value.getStringValue());
            case BOOL_VALUE -> Optional.of(String.valueOf(value.getBoolValue()));
            case NUMBER_VALUE -> Optional.of(number(value.getNumberValue()));
            default -> Optional.empty();
        };
    }

    /** All numbers are fractions there; who writes 2 means 2, not 2.0. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    private static String words(DropOverload drop) {
        FractionalPercent share = drop.getDropPercentage();
        String whole = share.getDenominator().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return "the control plane asks clients to drop " + Integer.toUnsignedString(share.getNumerator()) + " in a "
                + whole + " calls (" + drop.getCategory() + "), which is not done";
    }
}
