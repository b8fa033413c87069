package io.evenkeel.discovery.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ManyEndpointsTest {

    @TempDir
    private Path folder;

    @Test
    @Timeout(60)
    void tenThousandEndpointsAreReadWholeAndAgainAfterEachChange() {
        HandDrivenScheduler scheduler = new HandDrivenScheduler();
        Heard heard = new Heard();
        Path file = folder.resolve("orders.json");

        TempFiles.write(file, json(endpoints(1)));
        FileEndpoints.at(file).withScheduler(scheduler).watch(heard);
        for (int weight = 2; weight <= 6; weight++) {
            TempFiles.replace(file, json(endpoints(weight)));
            scheduler.advance(Duration.ofMillis(250));

            assertThat(heard.current()).isEqualTo(endpoints(weight));
        }

        assertThat(heard.lists()).hasSize(6);
        assertThat(heard.troubles()).isEmpty();
    }

    private static List<Endpoint> endpoints(int weight) {
        return IntStream.range(0, 10_000)
                .mapToObj(i -> Endpoint.of("http://10.0." + i / 250 + "." + i % 250 + ":8080")
                        .withId("replica-" + i)
                        .withWeight(weight)
                        .withZone("eu-1" + "abc".charAt(i % 3))
                        .withPriority(i % 2)
                        .withTag("version", "2")
                        .withTag("build", "" + i))
                .toList();
    }

    private static String json(List<Endpoint> endpoints) {
        return endpoints.stream().map(ManyEndpointsTest::json).collect(Collectors.joining(",\n", "[", "]"));
    }

    private static String json(Endpoint e) {
        return """
                {"uri": "%s", "id": "%s", "weight": %s, "zone": "%s", "priority": %d,
                 "tags": {"version": "%s", "build": "%s"}}""".formatted(
                        e.uri(),
                        e.id(),
                        e.weight(),
                        e.zone().orElseThrow(),
                        e.priority(),
                        e.tags().get("version"),
                        e.tags().get("build"));
    }
}
