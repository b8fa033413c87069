package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Outcome;
import io.evenkeel.benchmarks.sim.Script.Condition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By hand: each call is named by its work, and its end noted with the time, both in seconds. */
class OriginTest {

    private static final long SECOND = 1_000_000_000L;

    private final List<String> ends = new ArrayList<>();

    @Test
    void callsQueueForTheSlotsInTheOrderTheyCame() {
        run(Script.of(2), 0, Long.MAX_VALUE, at(0, 4), at(1, 1), at(1.5, 2), at(1.5, 1));
        assertThat(ends).containsExactly("1 well at 2", "4 well at 4", "2 well at 4", "1 well at 5");
    }

    @Test
    void sharedSlotsSlowEverybodyDown() {
        run(Script.of(1).sharing(), 0, Long.MAX_VALUE, at(0, 2), at(1, 2));
        // alone for 1 s; half speed until the first is done at 3; the second has 1 s to go then
        assertThat(ends).containsExactly("2 well at 3", "2 well at 4");
    }

    @Test
    void sharingCostsNothingWhileASlotIsFree() {
        run(Script.of(2).sharing(), 0, Long.MAX_VALUE, at(0, 2), at(1, 2));
        assertThat(ends).containsExactly("2 well at 2", "2 well at 3");
    }

    @Test
    void aChangeOfSpeedReachesCallsUnderWay() {
        run(Script.of(1).at(seconds(1), Condition.WELL.speed(0.5)), 0, Long.MAX_VALUE, at(0, 2), at(0, 1));
        assertThat(ends).containsExactly("2 well at 3", "1 well at 5");
    }

    @Test
    void aStretchReachesOnlyCallsThatBeginLater() {
        run(Script.of(9).at(seconds(1), Condition.slow(3)), 0, Long.MAX_VALUE, at(0, 2), at(1.5, 2));
        assertThat(ends).containsExactly("2 well at 2", "2 well at 7.5");
    }

    @Test
    void aStopIsWaitedOut() {
        Script script = Script.of(1).at(seconds(1), Condition.STOPPED).at(seconds(11), Condition.WELL);
        run(script, 0, Long.MAX_VALUE, at(0, 2), at(2, 1));
        assertThat(ends).containsExactly("2 well at 12", "1 well at 13");
    }

    @Test
    void aFailingOriginFailsEveryCallSoon() {
        run(Script.of(1).starting(Condition.failing(Duration.ofMillis(500))), 0, Long.MAX_VALUE, at(0, 2), at(0, 3));
        assertThat(ends).containsExactly("2 failed at 0.5", "3 failed at 0.5");
    }

    @Test
    void theNetworkTakesItsTimeBothWays() {
        run(Script.of(1), SECOND, Long.MAX_VALUE, at(0, 2));
        assertThat(ends).containsExactly("2 well at 4");
    }

    @Test
    void anAnswerAfterTheTimeoutIsLostAndItsWorkDoneAllTheSame() {
        run(Script.of(1), 0, 3 * SECOND, at(0, 4), at(1, 1), at(4, 1));
        assertThat(ends).containsExactly("4 failed at 3", "1 failed at 4", "1 well at 6");
    }

    private static double[] at(double seconds, double work) {
        return new double[] {seconds, work};
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private void run(Script script, long delayNanos, long timeoutNanos, double[]... calls) {
        World world = new World(new Streams(1), delayNanos, timeoutNanos, List.of(script));
        Tally tally = new Tally(1, Long.MAX_VALUE);
        for (double[] call : calls) {
            Event comes = nothing -> visit(world, new Errand(tally, 0, call[1] * SECOND, false), call[1])
                    .go();
            world.time().after((long) (call[0] * SECOND), comes, 0);
        }
        world.time().run();
    }

    private Visit visit(World world, Errand errand, double work) {
        return new Visit(world.network(), errand, world.origins().getFirst()) {
            @Override
            void ended(Outcome outcome) {
                String how = outcome == Outcome.SUCCESS ? " well at " : " failed at ";
                ends.add(plain(work) + how + plain((double) world.time().now() / SECOND));
            }
        };
    }

    private static String plain(double number) {
        return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
    }
}
