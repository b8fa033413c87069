package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsulEndpointsTest {

    private final ConsulEndpoints orders = ConsulEndpoints.of("orders");

    @Test
    void itsTextSaysWhatItAsksAndNoSecret() {
        assertThat(orders).hasToString("ConsulEndpoints[orders at http://127.0.0.1:8500]");
        assertThat(orders.at(URI.create("https://consul.example/path")).withToken(() -> "secret"))
                .hasToString("ConsulEndpoints[orders at https://consul.example]");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    ftp://a           | agent is ftp://a, but must be http:// or https:// and a host
                    //127.0.0.1:8500  | agent is //127.0.0.1:8500, but must be http:// or https:// and a host
                    http:a            | agent is http:a, but must be http:// or https:// and a host
                    http://a_b:8500   | agent is http://a_b:8500, but must be http:// or https:// and a host
                    http://a:secret@b | agent has user-info: set the token by withToken or withTokenFile
                    http://secret@b_c | agent has user-info: set the token by withToken or withTokenFile
                    http://a?token=secret | agent has a query or a fragment, but must be the begin of a URI
                    http://a#secret   | agent has a query or a fragment, but must be the begin of a URI
                    """)
    void anAgentThatIsNoneIsRefused(String agent, String why) {
        assertThatThrownBy(() -> orders.at(URI.create(agent)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(why);
    }

    @Test
    void blankNamesAreRefused() {
        assertThatThrownBy(() -> ConsulEndpoints.of(" ")).hasMessageStartingWith("service is blank");
        assertThatThrownBy(() -> orders.withDatacenter("")).hasMessageStartingWith("datacenter is blank");
        assertThatThrownBy(() -> orders.withTag("")).hasMessageStartingWith("tag is blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.999S", "PT10M0.001S", "PT-1S"})
    void aWaitOutOfRangeIsRefused(Duration wait) {
        assertThatThrownBy(() -> orders.withWait(wait))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wait is " + wait + ", but must be PT1S to PT10M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.009S", "PT10M0.001S"})
    void aTimeoutOutOfRangeIsRefused(Duration timeout) {
        assertThatThrownBy(() -> orders.withTimeout(timeout))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("timeout is " + timeout + ", but must be PT0.01S to PT10M");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1http", "http:", "ht tp"})
    void whatIsNoSchemeIsRefused(String scheme) {
        assertThatThrownBy(() -> orders.withScheme(scheme)).hasMessageStartingWith("scheme is " + scheme + ", but");
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            assertThatThrownBy(() -> orders.withClient(client)).hasMessageStartingWith("client follows redirects");
        }
    }

    @Test
    void aCopyLeavesTheOriginalAsItIs() {
        assertThat(orders.at(URI.create("http://10.0.0.1:8500"))
                        .withTokenFile(Path.of("token"))
                        .withTag("a"))
                .isNotSameAs(orders);
        assertThat(orders).hasToString("ConsulEndpoints[orders at http://127.0.0.1:8500]");
    }
}
