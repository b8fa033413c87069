package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.ForZone;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** EndpointSlices as the controller of Kubernetes writes them. */
final class Slices {

    static final String NAMESPACE = "shop";
    static final String SERVICE = "orders";

    private Slices() {}

    /** A slice of {@code shop/orders}. */
    static EndpointSlice slice(String name, List<EndpointPort> ports, Endpoint... endpoints) {
        return slice(NAMESPACE, SERVICE, name, ports, Arrays.asList(endpoints));
    }

    static EndpointSlice slice(
            String namespace, String service, String name, List<EndpointPort> ports, List<Endpoint> endpoints) {
        boolean six = !endpoints.isEmpty()
                && endpoints.getFirst().getAddresses().getFirst().contains(":");
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .addToLabels("kubernetes.io/service-name", service)
                .addToLabels("endpointslice.kubernetes.io/managed-by", "endpointslice-controller.k8s.io")
                .endMetadata()
                .withAddressType(six ? "IPv6" : "IPv4")
                .withPorts(ports)
                .withEndpoints(endpoints)
                .build();
    }

    static List<EndpointPort> ports(EndpointPort... ports) {
        return List.of(ports);
    }

    static EndpointPort port(String name, Integer number) {
        return new EndpointPortBuilder()
                .withName(name)
                .withPort(number)
                .withProtocol("TCP")
                .build();
    }

    static Endpoint ready(String address) {
        return endpoint(address, true, true, false);
    }

    static Endpoint endpoint(String address, Boolean ready, Boolean serving, Boolean terminating) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withNewConditions()
                .withReady(ready)
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .build();
    }

    /** One that clients of these zones are to use. */
    static Endpoint hinted(String address, String... zones) {
        List<ForZone> hints = Arrays.stream(zones).map(ForZone::new).toList();
        return new EndpointBuilder(ready(address))
                .withNewHints()
                .withForZones(hints)
                .endHints()
                .build();
    }

    /** The same endpoints in slices of at most 100, as the controller would lay them; all have the port of the first. */
    static List<EndpointSlice> of(List<io.evenkeel.Endpoint> endpoints) {
        List<EndpointSlice> slices = new ArrayList<>();
        for (int from = 0; from < endpoints.size(); from += 100) {
            List<io.evenkeel.Endpoint> some = endpoints.subList(from, Math.min(from + 100, endpoints.size()));
            List<Endpoint> entries = some.stream()
                    .map(endpoint -> ready(endpoint.uri().getHost()))
                    .toList();
            slices.add(slice(
                    NAMESPACE,
                    SERVICE,
                    "orders-" + from / 100,
                    ports(port("http", some.getFirst().port())),
                    entries));
        }
        return slices;
    }

    static Stream<String> uris(List<io.evenkeel.Endpoint> endpoints) {
        return endpoints.stream().map(endpoint -> endpoint.uri().toString());
    }
}
