package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.benchmarks.sim.Suite.Part;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the library promises of its default policy, on fleets of the suite: with a fifth of the calls, so the interval is wider than on the page. */
class HeadlinesTest {

    private static final List<String> HEADLINES = List.of(
            "1. 100 replicas, 90 %, 1 client",
            "1. 100 replicas, 90 %, 100 clients",
            "2. half at speed 0.5, half at 1.5, 75 %, 100 clients",
            "4. one of 20 at speed 0.1, 60 %, 20 clients",
            "5. one of 20 fails in 0.2 ms, 60 %, 20 clients",
            "6. one of 20 hangs, 60 %, 20 clients");

    @Test
    void whatIsPromisedHolds(@TempDir Path cache) throws Exception {
        List<Part> parts = Suite.parts(0.2).stream()
                .filter(part -> HEADLINES.contains(part.scenario().name()))
                .map(HeadlinesTest::aimedAt)
                .toList();
        assertThat(parts).hasSameSizeAs(HEADLINES);
        List<Comparison> found = new SuiteRun(parts, cache, Duration.ZERO).run(2);
        for (int i = 0; i < parts.size(); i++) {
            for (Aim aim : parts.get(i).aims()) {
                assertThat(aim.found(found.get(i)).mean())
                        .as("%s, %s, %s", parts.get(i).scenario().name(), aim.whose(), aim.what())
                        .isLessThanOrEqualTo(aim.goal());
            }
        }
    }

    /** With those only that something is aimed at, and what they are compared with. */
    private static Part aimedAt(Part part) {
        return new Part(
                part.scenario(),
                part.variants().stream()
                        .filter(variant -> part.aims().stream().anyMatch(aim -> aim.needs(variant.name())))
                        .toList(),
                part.aims());
    }
}
