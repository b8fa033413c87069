package io.evenkeel.discovery.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressTest {

    @Test
    void labelsThatAreSimpleAreTagsAndOneIsTheZoneAsWell() {
        assertThat(Address.entry("http", "10.0.0.1", 8080, Map.of("zone", "a", "v", 2, "on", true, "deep", List.of())))
                .isEqualTo(Map.of(
                        "uri", "http://10.0.0.1:8080", "zone", "a", "tags", Map.of("zone", "a", "v", 2, "on", true)));
        assertThat(Address.entry("http://a", "none")).isEqualTo(Map.of("uri", "http://a", "tags", Map.of()));
        assertThat(Address.entry("http://a", Map.of("zone", 7)))
                .isEqualTo(Map.of("uri", "http://a", "tags", Map.of("zone", 7)));
    }

    @Test
    void anIpv6AddressIsPutInBrackets() {
        assertThat(Address.entry("https", "::1", 8443, null)).containsEntry("uri", "https://[::1]:8443");
        assertThat(Address.entry("https", "[::1]", 8443, null)).containsEntry("uri", "https://[::1]:8443");
    }

    @Test
    void aHostIsAStringAndAPortANumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.entry("http", null, 8080, null))
                .withMessage("its host is null, but must be a string");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Address.entry("http", "a", "8080", null))
                .withMessage("its port is \"8080\", but must be a number");
    }
}
