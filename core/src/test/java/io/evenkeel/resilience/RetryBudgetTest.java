package io.evenkeel.resilience;

import static java.util.concurrent.TimeUnit.HOURS;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {

    private static final long SECOND = SECONDS.toNanos(1);
    private static final long FLOOR = 100;

    /** Calls and repeats of a while, counted again in the plainest way. */
    private static final class Trace {

        private final Times calls = new Times();
        private final Times repeats = new Times();
        private final RetryBudget budget;
        private final long origin;
        private long elapsed;

        Trace(long origin) {
            this.origin = origin;
            this.budget = new RetryBudget(origin);
        }

        void pass(long nanos) {
            elapsed += nanos;
        }

        void call() {
            budget.call(origin + elapsed);
            calls.add(elapsed);
        }

        boolean repeat() {
            return repeat(0);
        }

        /** By a thread that read the clock a while ago. */
        boolean repeat(long ago) {
            boolean granted = budget.tryRepeat(origin + elapsed - ago);
            if (granted) {
                repeats.add(elapsed);
                assertThat((double) repeats.after(elapsed - 10 * SECOND))
                        .as("repeats of the last 10 s after %d ns", elapsed)
                        .isLessThanOrEqualTo(0.2 * calls.after(elapsed - 10 * SECOND) + FLOOR);
            } else {
                // It errs by less than a slot on either side.
                assertThat((double) repeats.after(elapsed - 11 * SECOND) + 1)
                        .as("repeats of the last 11 s after %d ns, had it not been refused", elapsed)
                        .isGreaterThan(0.2 * calls.after(elapsed - 9 * SECOND) + FLOOR);
            }
            return granted;
        }
    }

    /** Times in order. */
    private static final class Times {

        private long[] times = new long[1_000];
        private int size;

        void add(long time) {
            times = size == times.length ? Arrays.copyOf(times, 2 * size) : times;
            times[size++] = time;
        }

        int after(long time) {
            int first = 0;
            for (int end = size; first < end; ) {
                int middle = (first + end) >>> 1;
                if (times[middle] > time) {
                    end = middle;
                } else {
                    first = middle + 1;
                }
            }
            return size - first;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 7_777_777_777L, Long.MAX_VALUE - 15_000_000_000L, Long.MIN_VALUE})
    void noTraceOfCallsGetsMoreThanTheBudget(long origin) {
        for (int seed = 0; seed < 12; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Trace trace = new Trace(origin);
            for (int phase = 0; phase < 40; phase++) {
                switch (random.nextInt(5)) {
                    case 0 -> steady(trace, random, random.nextInt(1, 50), 0.02);
                    case 1 -> steady(trace, random, random.nextInt(1, 50), 1);
                    case 2 -> burst(trace, random);
                    case 3 -> trace.pass(random.nextLong(20 * SECOND));
                    default -> trace.pass(random.nextInt(20) == 0 ? HOURS.toNanos(random.nextInt(1, 1_000)) : SECOND);
                }
            }
            assertThat(trace.budget.repeats()).isPositive();
        }
    }

    /** Calls at a rate; a share of them fails, and asks for up to three repeats. */
    private static void steady(Trace trace, SplittableRandom random, int perSecond, double failing) {
        long gap = SECOND / perSecond;
        for (long end = trace.elapsed + random.nextLong(5 * SECOND); trace.elapsed < end; ) {
            trace.call();
            for (int repeat = 0; repeat < 3 && random.nextDouble() < failing; repeat++) {
                trace.repeat(random.nextInt(4) == 0 ? random.nextLong(MILLISECONDS.toNanos(50)) : 0);
            }
            trace.pass(random.nextLong(2 * gap));
        }
    }

    private static void burst(Trace trace, SplittableRandom random) {
        int size = random.nextInt(500);
        for (int i = 0; i < size; i++) {
            trace.call();
        }
        for (int i = 0; i < size; i++) {
            trace.repeat();
        }
    }

    @Test
    void anOutageAfterSteadyTrafficFindsTheWholeCredit() {
        Trace trace = new Trace(0);
        for (int i = 0; i < 60_000; i++) {
            trace.call();
            trace.pass(MILLISECONDS.toNanos(1));
        }
        int granted = 0;
        while (trace.repeat()) {
            granted++;
        }
        // 1,000 calls a second over 9 to 10 s, and the floor.
        assertThat(granted).isBetween(1_800 + 100, 2_000 + 100);
    }

    @Test
    void nothingIsSavedUp() {
        Trace trace = new Trace(0);
        for (int i = 0; i < 10_000; i++) {
            trace.call();
        }
        trace.pass(12 * SECOND);
        int granted = 0;
        while (trace.repeat()) {
            granted++;
        }
        assertThat(granted).isEqualTo(100);
    }

    @Test
    void aQuietClientMayRepeatEveryCall() {
        Trace trace = new Trace(0);
        for (int i = 0; i < 200; i++) {
            trace.call();
            assertThat(trace.repeat()).isTrue();
            trace.pass(SECOND / 5);
        }
    }

    @Test
    void theFloorComesBackWithTime() {
        Trace trace = new Trace(0);
        int granted = 0;
        for (int i = 0; i < 600; i++) {
            granted += trace.repeat() ? 1 : 0;
            trace.pass(SECOND / 10);
        }
        // 10 a second for a minute would be 600; a slot in eleven is the price of the cut.
        assertThat(granted).isBetween(545, 600);
    }

    @Test
    void itCountsWhatItSaw() {
        RetryBudget budget = new RetryBudget(5);
        budget.call(5);
        budget.call(5 + 3 * SECOND);
        assertThat(budget.tryRepeat(5 + 3 * SECOND)).isTrue();
        assertThat(budget.calls()).isEqualTo(2);
        assertThat(budget.repeats()).isEqualTo(1);
    }

    @Test
    void aClockThatStepsBackGrantsNothingMore() {
        RetryBudget budget = new RetryBudget(0);
        int granted = 0;
        for (int i = 0; i < 1_000; i++) {
            granted += budget.tryRepeat((i % 2 == 0 ? 100 : 40) * SECOND) ? 1 : 0;
        }
        assertThat(granted).isEqualTo(100);
        budget.call(-3 * SECOND);
        assertThat(budget.calls()).isEqualTo(1);
    }

    @Test
    void threadsTogetherGetNoMoreThanTheBudget() throws Exception {
        int threads = 4;
        RetryBudget budget = new RetryBudget(0);
        List<long[]> rounds = new ArrayList<>();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            SplittableRandom random = new SplittableRandom(4);
            long now = 0;
            for (int round = 0; round < 300; round++) {
                now += random.nextLong(SECOND);
                long before = budget.repeats();
                long time = now;
                int calls = random.nextInt(100);
                int repeats = random.nextInt(100);
                List<Future<?>> running = new ArrayList<>();
                for (int t = 0; t < threads; t++) {
                    running.add(executor.submit(() -> {
                        for (int i = 0; i < Math.max(calls, repeats); i++) {
                            if (i < calls) {
                                budget.call(time);
                            }
                            if (i < repeats) {
                                budget.tryRepeat(time);
                            }
                        }
                    }));
                }
                for (Future<?> run : running) {
                    run.get();
                }
                rounds.add(new long[] {now, (long) threads * calls, budget.repeats() - before});
                if (budget.repeats() > before) {
                    assertWithinBudget(rounds, now);
                }
            }
        } finally {
            executor.shutdown();
        }
        assertThat(budget.calls())
                .isEqualTo(rounds.stream().mapToLong(r -> r[1]).sum());
    }

    private static void assertWithinBudget(List<long[]> rounds, long now) {
        long calls = 0;
        long repeats = 0;
        for (long[] round : rounds) {
            if (round[0] > now - 10 * SECOND) {
                calls += round[1];
                repeats += round[2];
            }
        }
        assertThat((double) repeats).isLessThanOrEqualTo(0.2 * calls + FLOOR);
    }
}
