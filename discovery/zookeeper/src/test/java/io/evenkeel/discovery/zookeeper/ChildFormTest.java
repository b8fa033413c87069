package io.evenkeel.discovery.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.UnusableException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChildFormTest {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1:8080",
                " http://10.0.0.1:8080\n",
                "\"http://10.0.0.1:8080\"",
                "{\"uri\": \"http://10.0.0.1:8080\"}"
            })
    void aChildMayHoldAUriOrAnObject(String content) throws Exception {
        EndpointList list = parse(content);

        assertThat(list.endpoints()).containsExactly(A);
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void anInstanceOfCuratorsDiscoveryIsAnEndpoint() throws Exception {
        EndpointList list = parse("""
                {"name":"orders","id":"2b1c","address":"10.0.0.1","port":8080,"sslPort":null,"payload":null,
                 "registrationTimeUTC":1700000000000,"serviceType":"DYNAMIC","uriSpec":{"parts":[]},"enabled":true}""");

        assertThat(list.endpoints()).containsExactly(A.withId("2b1c"));
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void anInstanceWithAPortForTlsIsHttps() throws Exception {
        EndpointList list = parse("{\"id\":\"a\",\"address\":\"10.0.0.1\",\"port\":8080,\"sslPort\":8443}");

        assertThat(list.endpoints())
                .containsExactly(Endpoint.of("https://10.0.0.1:8443").withId("a"));
    }

    @Test
    void whatIsSimpleInThePayloadAreTags() throws Exception {
        EndpointList list = parse("""
                {"address":"10.0.0.1","port":8080,
                 "payload":{"zone":"eu-1a","version":2,"canary":true,"nested":{"a":1},"nothing":null}}""");

        assertThat(list.endpoints())
                .containsExactly(A.withZone("eu-1a")
                        .withTag("zone", "eu-1a")
                        .withTag("version", "2")
                        .withTag("canary", "true"));
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void thePayloadOfSpringCloudHasItsLabelsInMetadata() throws Exception {
        EndpointList list = parse("""
                {"name":"orders","id":"a","address":"10.0.0.1","port":8080,"payload":{
                 "@class":"org.springframework.cloud.zookeeper.discovery.ZookeeperInstance","id":"orders-1","name":"orders",
                 "metadata":{"zone":"eu-1a"}}}""");

        assertThat(list.endpoints())
                .containsExactly(A.withId("a").withZone("eu-1a").withTag("zone", "eu-1a"));
    }

    @Test
    void anInstanceMayBeAtAnIpv6Address() throws Exception {
        assertThat(parse("{\"address\":\"::1\",\"port\":8080}").endpoints())
                .containsExactly(Endpoint.of("http://[::1]:8080"));
    }

    @Test
    void aMemberOfAServerSetIsAnEndpoint() throws Exception {
        EndpointList list = parse("""
                {"serviceEndpoint":{"host":"10.0.0.1","port":8080},"additionalEndpoints":{"admin":{"host":"10.0.0.1","port":9990}},
                 "status":"ALIVE","shard":3,"metadata":{"version":"2"}}""");

        assertThat(list.endpoints()).containsExactly(A.withTag("version", "2"));
        assertThat(list.remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"serviceEndpoint\":{\"host\":\"10.0.0.1\",\"port\":8080},\"status\":\"STOPPING\"}",
                "{\"address\":\"10.0.0.1\",\"port\":8080,\"enabled\":false}"
            })
    void aChildThatIsOutOfServiceIsLeftOutWithoutAWord(String content) throws Exception {
        EndpointList list = parse(content);

        assertThat(list.endpoints()).isEmpty();
        assertThat(list.remarks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                                              | is empty
                    orders-1                                        | endpoint orders-1 has no scheme, such as http://
                    {"address":"10.0.0.1"}                          | its port is null, but must be a number
                    {"address":"10.0.0.1","port":"8080"}            | its port is "8080", but must be a number
                    {"address":null,"port":8080}                    | its host is null, but must be a string
                    {"address":"a_b","port":8080}                   | endpoint http://a_b:8080 has no legal host name
                    {"serviceEndpoint":[],"status":"ALIVE"}         | serviceEndpoint is a list, but must be an object with host and port
                    {"serviceEndpoint":{"port":1},"status":"ALIVE"} | its host is null, but must be a string
                    []                                              | it is a list, but must be a URI or an object
                    """)
    void aChildThatIsNoEndpointIsDroppedWithTheReason(String content, String reason) {
        assertThatThrownBy(() -> parse(content))
                .isInstanceOf(UnusableException.class)
                .hasMessage("has no usable entry: \"child\" is dropped: " + reason);
    }

    private static EndpointList parse(String content) throws UnusableException {
        return EndpointList.ofNamed(Map.of("child", content.getBytes(UTF_8)), new ChildForm());
    }
}
