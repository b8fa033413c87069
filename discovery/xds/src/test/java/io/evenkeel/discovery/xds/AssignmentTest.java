package io.evenkeel.discovery.xds;

import static io.evenkeel.discovery.xds.Messages.assignment;
import static io.evenkeel.discovery.xds.Messages.assignmentOf;
import static io.evenkeel.discovery.xds.Messages.at;
import static io.evenkeel.discovery.xds.Messages.endpoint;
import static io.evenkeel.discovery.xds.Messages.locality;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ListValue;
import com.google.protobuf.NullValue;
import com.google.protobuf.Struct;
import com.google.protobuf.UInt32Value;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.EnvoyInternalAddress;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.core.v3.Metadata;
import io.envoyproxy.envoy.config.core.v3.Pipe;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy.DropOverload;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LedsClusterLocalityConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.envoyproxy.envoy.type.v3.FractionalPercent;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class AssignmentTest {

    private static final int NONE = -1;

    // Addresses

    @Test
    void anAddressAndItsPortAreTheEndpoint() throws Exception {
        assertThat(endpoints(assignmentOf("orders", "10.0.0.1", "orders.example", "fd00::1")))
                .containsExactly(
                        Endpoint.of("http://10.0.0.1:80"),
                        Endpoint.of("http://orders.example:80"),
                        Endpoint.of("http://[fd00::1]:80"));
    }

    @Test
    void theSchemeIsTheOneThatIsSet() throws Exception {
        assertThat(Assignment.endpoints(assignmentOf("orders", "10.0.0.1"), "https")
                        .endpoints())
                .containsExactly(Endpoint.of("https://10.0.0.1:80"));
    }

    @Test
    void anEndpointMayBeGivenByItsName() throws Exception {
        ClusterLoadAssignment message =
                assignment(
                                "orders",
                                locality("", 0, NONE, LbEndpoint.newBuilder().setEndpointName("a")))
                        .toBuilder()
                        .putNamedEndpoints("a", endpoint("10.0.0.1").getEndpoint())
                        .build();

        assertThat(endpoints(message)).containsExactly(Endpoint.of("http://10.0.0.1:80"));
    }

    @Test
    void whatIsNoAddressIsDroppedWithTheReason() throws Exception {
        SocketAddress.Builder socket = SocketAddress.newBuilder().setAddress("10.0.0.9");
        EndpointList list = list(locality(
                "",
                0,
                NONE,
                at(Address.newBuilder().setPipe(Pipe.newBuilder().setPath("/run/a"))),
                at(Address.newBuilder().setSocketAddress(socket.clone().setProtocol(SocketAddress.Protocol.UDP))),
                at(Address.newBuilder().setSocketAddress(socket.clone().setNamedPort("http"))),
                LbEndpoint.newBuilder().setEndpointName("b"),
                endpoint("10.0.0.1"),
                endpoint("secret@10.0.0.2")));

        assertThat(list.endpoints()).containsExactly(Endpoint.of("http://10.0.0.1:80"));
        assertThat(list.remarks())
                .isEqualTo(
                        "entry 0 is dropped: its address is none of a socket: PIPE; "
                                + "entry 1 is dropped: its protocol is UDP, but must be TCP; "
                                + "entry 2 is dropped: its port is no number; "
                                + "entry 3 is dropped: its name is b, but no endpoint has it; "
                                + "entry 5 is dropped: endpoint http://***@10.0.0.2:80 has user-info, which may hold a password");
    }

    @Test
    void aPortOutOfRangeIsDropped() throws Exception {
        EndpointList list = list(locality(
                "",
                0,
                NONE,
                endpoint("10.0.0.1"),
                at(Address.newBuilder()
                        .setSocketAddress(SocketAddress.newBuilder()
                                .setAddress("10.0.0.2")
                                .setPortValue(-1)))));

        assertThat(list.endpoints()).hasSize(1);
        assertThat(list.remarks()).startsWith("entry 1 is dropped: ");
    }

    @Test
    void endpointsOfWhichNoneIsUsableAreNoList() {
        LbEndpoint.Builder internal =
                at(Address.newBuilder().setEnvoyInternalAddress(EnvoyInternalAddress.newBuilder()));

        assertThatThrownBy(() -> list(locality("", 0, NONE, internal, endpoint("10.0.0.1", HealthStatus.UNHEALTHY))))
                .isInstanceOf(UnusableException.class)
                .hasMessage("has no usable endpoint: entry 0 is dropped: its address is none of a socket: "
                        + "ENVOY_INTERNAL_ADDRESS");
    }

    @Test
    void aLocalityWhoseEndpointsAreElsewhereIsReported() {
        LocalityLbEndpoints elsewhere = LocalityLbEndpoints.newBuilder()
                .setLedsClusterLocalityConfig(LedsClusterLocalityConfig.newBuilder())
                .build();

        assertThatThrownBy(() -> list(elsewhere))
                .hasMessage(
                        "has no usable endpoint: a locality is dropped: its endpoints are to be asked for one by one"
                                + " (LEDS)");
    }

    @Test
    void anAssignmentWithoutEndpointsIsAnEmptyList() throws Exception {
        assertThat(list()).isEqualTo(new EndpointList(List.of(), ""));
        assertThat(list(locality("a", 0, 1))).isEqualTo(new EndpointList(List.of(), ""));
    }

    @Test
    void tenThousandEndpointsOfALocalityShareItsWeight() throws Exception {
        LbEndpoint.Builder[] many = IntStream.range(0, 10_000)
                .mapToObj(i -> endpoint("10.0." + i / 256 + "." + i % 256, 1 + i % 3))
                .toArray(LbEndpoint.Builder[]::new);
        EndpointList list = list(locality("a", 0, 1, many), locality("b", 0, 1, many));

        assertThat(list.endpoints()).hasSize(20_000);
        assertThat(list.endpoints().stream().mapToDouble(Endpoint::weight).sum())
                .isEqualTo(2 * (3334 + 2 * 3333 + 3 * 3333), Offset.offset(1e-6));
    }

    // Localities

    @Test
    void theZoneIsTheLocalitysAndTheRestOfItIsInTags() throws Exception {
        LocalityLbEndpoints locality = LocalityLbEndpoints.newBuilder()
                .setLocality(
                        Locality.newBuilder().setRegion("eu").setZone("eu-1a").setSubZone("rack 7"))
                .addLbEndpoints(endpoint("10.0.0.1"))
                .build();

        assertThat(endpoints(assignment("orders", locality, locality("", 0, NONE, endpoint("10.0.0.2")))))
                .containsExactly(
                        Endpoint.of("http://10.0.0.1:80")
                                .withZone("eu-1a")
                                .withTag("region", "eu")
                                .withTag("sub_zone", "rack 7"),
                        Endpoint.of("http://10.0.0.2:80"));
    }

    @Test
    void thePriorityIsTheLocalitysAndMayLeaveGaps() throws Exception {
        assertThat(priorities(
                        locality("", 5, NONE, endpoint("10.0.0.5")),
                        locality("", 0, NONE, endpoint("10.0.0.1")),
                        locality("", 128, NONE, endpoint("10.0.0.128"))))
                .isEqualTo(Map.of("10.0.0.5", 5, "10.0.0.1", 0, "10.0.0.128", 128));
    }

    @Test
    void aPriorityOutOfRangeDropsItsEndpoints() throws Exception {
        EndpointList list = list(
                locality("", 0, NONE, endpoint("10.0.0.1")),
                locality("", 129, NONE, endpoint("10.0.0.2")),
                locality("", -1, NONE, endpoint("10.0.0.3")));

        assertThat(list.endpoints()).containsExactly(Endpoint.of("http://10.0.0.1:80"));
        assertThat(list.remarks())
                .isEqualTo("entry 1 is dropped: its priority is 129, but must be 0 to 128; "
                        + "entry 2 is dropped: its priority is 4294967295, but must be 0 to 128");
    }

    // Health

    @Test
    void thoseThatAreWellOrMayBeAreUsed() throws Exception {
        assertThat(priorities(locality(
                        "",
                        0,
                        NONE,
                        endpoint("10.0.0.1", HealthStatus.HEALTHY),
                        endpoint("10.0.0.2", HealthStatus.UNKNOWN),
                        endpoint("10.0.0.3", HealthStatus.UNHEALTHY),
                        endpoint("10.0.0.4", HealthStatus.DRAINING),
                        endpoint("10.0.0.5", HealthStatus.TIMEOUT))))
                .containsOnlyKeys("10.0.0.1", "10.0.0.2");
    }

    @Test
    void degradedOnesComeAfterAllPriorities() throws Exception {
        assertThat(priorities(
                        locality("", 0, NONE, endpoint("10.0.0.1"), endpoint("10.0.0.2", HealthStatus.DEGRADED)),
                        locality("", 1, NONE, endpoint("10.0.1.1"), endpoint("10.0.1.2", HealthStatus.DEGRADED))))
                .isEqualTo(Map.of("10.0.0.1", 0, "10.0.1.1", 1, "10.0.0.2", 2, "10.0.1.2", 3));
    }

    @Test
    void nobodyWellIsAnEmptyList() throws Exception {
        assertThat(list(locality("", 0, NONE, endpoint("10.0.0.1", HealthStatus.UNHEALTHY))))
                .isEqualTo(new EndpointList(List.of(), ""));
    }

    // Weights

    @Test
    void withoutWeightsOfLocalitiesAnEndpointHasItsOwn() throws Exception {
        assertThat(weights(
                        locality("a", 0, NONE, endpoint("10.0.0.1"), endpoint("10.0.0.2", 5)),
                        locality("b", 0, NONE, endpoint("10.0.1.1", 100))))
                .isEqualTo(Map.of("10.0.0.1", 1.0, "10.0.0.2", 5.0, "10.0.1.1", 100.0));
    }

    @Test
    void aLocalitysWeightIsItsShareHoweverManyEndpointsItHas() throws Exception {
        assertThat(weights(
                        locality("a", 0, 3, endpoint("10.0.0.1"), endpoint("10.0.0.2"), endpoint("10.0.0.3")),
                        locality("b", 0, 1, endpoint("10.0.1.1"))))
                .isEqualTo(Map.of("10.0.0.1", 1.0, "10.0.0.2", 1.0, "10.0.0.3", 1.0, "10.0.1.1", 1.0));
        assertThat(weights(
                        locality("a", 0, 1, endpoint("10.0.0.1", 3), endpoint("10.0.0.2")),
                        locality("b", 0, 3, endpoint("10.0.1.1", 4))))
                .isEqualTo(Map.of("10.0.0.1", 1.5, "10.0.0.2", 0.5, "10.0.1.1", 6.0));
    }

    @Test
    void sharesAreAmongThoseOfOnePriority() throws Exception {
        assertThat(weights(
                        locality("a", 0, 9, endpoint("10.0.0.1")),
                        locality("b", 1, 1, endpoint("10.0.1.1"), endpoint("10.0.1.2"))))
                .isEqualTo(Map.of("10.0.0.1", 1.0, "10.0.1.1", 1.0, "10.0.1.2", 1.0));
    }

    @Test
    void aLocalityWithoutAWeightBesideOneThatHasGetsNoCalls() throws Exception {
        assertThat(weights(locality("a", 0, 1, endpoint("10.0.0.1")), locality("b", 0, NONE, endpoint("10.0.1.1"))))
                .isEqualTo(Map.of("10.0.0.1", 2.0, "10.0.1.1", 0.0));
    }

    @Test
    void aWeightDoesNotGrowAsANeighbourFallsIll() throws Exception {
        assertThat(weights(
                        locality("a", 0, 1, endpoint("10.0.0.1"), endpoint("10.0.0.2", HealthStatus.UNHEALTHY)),
                        locality("b", 0, 1, endpoint("10.0.1.1"), endpoint("10.0.1.2"))))
                .isEqualTo(Map.of("10.0.0.1", 1.0, "10.0.1.1", 1.0, "10.0.1.2", 1.0));
    }

    @Test
    void weightsAboveOurRangeAreScaledDownTogether() throws Exception {
        assertThat(weights(locality("", 0, NONE, endpoint("10.0.0.1", -1), endpoint("10.0.0.2", 1 << 31))))
                .containsEntry("10.0.0.1", 1_000_000.0)
                .hasEntrySatisfying("10.0.0.2", weight -> assertThat(weight).isCloseTo(500_000, Offset.offset(0.001)));
    }

    @Test
    void aWeightOfZeroGetsNoCalls() throws Exception {
        assertThat(weights(locality("", 0, 0, endpoint("10.0.0.1", 0), endpoint("10.0.0.2"))))
                .isEqualTo(Map.of("10.0.0.1", 0.0, "10.0.0.2", 1.0));
    }

    // Metadata and policy

    @Test
    void metadataForBalancersIsTags() throws Exception {
        Struct ours = Struct.newBuilder()
                .putFields("version", number(2))
                .putFields("share", number(0.5))
                .putFields("canary", Value.newBuilder().setBoolValue(true).build())
                .putFields("region", Value.newBuilder().setStringValue("north").build())
                .putFields(
                        "nothing",
                        Value.newBuilder().setNullValue(NullValue.NULL_VALUE).build())
                .putFields(
                        "list",
                        Value.newBuilder().setListValue(ListValue.newBuilder()).build())
                .build();
        LbEndpoint.Builder endpoint = endpoint("10.0.0.1")
                .setMetadata(Metadata.newBuilder()
                        .putFilterMetadata("envoy.lb", ours)
                        .putFilterMetadata(
                                "istio",
                                Struct.newBuilder()
                                        .putFields("workload", number(1))
                                        .build()));
        LocalityLbEndpoints locality = LocalityLbEndpoints.newBuilder()
                .setLocality(Locality.newBuilder().setRegion("eu"))
                .addLbEndpoints(endpoint)
                .build();

        assertThat(endpoints(assignment("orders", locality)).getFirst().tags())
                .isEqualTo(Map.of("version", "2", "share", "0.5", "canary", "true", "region", "north"));
    }

    @Test
    void callsThatAreToBeDroppedAreRemarkedOn() throws Exception {
        DropOverload drop = DropOverload.newBuilder()
                .setCategory("throttle")
                .setDropPercentage(FractionalPercent.newBuilder()
                        .setNumerator(25)
                        .setDenominator(FractionalPercent.DenominatorType.TEN_THOUSAND))
                .build();
        ClusterLoadAssignment message = assignmentOf("orders", "10.0.0.1").toBuilder()
                .setPolicy(Policy.newBuilder().addDropOverloads(drop).setOverprovisioningFactor(UInt32Value.of(140)))
                .build();
        EndpointList list = Assignment.endpoints(message, "http");

        assertThat(list.endpoints()).hasSize(1);
        assertThat(list.remarks())
                .isEqualTo(
                        "the control plane asks clients to drop 25 in a ten thousand calls (throttle), which is not done");
    }

    @Test
    void toDropNoneOfTheCallsIsNothingOdd() throws Exception {
        DropOverload drop = DropOverload.newBuilder()
                .setCategory("throttle")
                .setDropPercentage(FractionalPercent.getDefaultInstance())
                .build();
        ClusterLoadAssignment message = assignmentOf("orders", "10.0.0.1").toBuilder()
                .setPolicy(Policy.newBuilder().addDropOverloads(drop))
                .build();
        assertThat(Assignment.endpoints(message, "http").remarks()).isEmpty();
    }

    // Words of these tests

    private static Value number(double value) {
        return Value.newBuilder().setNumberValue(value).build();
    }

    private static EndpointList list(LocalityLbEndpoints... localities) throws UnusableException {
        return Assignment.endpoints(assignment("orders", localities), "http");
    }

    private static List<Endpoint> endpoints(ClusterLoadAssignment message) throws UnusableException {
        EndpointList list = Assignment.endpoints(message, "http");
        assertThat(list.remarks()).isEmpty();
        return list.endpoints();
    }

    private static Map<String, Integer> priorities(LocalityLbEndpoints... localities) throws UnusableException {
        return endpoints(assignment("orders", localities)).stream()
                .collect(toMap(each -> each.uri().getHost(), Endpoint::priority));
    }

    private static Map<String, Double> weights(LocalityLbEndpoints... localities) throws UnusableException {
        return endpoints(assignment("orders", localities)).stream()
                .collect(toMap(each -> each.uri().getHost(), Endpoint::weight));
    }
}
