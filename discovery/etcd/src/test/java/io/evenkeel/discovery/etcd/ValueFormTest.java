package io.evenkeel.discovery.etcd;

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

class ValueFormTest {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1:8080",
                "{\"uri\": \"http://10.0.0.1:8080\"}",
                "{\"Op\":0,\"Addr\":\"10.0.0.1:8080\",\"Metadata\":null}",
                "{\"Addr\":\"http://10.0.0.1:8080\"}",
                "{\"Op\":0,\"Addr\":\"10.0.0.1:8080\",\"Metadata\":\"anything\"}"
            })
    void aValueMayBeAUriOrAnObjectOrAnUpdateOfGrpcsNaming(String value) throws Exception {
        EndpointList list = parse(value);

        assertThat(list.endpoints()).containsExactly(A);
        assertThat(list.remarks()).isEmpty();
    }

    @Test
    void whatIsSimpleInTheMetadataAreTags() throws Exception {
        EndpointList list =
                parse("{\"Op\":0,\"Addr\":\"10.0.0.1:8080\",\"Metadata\":{\"zone\":\"eu-1a\",\"v\":2,\"deep\":{}}}");

        assertThat(list.endpoints())
                .containsExactly(A.withZone("eu-1a").withTag("zone", "eu-1a").withTag("v", "2"));
    }

    @Test
    void anUpdateThatDeletesIsNoEndpoint() throws Exception {
        EndpointList list = parse("{\"Op\":1,\"Addr\":\"10.0.0.1:8080\"}");

        assertThat(list.endpoints()).isEmpty();
        assertThat(list.remarks()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    ``              | is empty
                    10.0.0.1        | endpoint 10.0.0.1 has no scheme, such as http://
                    {"Addr": 8080}  | Addr is 8080, but must be a string, host:port
                    {"Addr": ""}    | endpoint http:// is no URI: Expected authority at index 7
                    {"address": ""} | uri is missing
                    [1]             | it is a list, but must be a URI or an object
                    """)
    void aValueThatIsNoEndpointIsDroppedWithTheReason(String value, String reason) {
        assertThatThrownBy(() -> parse(value))
                .isInstanceOf(UnusableException.class)
                .hasMessage("has no usable entry: \"key\" is dropped: " + reason);
    }

    private static EndpointList parse(String value) throws UnusableException {
        return EndpointList.ofNamed(Map.of("key", value.getBytes(UTF_8)), new ValueForm());
    }
}
