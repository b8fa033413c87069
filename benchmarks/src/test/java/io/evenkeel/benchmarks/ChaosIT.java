package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A few of the real faults, for a short time each. */
class ChaosIT {

    private static final Set<String> SOME = Set.of(
            "one of five is killed",
            "one of five accepts, and hangs, calls not to be repeated",
            "each is replaced in turn");

    @Test
    void callersSeeNothingOfWhatMayBeHiddenAndNothingIsExecutedTwice() throws Exception {
        List<List<String>> rows = Chaos.unhurried().rows(SOME);
        assertThat(rows).hasSize(1 + SOME.size());
        assertThat(rows.subList(1, rows.size())).allMatch(row -> row.getLast().equals(Chaos.WELL_BORNE));
    }
}
