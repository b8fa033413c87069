package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GaugeTest {

    private final Gauge gauge = new Gauge(1_000);

    @Test
    void atFirstItKnowsWhatACallAloneTakes() {
        assertThat(gauge.median(0)).isEqualTo(1_000);
        assertThat(gauge.mean(7)).isEqualTo(1_000);
    }

    @Test
    void itTellsOfCallsThatFoundAsManyOthers() {
        for (int nanos : new int[] {100, 200, 900}) {
            gauge.took(2, nanos);
        }
        gauge.took(3, 5_000);
        assertThat(gauge.median(2)).isEqualTo(200);
        assertThat(gauge.mean(2)).isEqualTo(400);
        assertThat(gauge.median(3)).isEqualTo(5_000);
    }

    @Test
    void onlyTheLastSixteenCount() {
        gauge.took(0, 1_000_000);
        for (int i = 0; i < 16; i++) {
            gauge.took(0, 10);
        }
        assertThat(gauge.mean(0)).isEqualTo(10);
    }

    @Test
    void anUnknownLevelIsScaledFromTheNearest() {
        gauge.took(3, 400);
        assertThat(gauge.median(7)).isEqualTo(800);
        assertThat(gauge.median(0)).isEqualTo(100);
        gauge.took(16, 1_700);
        assertThat(gauge.median(17)).as("same eighth of an octave").isEqualTo(1_700);
        assertThat(gauge.median(33)).isEqualTo(3_400);
        assertThat(gauge.median(Integer.MAX_VALUE)).isPositive();
    }
}
