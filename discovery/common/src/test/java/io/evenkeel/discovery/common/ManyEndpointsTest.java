package io.evenkeel.discovery.common;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyEndpointsTest {

    /** All that is made on the way, garbage included. */
    @Test
    void tenThousandEndpointsTakeLessThan32MebibytesToRead() throws Exception {
        byte[] json = IntStream.range(0, 10_000)
                .mapToObj(i ->
                        "{\"uri\": \"http://10.0.%d.%d:8080\", \"weight\": 2, \"zone\": \"eu-1a\", \"tags\": {\"version\": \"2\"}}"
                                .formatted(i / 250, i % 250))
                .collect(Collectors.joining(",\n", "[", "]"))
                .getBytes(UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        EndpointList.ofJson(json);
        long before = threads.getCurrentThreadAllocatedBytes();
        EndpointList list = EndpointList.ofJson(json);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(list.endpoints()).hasSize(10_000);
        assertThat(allocated).isLessThan(32 << 20);
    }
}
