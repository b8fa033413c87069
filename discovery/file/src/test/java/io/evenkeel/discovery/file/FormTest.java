package io.evenkeel.discovery.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.common.EndpointList;
import io.evenkeel.discovery.common.UnusableException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FormTest {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");

    private static EndpointList yaml(String text) throws UnusableException {
        return Form.YAML.list(text.getBytes(UTF_8));
    }

    @Test
    void theEndOfTheNameTellsTheForm() {
        assertThat(Form.of(Path.of("/etc/orders.yaml"))).isEqualTo(Form.YAML);
        assertThat(Form.of(Path.of("orders.YML"))).isEqualTo(Form.YAML);
        assertThat(Form.of(Path.of("/etc/orders.yaml/list"))).isEqualTo(Form.JSON);
        assertThat(Form.of(Path.of("/"))).isEqualTo(Form.JSON);
    }

    @Test
    void aListInYamlIsReadAsOneInJson() throws Exception {
        String text = """
                # of the warehouse
                endpoints:
                  - uri: http://10.0.0.1:8080
                    id: a
                    weight: 2.5
                    zone: eu-1a
                    priority: 3
                    tags: {version: 2, canary: true, name: "no"}
                  - http://10.0.0.1:8080
                """;
        assertThat(yaml(text).endpoints())
                .containsExactly(
                        A.withId("a")
                                .withWeight(2.5)
                                .withZone("eu-1a")
                                .withPriority(3)
                                .withTag("version", "2")
                                .withTag("canary", "true")
                                .withTag("name", "no"),
                        A);
        assertThat(yaml(text).remarks()).isEmpty();
    }

    @Test
    void groupsOfPrometheusMayBeInEitherForm() throws Exception {
        Endpoint expected = A.withTag("env", "prod");
        assertThat(yaml("""
                - targets: ["10.0.0.1:8080"]
                  labels: {env: prod, __meta_x: y}
                """).endpoints()).containsExactly(expected);
        assertThat(Form.JSON
                        .list("[{\"targets\": [\"10.0.0.1:8080\"], \"labels\": {\"env\": \"prod\"}}]".getBytes(UTF_8))
                        .endpoints())
                .containsExactly(expected);
    }

    @Test
    void aBadEntryIsDroppedWithTheReason() throws Exception {
        EndpointList list = yaml("[http://10.0.0.1:8080, {uri: 'http://a', weight: heavy}, 2026-11-29]");
        assertThat(list.endpoints()).containsExactly(A);
        assertThat(list.remarks())
                .isEqualTo("entry 1 is dropped: weight is \"heavy\", but must be a number; entry 2 is dropped:"
                        + " endpoint 2026-11-29 has no scheme, such as http://");
    }

    @ParameterizedTest
    @ValueSource(strings = {"- [", "a: b: c", "- !!java.net.URL [\"http://a\"]", "\t- x", "- *nobody", "--- a\n--- b"})
    void whatIsNotYamlIsRefused(String text) {
        assertThatThrownBy(() -> yaml(text))
                .isInstanceOf(UnusableException.class)
                .hasMessageStartingWith("is not YAML: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aSmallFileIsNoHugeList() {
        StringBuilder text = new StringBuilder("a0: &a0 [http://a]\n");
        for (int i = 1; i < 60; i++) {
            text.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [")
                    .append("*a" + (i - 1) + ",*a" + (i - 1))
                    .append("]\n");
        }
        assertThatThrownBy(() -> yaml(text.toString())).hasMessageStartingWith("is not YAML: ");
        assertThatThrownBy(() -> yaml("[".repeat(100_000))).isInstanceOf(UnusableException.class);
        assertThatThrownBy(() -> yaml(" ")).hasMessage("is empty");
    }
}
