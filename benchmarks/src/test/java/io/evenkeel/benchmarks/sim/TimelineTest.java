package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimelineTest {

    private final Timeline time = new Timeline();
    private final List<Long> ran = new ArrayList<>();

    @Test
    void aTaskRunsAtItsTime() {
        ScheduledFuture<?> task = time.schedule(() -> ran.add(time.now()), 3, TimeUnit.SECONDS);
        assertThat(task.getDelay(TimeUnit.SECONDS)).isEqualTo(3);
        time.execute(() -> ran.add(time.now()));
        time.run();
        assertThat(ran).containsExactly(0L, 3_000_000_000L);
        assertThat(task.isDone()).isTrue();
    }

    @Test
    void aCancelledTaskDoesNotRun() {
        time.schedule(() -> ran.add(time.now()), 1, TimeUnit.SECONDS).cancel(false);
        time.run();
        assertThat(ran).isEmpty();
    }

    @Test
    void timeStandsStillOnceStopped() {
        time.schedule(time::stop, 1, TimeUnit.SECONDS);
        time.schedule(() -> ran.add(time.now()), 2, TimeUnit.SECONDS);
        time.run();
        assertThat(ran).isEmpty();
        assertThat(time.now()).isEqualTo(1_000_000_000L);
    }
}
