package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FleetTest {

    /** 64 answers a batch: 1.4e11 answers, some two weeks at a hundred thousand a second. */
    @Test
    void aClientDoesNotGrowYoungAgainHoweverManyAnswersCome() {
        Fleet fleet = new Fleet();
        fleet.batches(Integer.MAX_VALUE - 1);
        for (int i = 0; i < 1_000; i++) {
            fleet.count(i);
            assertThat(fleet.isYoung(10_000)).isFalse();
        }
    }
}
