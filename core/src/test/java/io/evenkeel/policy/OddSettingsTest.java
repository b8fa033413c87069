package io.evenkeel.policy;

import java.time.Duration;
import org.junit.jupiter.api.Nested;

/** The policies that have settings keep what every policy keeps, whatever they are. */
class OddSettingsTest {

    abstract static class ByLatency extends PolicyContract {
        @Override
        int mostLooks() {
            return 14;
        }
    }

    @Nested
    class AdaptiveWithNothingOn extends ByLatency {
        @Override
        Policy policy() {
            return Policy.adaptive()
                    .withMemory(false)
                    .withShrinkage(false)
                    .withCensoring(false)
                    .withDecay(Duration.ofNanos(1))
                    .withReports(false)
                    .withFailureCharge(0);
        }
    }

    @Nested
    class PeakEwmaAsInFinagle extends ByLatency {
        @Override
        Policy policy() {
            return Policy.peakEwma().withFailureCharge(0).withOpenAge(false);
        }
    }
}
