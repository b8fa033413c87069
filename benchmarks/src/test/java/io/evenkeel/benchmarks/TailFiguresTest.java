package io.evenkeel.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TailFiguresTest {

    private static final int ODD = 8081;

    private final TailFigures figures = new TailFigures();

    /** A hundred calls of 1 to 100 times {@code millis}; one of them answered by the odd one. */
    private static OpenLoop.Window window(long millis, double late) {
        int[] ports = new int[100];
        ports[7] = ODD;
        long[] latencies = LongStream.rangeClosed(1, 100)
                .map(rank -> rank * millis * 1_000_000)
                .toArray();
        return new OpenLoop.Window(latencies, late, 0, ports);
    }

    @Test
    void percentilesAreRanks() {
        assertThat(window(1, 0).percentile(50)).isEqualTo(50);
        assertThat(window(1, 0).percentile(99)).isEqualTo(99);
        assertThat(window(1, 0).percentile(0)).isEqualTo(1);
        assertThat(window(1, 0).share(ODD)).isEqualTo(1);
    }

    @Test
    void windowsWithManyLateCallsDoNotCount() {
        figures.add("a", window(1, 0), ODD);
        figures.add("a", window(9, TailFigures.MOST_LATE + 1), ODD);
        figures.add("a", window(1, TailFigures.MOST_LATE), ODD);
        assertThat(figures.median("a", "p99")).isEqualTo(99);
    }

    @Test
    void pairsAreOfWindowsThatCountInBothRows() {
        figures.add("a", window(2, 0), ODD);
        figures.add("a", window(90, 99), ODD);
        figures.add("a", window(2, 0), ODD);
        figures.add("b", window(1, 0), ODD);
        figures.add("b", window(1, 0), ODD);
        figures.add("b", window(90, 99), ODD);
        assertThat(figures.ratio("a", "b").median()).isCloseTo(2, within(1e-9));
    }

    @Test
    void withoutOneWindowThatCountsThereIsNoVerdict() {
        figures.add("a", window(1, 99), ODD);
        Paired none = figures.ratio("a", "a");
        assertThat(Goal.atMost(1, "a / a", none, none).verdict()).isEqualTo("not resolved here");
        figures.addFailed("a, calm", 0);
        figures.add("a, calm", window(1, 99), ODD);
        assertThat(figures.table("calm", List.of("a", "b")).get(1)).startsWith("a", "0 of 1", "-", "-", "-", "0.00");
    }
}
