package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class OneOfFiveSlowsTest {

    /** The slow one can do 125 calls a second and, by turns, is sent 200. */
    @Test
    void theExampleOfThePageAnswersItsQuestion() {
        List<Comparison> found = OneOfFiveSlows.compare(2, 100_000);
        String stubborn = "no balancer: round robin, 3 retries, no budget";
        assertThat(p99(found.getFirst(), stubborn)).isLessThan(250e6);
        assertThat(p99(found.getLast(), stubborn)).isGreaterThan(500e6);
        assertThat(p99(found.getLast(), "defaults")).isLessThan(p99(found.getLast(), stubborn) / 2);
        assertThat(found.getLast().of("defaults", Figures::lost).mean()).isLessThan(0.001);
    }

    private static double p99(Comparison comparison, String variant) {
        return comparison.of(variant, Figures::p99).mean();
    }
}
