package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.discovery.Sources;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsulSourceProviderTest {

    @ParameterizedTest
    @CsvSource({
        "consul:///orders, http://127.0.0.1:8500",
        "consul:orders, http://127.0.0.1:8500",
        "consul:///orders?plaintext=false, https://127.0.0.1:8501",
        "consul://10.0.0.1/orders, https://10.0.0.1:8501",
        "consul://10.0.0.1/orders?plaintext, http://10.0.0.1:8500",
        "consul://10.0.0.1:9500/orders, https://10.0.0.1:9500",
        "consul://[::1]/orders, http://[::1]:8500",
        "CONSUL://consul.example/orders?plaintext=true, http://consul.example:8500"
    })
    void aUriNamesAgentAndService(String uri, String agent) {
        assertThat(Sources.of(uri)).hasToString("ConsulEndpoints[orders at " + agent + "]");
    }

    @Test
    void everySettingHasAParameter() {
        ConsulEndpoints source = (ConsulEndpoints)
                Sources.of("consul://a:1/orders?dc=eu&tag=v2,primary&token-file=/run/token&scheme=https&stale=true"
                        + "&wait=2m&timeout=500ms");

        assertThat(source.query().uri(7))
                .hasToString("https://a:1/v1/health/service/orders?passing=true&dc=eu&tag=v2&tag=primary&stale=true"
                        + "&index=7&wait=120000ms");
        assertThat(source.query().timeout(0)).isEqualTo(Duration.ofMillis(500));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    consul://a:8500             | it names no service
                    consul://a:8500/            | it names no service
                    consul://a:8500/orders?token=x | unknown parameters, [token]
                    consul://a:8500/orders?wait=soon | wait is soon
                    consul://a:8500/orders?wait=11m | wait is PT11M
                    consul://a:8500/orders?plaintext=yes | plaintext is yes
                    consul://a_b:8500/orders    | but must be http:// or https:// and a host
                    """)
    void whatIsWrongWithAUriIsSaid(String uri, String why) {
        assertThatThrownBy(() -> Sources.of(uri))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }
}
