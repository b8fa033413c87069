package io.evenkeel.discovery.common;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.evenkeel.Endpoint;

/**
 * Any bytes make a list or are refused, and nothing else. Runs on the kept inputs; with JAZZER_FUZZ=1 in the
 * environment it looks for more.
 */
class EndpointListFuzzTest {

    @FuzzTest(maxDuration = "2m")
    void anyBytesAreReadOrRefused(byte[] content) {
        try {
            EndpointList whole = EndpointList.ofJson(content);
            assertThat(whole.endpoints()).doesNotContainNull().allMatch(endpoint -> endpoint.equals(copy(endpoint)));
            assertThat(whole.remarks()).hasSizeLessThan(1_500).doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}]");
        } catch (UnusableException e) {
            assertThat(e.reason()).isNotBlank().hasSizeLessThan(1_500).doesNotContainPattern("[\\p{Cc}\\p{Zl}\\p{Zp}]");
        }
    }

    private static Endpoint copy(Endpoint e) {
        return new Endpoint(e.uri(), e.id(), e.weight(), e.zone(), e.priority(), e.tags());
    }
}
