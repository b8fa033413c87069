package io.evenkeel.discovery.consul;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InstancesTest {

    private static final String PLAIN = instance("\"Address\": \"10.0.0.1\", \"Port\": 8080");
    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");

    @Test
    void allThatConsulSaysOfAnInstanceIsUsed() throws Exception {
        String answer = """
                [{
                  "Node": {
                    "ID": "40e4a748-2192-161a-0510-9bf59fe950b5", "Node": "one", "Address": "10.0.0.9", "Datacenter": "eu",
                    "TaggedAddresses": {"lan": "10.0.0.9"}, "Meta": {"zone": "eu-1b"}, "CreateIndex": 1, "ModifyIndex": 9
                  },
                  "Service": {
                    "ID": "orders-1", "Service": "orders", "Tags": ["version=2", "primary", "query=a=b"],
                    "Address": "10.0.0.1", "Meta": {"zone": "eu-1a", "build": "7"}, "Port": 8080,
                    "Weights": {"Passing": 5, "Warning": 1}, "EnableTagOverride": false, "Proxy": {}, "Connect": {}
                  },
                  "Checks": [{"CheckID": "serfHealth", "Status": "passing", "Definition": {}}]
                }]
                """;

        EndpointList list = Instances.list(answer.getBytes(UTF_8), "https");

        assertThat(list.remarks()).isEmpty();
        assertThat(list.endpoints())
                .containsExactly(Endpoint.of("https://10.0.0.1:8080")
                        .withWeight(5)
                        .withZone("eu-1a")
                        .withTag("version", "2")
                        .withTag("primary", "true")
                        .withTag("query", "a=b")
                        .withTag("zone", "eu-1a")
                        .withTag("build", "7"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"Address\": \"\", ", "\"Address\": \" \", ", "\"Address\": null, ", ""})
    void withoutAnAddressOfItsOwnAServiceIsAtThatOfItsNode(String address) throws Exception {
        assertThat(endpoints(instance(address + "\"Port\": 8080")))
                .containsExactly(Endpoint.of("http://10.0.0.9:8080"));
    }

    @Test
    void anAddressMayBeANameOrOfVersion6() throws Exception {
        assertThat(endpoints(
                        instance("\"Address\": \"fd00::1\", \"Port\": 8080"),
                        instance("\"Address\": \"[fd00::2]\", \"Port\": 8080"),
                        instance("\"Address\": \"one.example\", \"Port\": 8080")))
                .containsExactly(
                        Endpoint.of("http://[fd00::1]:8080"),
                        Endpoint.of("http://[fd00::2]:8080"),
                        Endpoint.of("http://one.example:8080"));
    }

    @Test
    void theWeightIsThatWhilePassing() throws Exception {
        String address = "\"Address\": \"10.0.0.1\", \"Port\": 8080, ";
        assertThat(endpoints(
                        instance(address + "\"Weights\": {\"Passing\": 10, \"Warning\": 3}"),
                        instance(address + "\"Weights\": {\"Passing\": 0, \"Warning\": 3}"),
                        instance(address + "\"Weights\": {}"),
                        instance(address + "\"Weights\": null")))
                .containsExactly(A.withWeight(10), A.withWeight(0), A, A);
    }

    @Test
    void theZoneIsThatOfTheServiceOrElseOfItsNode() throws Exception {
        String node = "{\"Node\": {\"Address\": \"10.0.0.9\", \"Meta\": {\"zone\": \"b\"}}, \"Service\": ";
        assertThat(endpoints(
                        node + "{\"Address\": \"10.0.0.1\", \"Port\": 8080, \"Meta\": {\"zone\": \"a\"}}}",
                        node + "{\"Address\": \"10.0.0.1\", \"Port\": 8080, \"Meta\": {\"zone\": \" \"}}}",
                        node + "{\"Address\": \"10.0.0.1\", \"Port\": 8080, \"Meta\": null}}"))
                .extracting(endpoint -> endpoint.zone().orElse(""))
                .containsExactly("a", "b", "b");
    }

    @Test
    void ofANameGivenTwiceTheMetadataCountOrTheLastTag() throws Exception {
        String fields = "\"Address\": \"10.0.0.1\", \"Port\": 8080, \"Tags\": [\"a=1\", \"a=2\", \"b=1\", \"=c\"], "
                + "\"Meta\": {\"b\": \"2\"}";
        assertThat(endpoints(instance(fields)))
                .containsExactly(A.withTag("a", "2").withTag("b", "2").withTag("=c", "true"));
    }

    @Test
    void noInstancesAreAnEmptyList() throws Exception {
        assertThat(endpoints()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    null                                                                   | uri is missing
                    {}                                                                     | uri is missing
                    {"Service": [], "Node": 7}                                             | uri is missing
                    {"Service": {"Port": 8080}, "Node": {}}                                | uri is missing
                    {"Service": {"Address": "10.0.0.1", "Port": 0}}                        | endpoint http://10.0.0.1:0 has a port outside 1 to 65535
                    {"Service": {"Address": "10.0.0.1", "Port": 65536}}                    | endpoint http://10.0.0.1:65536 has a port outside 1 to 65535
                    {"Service": {"Address": "10.0.0.1"}}                                   | endpoint http://10.0.0.1:null has no legal host name
                    {"Service": {"Address": "10.0.0.1/a", "Port": 80}}                     | endpoint http://10.0.0.1/a:80 has a path, which belongs to a call
                    {"Service": {"Address": "my_host", "Port": 80}}                        | endpoint http://my_host:80 has no legal host name
                    {"Service": {"Address": "a", "Port": 80, "Weights": {"Passing": -1}}}  | weight is -1.0, but must be 0 to 1000000
                    {"Service": {"Address": "a", "Port": 80, "Weights": {"Passing": "1"}}} | weight is "1", but must be a number
                    {"Service": {"Address": "a", "Port": 80, "Meta": {"b": {}}}}           | tag "b" is an object, but must be a string, a number, true or false
                    """)
    void anInstanceThatIsNoEndpointIsLeftOutWithTheReason(String instance, String reason) throws Exception {
        EndpointList list = list(PLAIN, instance);

        assertThat(list.endpoints()).containsExactly(A);
        assertThat(list.remarks()).isEqualTo("entry 1 is dropped: " + reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``                        | is empty
                    null                      | is no list of instances
                    {"Node": {}}              | is no list of instances
                    "No cluster leader"       | is no list of instances
                    [{}]                      | has no usable entry: entry 0 is dropped: uri is missing
                    """)
    void whatIsNoListIsRefusedWithTheReason(String answer, String reason) {
        assertThatThrownBy(() -> Instances.list(answer.getBytes(UTF_8), "http"))
                .isInstanceOf(UnusableException.class)
                .hasMessage(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "[{]", "<html>", "[{\"Service\": {\"Address\": \"10.0.0.1\", \"Po", "\u0000"})
    void whatIsNotJsonIsRefused(String answer) {
        assertThatThrownBy(() -> Instances.list(answer.getBytes(UTF_8), "http"))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("is not JSON: ");
    }

    private static String instance(String service) {
        return "{\"Node\": {\"Node\": \"one\", \"Address\": \"10.0.0.9\", \"Meta\": {}}, \"Service\": {" + service
                + "}}";
    }

    private static EndpointList list(String... instances) throws UnusableException {
        return Instances.list(("[" + String.join(", ", instances) + "]").getBytes(UTF_8), "http");
    }

    private static List<Endpoint> endpoints(String... instances) throws UnusableException {
        return list(instances).endpoints();
    }
}
