package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.evenkeel.benchmarks.sim.Suite.Part;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteTest {

    private static final Path COMMITTED = Path.of("src/test/resources/simulated.csv");

    /**
     * A short run of every scenario and variant, one seed each, gives what is committed. Where a policy or the engine chooses
     * otherwise on purpose, -Dsim.renew=true writes the file anew; what changed is then seen in its difference.
     */
    @Test
    void everyScenarioRunsAsCommitted() throws IOException {
        List<String> found = new ArrayList<>();
        for (Part part : Suite.parts(0.01)) {
            for (Variant variant : part.variants()) {
                Figures figures = part.scenario().run(variant, 1);
                found.add(String.format(
                        Locale.ROOT,
                        "%s; %s; %.0f; %.0f; %.6f; %.6f",
                        part.scenario().name(),
                        variant.name(),
                        figures.mean(),
                        figures.p99(),
                        figures.lost(),
                        figures.repeats()));
            }
        }
        if (Boolean.getBoolean("sim.renew")) {
            Files.createDirectories(COMMITTED.getParent());
            Files.write(COMMITTED, found);
        }
        assertThat(found)
                .as("if this was meant to change: -Dsim.renew=true writes %s", COMMITTED)
                .containsExactlyElementsOf(Files.readAllLines(COMMITTED));
    }

    @Test
    void whatWasRunIsNotRunAgain(@TempDir Path cache) throws Exception {
        Scenario scenario = Scenario.of("a fleet").replicas(10, Script.of(1)).calls(1_000);
        List<Integer> runs = new ArrayList<>();
        Variant counted = Variant.knowing("counted", world -> {
            runs.add(1);
            return Policy.random();
        });
        List<Part> parts = List.of(new Part(scenario, List.of(Variant.oracle(), counted), List.of()));
        Comparison first = new SuiteRun(parts, cache, Duration.ZERO).run(1).getFirst();
        Comparison second = new SuiteRun(parts, cache, Duration.ZERO).run(1).getFirst();
        assertThat(second).isEqualTo(first);
        assertThat(runs).hasSize(5);
    }

    @Test
    void whatIsAimedAtRunsUntilItIsKnownWithinOnePercent(@TempDir Path cache) throws Exception {
        Scenario scenario = Scenario.of("a fleet").replicas(10, Script.of(1)).calls(1_000);
        Variant random = Variant.policy(Policy.random());
        Aim.Figure mean = Aim.Figure.ratio(Variant.oracle(), Figures::mean);
        Part vague = new Part(
                scenario,
                List.of(Variant.oracle(), random, Variant.policy(Policy.roundRobin())),
                List.of(Aim.of(random.name(), "mean", mean, 10, 1)));
        Part sure = new Part(
                scenario,
                List.of(Variant.oracle()),
                List.of(Aim.of(Variant.oracle().name(), "mean", mean, 1, 0.5)));
        List<Comparison> found = new SuiteRun(List.of(vague, sure), cache, Duration.ofDays(1)).run(2);
        assertThat(found.getFirst().runs().get(random.name())).hasSize(20);
        assertThat(found.getFirst().runs().get("round robin")).hasSize(5);
        assertThat(found.getLast().runs().get(Variant.oracle().name())).hasSize(5);
        assertThat(vague.aims().getFirst().verdict(found.getFirst())).isEqualTo("met");
        assertThat(sure.aims().getFirst().verdict(found.getLast())).isEqualTo("met");
        assertThat(sure.aims().getFirst().found(found.getLast()).mean()).isCloseTo(1, withinPercentage(0.001));
    }
}
