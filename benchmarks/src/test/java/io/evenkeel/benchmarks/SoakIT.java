package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A few seconds of the ten minutes. */
@Timeout(120)
class SoakIT {

    @Test
    void noCallAndNoSocketIsLeft() throws Exception {
        assertThat(new Soak(true).verdict()).isEqualTo(Soak.NOTHING_LEFT);
    }
}
