package io.evenkeel;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * Any text is an endpoint or is refused, and nothing else. Runs on the kept inputs; with JAZZER_FUZZ=1 in the
 * environment it looks for more.
 */
class EndpointFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anyTextIsAnEndpointOrIsRefused(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        Endpoint endpoint;
        try {
            endpoint = Endpoint.of(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("endpoint ").hasNoCause();
            return;
        }
        assertThat(endpoint.uri().toString()).isEqualTo(text);
        assertThat(endpoint.uri().getHost()).isNotEmpty();
        assertThat(endpoint.port() == -1 || (endpoint.port() > 0 && endpoint.port() <= 65_535))
                .isTrue();
        assertThat(endpoint.id()).isNotBlank();
        assertThat(Endpoint.of(endpoint.id()).id()).isEqualTo(endpoint.id());
    }
}
