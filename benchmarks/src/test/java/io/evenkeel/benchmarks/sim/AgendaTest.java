package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AgendaTest {

    private final Agenda agenda = new Agenda();
    private final List<Integer> happened = new ArrayList<>();

    @Test
    void whatIsEarlierHappensFirst() {
        SplittableRandom random = new SplittableRandom(1);
        List<Long> times = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            agenda.add(random.nextLong(1_000_000), what -> {}, i);
        }
        while (!agenda.isEmpty()) {
            times.add(agenda.firstTime());
            agenda.next();
        }
        assertThat(times).isSorted().hasSize(10_000);
    }

    @Test
    void ofEqualTimesWhatWasPutThereFirstHappensFirst() {
        for (int i = 0; i < 100; i++) {
            agenda.add(i % 2, happened::add, i);
        }
        while (!agenda.isEmpty()) {
            agenda.next();
        }
        assertThat(happened.subList(0, 50)).isSorted().allMatch(i -> i % 2 == 0);
        assertThat(happened.subList(50, 100)).isSorted().allMatch(i -> i % 2 == 1);
    }

    @Test
    void anEventMayPutMoreOnTheAgenda() {
        agenda.add(1, what -> agenda.add(2, happened::add, what + 1), -1);
        agenda.next();
        agenda.next();
        assertThat(happened).containsExactly(0);
        assertThat(agenda.isEmpty()).isTrue();
    }
}
