package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.UnusableException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InstanceListTest {

    private static final String GOOD = "{\"instanceId\": \"z\", \"status\": \"UP\", \"hostName\": \"z\", \"port\": 80}";

    @Test
    void onlyThoseThatAreUpAreEndpoints() throws Exception {
        EndpointList list = plain(
                Says.instance("a", "UP"),
                Says.instance("b", "DOWN"),
                Says.instance("c", "STARTING"),
                Says.instance("d", "OUT_OF_SERVICE"),
                Says.instance("e", "UNKNOWN"));

        assertThat(list.endpoints())
                .containsExactly(Endpoint.of("http://a:8080").withId("a"));
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void thatNobodyIsUpIsAnEmptyList() throws Exception {
        EndpointList list = plain(Says.instance("a", "DOWN"), Says.instance("b", "STARTING"));

        assertThat(list).isEqualTo(new EndpointList(List.of(), ""));
    }

    @Test
    void metadataAreTagsAndTellTheZone() throws Exception {
        EndpointList list = plain("""
                {"instanceId": "a", "status": "UP", "hostName": "a", "port": {"$": "8080", "@enabled": true},
                 "metadata": {"@class": "x", "zone": "eu-1a", "version": "2", "canary": true, "build": 17, "note": null, "odd": {}},
                 "dataCenterInfo": {"name": "Amazon", "metadata": {"availability-zone": "us-east-1c"}}}
                """);

        assertThat(list.endpoints())
                .containsExactly(Endpoint.of("http://a:8080")
                        .withId("a")
                        .withZone("eu-1a")
                        .withTag("zone", "eu-1a")
                        .withTag("version", "2")
                        .withTag("canary", "true")
                        .withTag("build", "17"));
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void theZoneOfTheMachineIsTakenWhereMetadataTellNone() throws Exception {
        EndpointList list = plain("""
                {"instanceId": "a", "status": "UP", "hostName": "a", "port": 80, "metadata": {"zone": ""},
                 "dataCenterInfo": {"name": "Amazon", "metadata": {"availability-zone": "us-east-1c"}}}
                """);

        assertThat(list.endpoints().getFirst().zone()).contains("us-east-1c");
        assertThat(list.endpoints().getFirst().tags()).isEmpty();
    }

    @Test
    void anIdThatTwoHaveOrNobodyIsLeftToTheAddress() throws Exception {
        EndpointList list = plain(
                "{\"instanceId\": \"same\", \"status\": \"UP\", \"hostName\": \"a\", \"port\": 80}",
                "{\"instanceId\": \"same\", \"status\": \"UP\", \"hostName\": \"b\", \"port\": 80}",
                "{\"status\": \"UP\", \"hostName\": \"c\", \"port\": 80}",
                GOOD);

        assertThat(list.endpoints())
                .extracting(Endpoint::id)
                .containsExactly("http://a:80", "http://b:80", "http://c:80", "z");
    }

    @Test
    void theOrderIsThatOfIdsWhateverEurekaSays() throws Exception {
        List<Endpoint> one =
                plain(Says.instance("a", "UP"), Says.instance("b", "UP"), GOOD).endpoints();
        List<Endpoint> other =
                plain(GOOD, Says.instance("b", "UP"), Says.instance("a", "UP")).endpoints();

        assertThat(one).isEqualTo(other).extracting(Endpoint::id).containsExactly("a", "b", "z");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "hostName": "a", "ipAddr": "10.0.0.1", "port": {"$": 8080, "@enabled": "true"} | http://a:8080
                    "hostName": "", "ipAddr": "10.0.0.1", "port": {"$": "8080", "@enabled": true}  | http://10.0.0.1:8080
                    "ipAddr": "fe80::1", "port": {"$": 8080}                                       | http://[fe80::1]:8080
                    "hostName": "[::1]", "port": "8080"                                            | http://[::1]:8080
                    """)
    void theAddressIsTheHostOrTheIpAddress(String fields, String uri) throws Exception {
        EndpointList list = plain("{\"status\": \"UP\", " + fields + "}");

        assertThat(list.endpoints()).containsExactly(Endpoint.of(uri));
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void aSecureEndpointIsAtTheSecurePortIfThatIsEnabled() throws Exception {
        EndpointList list = list(new InstanceList(true), Says.instance("a", "UP"), """
                {"instanceId": "b", "status": "UP", "hostName": "b", "port": {"$": 8080, "@enabled": "true"},
                 "securePort": {"$": 8443, "@enabled": "true"}}
                """);

        assertThat(list.endpoints())
                .containsExactly(Endpoint.of("https://b:8443").withId("b"));
        assertThat(list.remarks()).isEqualTo("instance \"a\" is left out: it has no securePort that is enabled");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    "port": 80                                               | it has neither hostName nor ipAddr
                    "hostName": "a"                                          | it has no port that is enabled
                    "hostName": "a", "port": {"$": 80, "@enabled": "false"}  | it has no port that is enabled
                    "hostName": "a", "port": {"@enabled": "true"}            | it has no port that is enabled
                    "hostName": "a", "port": "x"                             | port is "x", but must be 1 to 65535
                    "hostName": "a", "port": -1                              | port is "-1", but must be 1 to 65535
                    "hostName": "a", "port": 0                               | endpoint http://a:0 has a port outside 1 to 65535
                    "hostName": "a/b", "port": 80                            | endpoint http://a/b:80 has a path, which belongs to a call
                    "hostName": "u:p@a", "port": 80                          | endpoint http://***@a]:80
                    "hostName": "a b", "port": 80                            | is no URI
                    """)
    void anInstanceWithoutAnAddressIsLeftOutWithTheReason(String fields, String reason) throws Exception {
        EndpointList list = plain("{\"instanceId\": \"x\", \"status\": \"UP\", " + fields + "}", GOOD);

        assertThat(list.endpoints()).containsExactly(Endpoint.of("http://z:80").withId("z"));
        assertThat(list.remarks()).startsWith("instance \"x\" is left out: ").contains(reason);
    }

    @Test
    void theFirstReasonIsInWordsAndTheRestIsCounted() throws Exception {
        String bad = "{\"instanceId\": \"x\\n\", \"status\": \"UP\"}";

        assertThat(plain(GOOD, bad, bad, bad).remarks())
                .isEqualTo("instance \"x?\" is left out: it has neither hostName nor ipAddr; and 2 more");
    }

    @Test
    void thatNoneOfThoseThatAreUpIsUsableIsTrouble() {
        assertThatThrownBy(() -> plain("{\"instanceId\": \"x\", \"status\": \"UP\"}", Says.instance("a", "DOWN")))
                .isInstanceOf(UnusableException.class)
                .hasMessage("has no usable instance: instance \"x\" is left out: it has neither hostName nor ipAddr");
    }

    private static EndpointList plain(String... instances) throws UnusableException {
        return list(new InstanceList(false), instances);
    }

    private static EndpointList list(InstanceList how, String... instances) throws UnusableException {
        String application = Says.application("ORDERS", List.of(instances));
        return how.endpoints(Answers.application(Says.ok("{\"application\": " + application + "}")));
    }
}
