package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyedChoiceTest {

    /** 1.25 times the mean, rounded up to a whole call: 13 of 10. */
    @Test
    void noReplicaGetsMoreThanItsShareOfCallsWithCommonKeys() {
        KeyedChoice bounded = KeyedChoice.run(50, 20_000, true, 1);
        assertThat(bounded.fullest()).isLessThanOrEqualTo(1.3);
        assertThat(bounded.atFirst()).isGreaterThan(0.4);
        assertThat(KeyedChoice.run(50, 20_000, false, 1).fullest()).isGreaterThan(5);
    }

    /** Of more than 64 replicas the mean is an estimate from 32 of them. */
    @Test
    void ofManyReplicasTheShareIsEstimated() {
        assertThat(KeyedChoice.run(100, 20_000, true, 1).fullest()).isLessThan(4);
    }

    @Test
    void whenOneIsGoneFewOtherKeysMove() {
        assertThat(KeyedChoice.run(50, 1, true, 1).moved()).isBetween(0.015, 0.025);
        assertThat(KeyedChoice.run(100, 1, true, 1).moved()).isBetween(0.005, 0.02);
    }
}
