package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.benchmarks.sim.PolicyClient.Habits;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** By hand: calls of less than 50 are light. */
class ClassesTest {

    private static final long MILLI = 1_000_000;

    @Test
    void aLatencyIsToldAsARatioToThatOfItsClass() {
        Classes classes = new Classes(50);
        classes.answered(5, 10);
        classes.answered(55, 100);
        // The mean of all is 55.
        assertThat(classes.told(5, 20)).isEqualTo(110);
        assertThat(classes.told(55, 50)).isEqualTo(28);
    }

    @Test
    void aClassOfWhichNothingIsKnownIsToldAsItIs() {
        Classes classes = new Classes(50);
        assertThat(classes.told(55, 70)).isEqualTo(70);
        classes.answered(5, 10);
        assertThat(classes.told(55, 70)).isEqualTo(70);
        assertThat(classes.told(5, 10)).isEqualTo(10);
    }

    @Test
    void aClassFollowsItsLastCalls() {
        Classes classes = new Classes(50);
        for (int i = 0; i < 1_000; i++) {
            classes.answered(5, i < 500 ? 10 : 20);
        }
        assertThat(classes.told(5, 20)).isEqualTo(20);
    }

    /** The policy keeps count of open calls by when they began. */
    @Test
    void aCallBeganWhenItDidHoweverLongItIsToldToHaveTaken() {
        List<String> told = new ArrayList<>();
        Policy policy = (all, previous, now, random) -> new Selector() {
            @Override
            public int select(Call call, long nowNanos, RandomGenerator chance) {
                return 0;
            }

            @Override
            public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {
                told.add(latencyNanos / MILLI + " of " + (nowNanos - latencyNanos) / MILLI);
            }
        };
        World world = new World(new Streams(1), 0, Long.MAX_VALUE, List.of(Script.of(1)), 10 * MILLI);
        Habits habits = new Habits(null, Integer.MAX_VALUE, Repeats.NONE, null, 50 * MILLI);
        PolicyClient client = new PolicyClient(world, policy, habits, 0);
        Tally tally = new Tally(1, 1, Long.MAX_VALUE, null, List.of());
        long[] works = {5, 55, 5, 55};
        for (int i = 0; i < works.length; i++) {
            long start = i * (100 * MILLI);
            Errand errand = new Errand(tally, 0, "", start, works[i] * MILLI, true);
            world.time().after(start, nothing -> client.call(errand), 0);
        }
        world.time().run();
        // Each takes the mean of its class; that of all is 5, then 30, then 65 / 3.
        assertThat(told).containsExactly("5 of 0", "55 of 100", "30 of 200", "21 of 300");
    }
}
