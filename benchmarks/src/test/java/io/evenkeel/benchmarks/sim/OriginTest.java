package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Outcome;
import io.evenkeel.benchmarks.sim.Script.Change;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.benchmarks.sim.Script.Course;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
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

    @Test
    void aQueueMayDropThoseWhoseCallersHaveGone() {
        run(Script.of(1).dropping(), 0, 3 * SECOND, at(0, 4), at(0.5, 9), at(2.5, 1));
        assertThat(ends).containsExactly("4 failed at 3", "9 failed at 3.5", "1 well at 5");
    }

    @Test
    void pausesComeAgainAndAgain() {
        List<Change> changes = changes(Course.pauses(seconds(10), seconds(1)), 20_001);
        assertThat(changes)
                .filteredOn(change -> change.condition().speed() == 0)
                .hasSize(10_000);
        for (int i = 1; i < changes.size() - 1; i += 2) {
            assertThat(changes.get(i).condition()).isEqualTo(Condition.STOPPED);
            assertThat(changes.get(i + 1)).isEqualTo(new Change(changes.get(i).atNanos() + SECOND, Condition.WELL));
        }
        // 10,000 exponential gaps: a standard error of 1 %, and 5 of them
        assertThat((changes.getLast().atNanos() - 10_000.0 * SECOND) / SECOND).isCloseTo(100_000, within(5_000.0));
    }

    @Test
    void neighboursLeaveNowThisNowThat() {
        List<Change> changes = changes(Course.neighbours(seconds(30), random -> random.nextInt(1, 3)), 10_000);
        assertThat(changes.getFirst().atNanos()).isZero();
        // A standard error of 1 % for the gaps, of 0.005 for the speeds; 5 of them
        assertThat(changes.getLast().atNanos() / 9_999.0 / SECOND).isCloseTo(30, within(1.5));
        assertThat(changes.stream()
                        .mapToDouble(change -> change.condition().speed())
                        .average()
                        .orElseThrow())
                .isCloseTo(1.5, within(0.025));
    }

    private static List<Change> changes(Course course, int n) {
        return StreamSupport.stream(
                        course.changes(new Streams(1).of(Streams.Purpose.COURSE, 0))
                                .spliterator(),
                        false)
                .limit(n)
                .toList();
    }

    private static double[] at(double seconds, double work) {
        return new double[] {seconds, work};
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private void run(Script script, long delayNanos, long timeoutNanos, double[]... calls) {
        World world = new World(new Streams(1), delayNanos, timeoutNanos, List.of(script), 1);
        Tally tally = new Tally(1, 1, Long.MAX_VALUE, null, List.of());
        for (double[] call : calls) {
            Event comes = nothing -> visit(world, new Errand(tally, 0, "", 0, call[1] * SECOND, false), call[1])
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
