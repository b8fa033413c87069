package io.evenkeel.discovery.kubernetes;

import static io.evenkeel.discovery.kubernetes.Slices.endpoint;
import static io.evenkeel.discovery.kubernetes.Slices.port;
import static io.evenkeel.discovery.kubernetes.Slices.ports;
import static io.evenkeel.discovery.kubernetes.Slices.ready;
import static io.evenkeel.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.UnusableException;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPortBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectionTest {

    private static final List<EndpointPort> HTTP = ports(port("http", 8080));
    private static final List<EndpointPort> SEVERAL = ports(port("web", 8080), port("metrics", 9090));

    private final Selection selection = Selection.defaults();

    @Test
    void anEndpointIsAddressAndPortWithZoneAndNode() throws IOException {
        var entry = ready("10.0.0.1");
        entry.setZone("eu-1a");
        entry.setNodeName("worker-7");

        assertThat(endpoints(slice("a", HTTP, entry)))
                .containsExactly(
                        Endpoint.of("http://10.0.0.1:8080").withZone("eu-1a").withTag("node", "worker-7"));
    }

    @Test
    void whatARealClusterSaysIsRead() throws IOException {
        try (InputStream file = getClass().getResourceAsStream("slice.json")) {
            EndpointSlice slice = new KubernetesSerialization().unmarshal(file, EndpointSlice.class);

            assertThat(endpoints(slice))
                    .containsExactly(
                            Endpoint.of("http://10.244.1.17:8080")
                                    .withZone("eu-1a")
                                    .withTag("node", "worker-1"),
                            Endpoint.of("http://10.244.2.5:8080")
                                    .withZone("eu-1b")
                                    .withTag("node", "worker-2")
                                    .withPriority(1));
        }
    }

    // Which

    @Test
    void whatIsNotSaidCountsAsReady() throws IOException {
        var silent = ready("10.0.0.2");
        silent.setConditions(null);

        assertThat(uris(slice("a", HTTP, endpoint("10.0.0.1", null, null, null), silent)))
                .containsExactly("http://10.0.0.1:8080", "http://10.0.0.2:8080");
    }

    @Test
    void oneThatIsNotReadyIsNotListed() throws IOException {
        assertThat(uris(slice("a", HTTP, endpoint("10.0.0.1", false, false, false), ready("10.0.0.2"))))
                .containsExactly("http://10.0.0.2:8080");
    }

    @Test
    void oneThatServesWhileItTerminatesIsALastResort() throws IOException {
        assertThat(endpoints(slice("a", HTTP, endpoint("10.0.0.1", false, true, true), ready("10.0.0.2"))))
                .extracting(Endpoint::priority)
                .containsExactly(1, 0);
    }

    @Test
    void oneThatSaysNothingOfServingWhileItTerminatesIsALastResortToo() throws IOException {
        assertThat(endpoints(slice("a", HTTP, endpoint("10.0.0.1", false, null, true))))
                .extracting(Endpoint::priority)
                .containsExactly(1);
    }

    @Test
    void oneThatServesNoMoreIsNeverListed() throws IOException {
        assertThat(uris(slice("a", HTTP, endpoint("10.0.0.1", false, false, true))))
                .isEmpty();
        assertThat(uris(slice("a", HTTP, endpoint("10.0.0.1", false, false, null))))
                .isEmpty();
    }

    @Test
    void oneThatIsReadyWhileItTerminatesIsListedForTheServiceWantsItSo() throws IOException {
        assertThat(endpoints(slice("a", HTTP, endpoint("10.0.0.1", true, true, true))))
                .extracting(Endpoint::priority)
                .containsExactly(0);
    }

    @Test
    void allSlicesAreMergedOfBothFamilies() throws IOException {
        assertThat(uris(
                        slice("a", HTTP, ready("10.0.0.1")),
                        slice("b", HTTP, ready("10.0.0.2")),
                        slice("c", HTTP, ready("fd00::1"))))
                .containsExactly("http://10.0.0.1:8080", "http://10.0.0.2:8080", "http://[fd00::1]:8080");
    }

    @Test
    void oneInTwoSlicesIsListedOnceAsTheOneThatIsReady() throws IOException {
        assertThat(endpoints(
                        slice("a", HTTP, endpoint("10.0.0.1", false, true, true)), slice("b", HTTP, ready("10.0.0.1"))))
                .containsExactly(Endpoint.of("http://10.0.0.1:8080"));
        assertThat(endpoints(
                        slice("a", HTTP, ready("10.0.0.1")), slice("b", HTTP, endpoint("10.0.0.1", false, true, true))))
                .containsExactly(Endpoint.of("http://10.0.0.1:8080"));
    }

    @Test
    void ofSeveralAddressesTheFirstCounts() throws IOException {
        var entry = ready("10.0.0.1");
        entry.setAddresses(List.of("10.0.0.1", "10.0.0.2"));

        assertThat(uris(slice("a", HTTP, entry))).containsExactly("http://10.0.0.1:8080");
    }

    @Test
    void aSliceWithoutEndpointsIsNone() throws IOException {
        EndpointSlice empty = slice("a", ports());
        EndpointSlice nothing = slice("b", HTTP);
        nothing.setEndpoints(null);
        nothing.setPorts(null);

        assertThat(uris(empty, nothing)).isEmpty();
        assertThat(uris(empty, slice("c", HTTP, ready("10.0.0.1")))).hasSize(1);
    }

    @Test
    void anAddressThatIsNoneIsTroubleAndNoShorterList() {
        assertTrouble(
                selection, slice("a", HTTP, ready("10.0.0.1"), ready("no host")), "has an endpoint that is none: ");
    }

    // Port

    @Test
    void theOnlyPortIsUsedWhateverItsName() throws IOException {
        assertThat(uris(slice("a", ports(port("", 7000)), ready("10.0.0.1")))).containsExactly("http://10.0.0.1:7000");
        assertThat(uris(slice("a", ports(port(null, 7000)), ready("10.0.0.1"))))
                .containsExactly("http://10.0.0.1:7000");
    }

    @Test
    void ofSeveralTheOneNamedHttpIsUsed() throws IOException {
        assertThat(uris(slice("a", ports(port("metrics", 9090), port("http", 8080)), ready("10.0.0.1"))))
                .containsExactly("http://10.0.0.1:8080");
    }

    @Test
    void datagramsAreNotChosenForOne() throws IOException {
        EndpointPort datagrams = new EndpointPortBuilder()
                .withName("dns")
                .withPort(53)
                .withProtocol("UDP")
                .build();

        assertThat(uris(slice("a", ports(datagrams, port("web", 8080)), ready("10.0.0.1"))))
                .containsExactly("http://10.0.0.1:8080");
        assertThat(uris(
                        selection.withPort("dns").withScheme("udp"),
                        slice("a", ports(datagrams, port("web", 8080)), ready("10.0.0.1"))))
                .containsExactly("udp://10.0.0.1:53");
    }

    @Test
    void severalOfWhichNoneIsChosenAreTroubleThatNamesThem() {
        assertTrouble(
                selection,
                slice("a", SEVERAL, ready("10.0.0.1")),
                "has several ports, metrics:9090, web:8080, of which none is named http: choose one");
    }

    @Test
    void aNamedPortHasTheNumberOfItsSlice() throws IOException {
        assertThat(uris(
                        selection.withPort("web"),
                        slice("a", SEVERAL, ready("10.0.0.1")),
                        slice("b", ports(port("web", 8081)), ready("10.0.0.2"))))
                .containsExactly("http://10.0.0.1:8080", "http://10.0.0.2:8081");
    }

    @Test
    void aSliceWithoutThePortIsPassedOverAsLongAsAnotherHasIt() throws IOException {
        assertThat(uris(
                        selection.withPort("web"),
                        slice("a", SEVERAL, ready("10.0.0.1")),
                        slice("b", ports(port("metrics", 9090)), ready("10.0.0.2"))))
                .containsExactly("http://10.0.0.1:8080");
    }

    @Test
    void aPortThatNoSliceHasIsTroubleThatNamesThoseThatThereAre() {
        assertTrouble(
                selection.withPort("grpc"),
                slice("a", SEVERAL, ready("10.0.0.1")),
                "has endpoints, but none with port grpc: there are metrics:9090, web:8080");
    }

    @Test
    void aNumberIsThatOfThePods() throws IOException {
        assertThat(uris(selection.withPort("9090"), slice("a", SEVERAL, ready("10.0.0.1"))))
                .containsExactly("http://10.0.0.1:9090");
        assertTrouble(
                selection.withPort("80"),
                slice("a", SEVERAL, ready("10.0.0.1")),
                "has endpoints, but none with port 80, which is that of the pods: there are metrics:9090, web:8080");
    }

    @Test
    void aServiceThatListsNoPortsTakesANumber() throws IOException {
        EndpointSlice headless = slice("a", ports(), ready("10.0.0.1"));

        assertThat(uris(selection.withPort("7000"), headless)).containsExactly("http://10.0.0.1:7000");
        assertTrouble(selection, headless, "has endpoints, but none with a TCP port: there is no port");
        assertTrouble(selection.withPort("http"), headless, "has endpoints, but none with port http: there is no port");
    }

    @Test
    void aPortWithoutNumberIsPassedOver() {
        assertTrouble(
                selection,
                slice("a", ports(port("any", null)), ready("10.0.0.1")),
                "has endpoints, but none with a TCP port: there is no port");
    }

    // Scheme

    @Test
    void theSchemeIsHttpsByNameProtocolOrNumber() throws IOException {
        EndpointPort secure = port("web", 8443);
        secure.setAppProtocol("HTTPS");

        assertThat(uris(
                        slice("a", ports(port("https", 8443)), ready("10.0.0.1")),
                        slice("b", ports(secure), ready("10.0.0.2")),
                        slice("c", ports(port("web", 443)), ready("10.0.0.3"))))
                .containsExactly("https://10.0.0.1:8443", "https://10.0.0.2:8443", "https://10.0.0.3:443");
    }

    @Test
    void aChosenSchemeIsUsedInAnyCase() throws IOException {
        assertThat(uris(selection.withScheme("grpc"), slice("a", ports(port("https", 443)), ready("10.0.0.1"))))
                .containsExactly("grpc://10.0.0.1:443");
    }

    // Zone

    @Test
    void hintsAreHeededOnlyIfWanted() throws IOException {
        EndpointSlice hinted = hinted("eu-1a", "eu-1b");

        assertThat(zone(selection, hinted)).contains("eu-1a");
        assertThat(zone(selection.withZoneHints(true), hinted)).contains("eu-1b");
    }

    @Test
    void ofSeveralHintsTheZoneWhereItRunsIsPreferred() throws IOException {
        assertThat(zone(selection.withZoneHints(true), hinted("eu-1a", "eu-1b", "eu-1a")))
                .contains("eu-1a");
        assertThat(zone(selection.withZoneHints(true), hinted("eu-1a", "eu-1c", "eu-1b")))
                .contains("eu-1c");
    }

    @Test
    void withoutHintsTheZoneIsWhereItRuns() throws IOException {
        assertThat(zone(selection.withZoneHints(true), hinted("eu-1a"))).contains("eu-1a");
        assertThat(zone(selection.withZoneHints(true), slice("a", HTTP, ready("10.0.0.1"))))
                .isEmpty();
    }

    @Test
    void aBlankZoneIsNone() throws IOException {
        assertThat(zone(selection, hinted(""))).isEmpty();
    }

    private static EndpointSlice hinted(String runs, String... zones) {
        var entry = Slices.hinted("10.0.0.1", zones);
        entry.setZone(runs);
        return slice("a", HTTP, entry);
    }

    private static Optional<String> zone(Selection selection, EndpointSlice slice) throws IOException {
        return selection.endpoints(List.of(slice)).getFirst().zone();
    }

    private List<Endpoint> endpoints(EndpointSlice... slices) throws IOException {
        return selection.endpoints(List.of(slices));
    }

    private List<String> uris(EndpointSlice... slices) throws IOException {
        return uris(selection, slices);
    }

    private static List<String> uris(Selection selection, EndpointSlice... slices) throws IOException {
        return Slices.uris(selection.endpoints(List.of(slices))).toList();
    }

    private static void assertTrouble(Selection selection, EndpointSlice slice, String message) {
        assertThatThrownBy(() -> selection.endpoints(List.of(slice)))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith(message);
    }
}
