package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenCallsTest {

    private static final long SECOND = 1_000_000_000;

    private final OpenCalls calls = new OpenCalls();
    private final SplittableRandom random = new SplittableRandom(Seeds.of(5));

    /** Each start and each reading is rounded to 1,024 ns. The clock may begin anywhere, and overflow. */
    @ParameterizedTest
    @ValueSource(longs = {0, -5, 1L << 43, Long.MAX_VALUE - 3 * SECOND, Long.MIN_VALUE, -(1L << 53)})
    void agesAreTheSumOfThoseOfTheOpenCalls(long start) {
        List<Long> open = new ArrayList<>();
        long now = start;
        for (int i = 0; i < 2_000; i++) {
            now += random.nextInt(2_000_000);
            if (open.isEmpty() || random.nextInt(100) < 52) {
                calls.began(now);
                open.add(now);
            } else {
                calls.ended(open.remove(random.nextInt(open.size())));
            }
            double ages = 0;
            for (long began : open) {
                ages += now - began;
            }
            assertThat(OpenCalls.open(calls.reading())).isEqualTo(open.size());
            assertThat(OpenCalls.ageNanos(calls.reading(), now)).isCloseTo(ages, within(1_024.0 * (open.size() + 1)));
        }
        open.forEach(calls::ended);
        assertThat(calls.isClear()).isTrue();
        assertThat(OpenCalls.ageNanos(calls.reading(), now)).isZero();
        assertThat(calls.meanAgeNanos(now)).isZero();
    }

    @Test
    void aClockThatGoesBackMakesNothingYounger() {
        calls.began(5 * SECOND);
        assertThat(OpenCalls.ageNanos(calls.reading(), SECOND)).isZero();
        calls.ended(5 * SECOND);
        assertThat(calls.isClear()).isTrue();
    }

    @Test
    void aHundredCallsMayHangForADay() {
        for (int i = 0; i < 100; i++) {
            calls.began(i);
        }
        assertThat(calls.meanAgeNanos(86_400 * SECOND)).isCloseTo(86_400e9, within(1e7));
    }

    @Test
    void nothingIsLostWhateverThreadsDo() throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                int seed = thread;
                running.add(executor.submit(() -> {
                    SplittableRandom own = new SplittableRandom(seed);
                    for (int i = 0; i < 50_000; i++) {
                        long start = own.nextLong();
                        calls.began(start);
                        calls.ended(start);
                    }
                }));
            }
            for (Future<?> run : running) {
                run.get();
            }
        } finally {
            executor.shutdown();
        }
        assertThat(calls.isClear()).isTrue();
    }
}
