package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.benchmarks.sim.PolicyClient.Habits;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** By hand: a call of 10 ms every 100 ms, always to the first replica, and if hedged to the second. */
class HedgesTest {

    private static final double WORK = 10e6;
    private static final long GAP = 100_000_000;
    /** What is above 1.25 * 2^23 ns takes longer than 10 ms for sure. */
    private static final long WAIT = 10_485_760;

    private static final Script MANY = Script.of(Script.UNLIMITED);

    private final List<String> told = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();

    @Test
    void noCallIsHedgedBeforeFiftyAnswers() {
        assertThat(run(stopsAfter(49), MANY, 60)).hasSize(49);
        assertThat(told).hasSize(49);
    }

    @Test
    void aCallThatTakesLongerThanMostGoesToAnotherReplicaToo() {
        assertThat(run(stopsAfter(50), MANY, 51)).hasSize(51).endsWith(10_000_000L, WAIT + 10_000_000L);
    }

    @Test
    void theLoserEndsIgnoredAndNothingIsLeftInFlight() {
        run(stopsAfter(50).at(Duration.ofSeconds(9), Condition.WELL), MANY, 51);
        // What the first replica answers in the end is heard by nobody.
        assertThat(told.subList(50, told.size()))
                .containsExactly("1 SUCCESS 10000000 of 5010485760", "0 IGNORED 20485760 of 5000000000");
        assertThat(candidates).extracting(Candidate::inFlight).containsExactly(0, 0);
    }

    @Test
    void theFirstAttemptMayWin() {
        assertThat(run(MANY.at(after(50), Condition.slow(1.5)), MANY, 51)).endsWith(15_000_000L);
        assertThat(told.subList(50, told.size()))
                .containsExactly("0 SUCCESS 15000000 of 5000000000", "1 IGNORED 4514240 of 5010485760");
        assertThat(candidates).extracting(Candidate::inFlight).containsExactly(0, 0);
    }

    @Test
    void aFailureIsWaitedOutWhileTheOtherAttemptIsOpen() {
        Condition failing = Condition.failing(Duration.ofMillis(15));
        assertThat(run(MANY.at(after(50), failing), MANY, 51)).hasSize(51).endsWith(WAIT + 10_000_000L);
        assertThat(told.subList(50, told.size()))
                .containsExactly("0 FAILURE 15000000 of 5000000000", "1 SUCCESS 10000000 of 5010485760");
    }

    @Test
    void aCallFailsOnceIfBothAttemptsDo() {
        Script failing = MANY.at(after(50), Condition.failing(Duration.ofMillis(15)));
        assertThat(run(failing, failing, 51)).hasSize(51).endsWith(-(WAIT + 15_000_000L));
        assertThat(candidates).extracting(Candidate::inFlight).containsExactly(0, 0);
    }

    /** Of a thousand calls 950 hang; one in twenty may be hedged. 50 earnings of 0.05 may be a hair less than what they should. */
    @Test
    void hedgesAreAtMostTheirShareOfTheCalls() {
        assertThat(run(stopsAfter(50), MANY, 1_000).size() - 50).isBetween(49, 50);
    }

    @Test
    void whereThereIsNoOtherReplicaNothingIsHedged() {
        World world = world(List.of(stopsAfter(50)));
        assertThat(run(world, 60)).hasSize(50);
        assertThat(candidates.getFirst().inFlight()).isEqualTo(10);
    }

    /**
     * A fiftieth of the calls goes to one that hangs, and is hedged: of 16,000 that are measured 320, with a deviation of
     * 17.7, of which five are 89. The histogram of the figures has three digits.
     */
    @Test
    void aFleetOfWhichOneStopsAnswersAfterAWaitAndOneMoreLatency() {
        Scenario scenario = Scenario.of("a fleet")
                .replicas(49, MANY)
                .replicas(1, MANY.starting(Condition.STOPPED))
                .work(Work.constant(Duration.ofMillis(10)))
                .callsPerSecond(1_000)
                .timeout(Duration.ofSeconds(1))
                .calls(20_000);
        Variant.Bare random = Variant.policy(Policy.random());
        assertThat(scenario.run(random, 1).errors()).isCloseTo(0.02, within(89.0 / 16_000));
        Figures hedged = scenario.run(random.hedging(Hedges.defaults()), 1);
        assertThat(hedged.errors()).isZero();
        assertThat(hedged.p999()).isCloseTo(WAIT + 10_000_000, within(25_000.0));
        assertThat(hedged.repeats()).isCloseTo(0.02, within(89.0 / 16_000)).isLessThan(0.05);
    }

    @Test
    void aQuantileIsTheUpperEndOfItsBucket() {
        Quantile quantile = new Quantile(0.95);
        add(quantile, 94, 10_000_000);
        add(quantile, 5, 100_000_000);
        assertThat(quantile.nanos()).isEqualTo(100_663_296); // 1.5 * 2^26; more than a twentieth is there
        add(quantile, 2, 10_000_000);
        assertThat(quantile.nanos()).isEqualTo(WAIT);
    }

    @Test
    void aQuantileForgets() {
        Quantile quantile = new Quantile(0.95);
        add(quantile, 1_000, 100_000_000);
        add(quantile, 3_000, 10_000_000);
        assertThat(quantile.nanos()).isEqualTo(100_663_296); // 62 of 937 are left
        add(quantile, 1_000, 10_000_000);
        assertThat(quantile.nanos()).isEqualTo(WAIT); // 31 of 968
    }

    @Test
    void badSettingsAreNamed() {
        assertThatThrownBy(() -> new Hedges(1, 0.05)).hasMessageContaining("percentile is 1.0");
        assertThatThrownBy(() -> new Hedges(0.5, 0)).hasMessageContaining("share 0.0");
    }

    private static void add(Quantile quantile, int times, long nanos) {
        for (int i = 0; i < times; i++) {
            quantile.add(nanos);
        }
    }

    private static Script stopsAfter(int calls) {
        return MANY.at(after(calls), Condition.STOPPED);
    }

    /** When so many have been answered, and the next is not made yet. */
    private static Duration after(int calls) {
        return Duration.ofNanos(calls * GAP - GAP / 2);
    }

    private static World world(List<Script> scripts) {
        return new World(new Streams(1), 0, Long.MAX_VALUE, scripts, WORK);
    }

    private List<Long> run(Script first, Script second, int calls) {
        return run(world(List.of(first, second)), calls);
    }

    /** What calls took that ended, in the order they ended; less than 0 if they failed. */
    private List<Long> run(World world, int calls) {
        List<Long> took = new ArrayList<>();
        Habits habits = new Habits(null, Integer.MAX_VALUE, Repeats.NONE, Hedges.defaults(), 0);
        PolicyClient client = new PolicyClient(world, first(), habits, 0);
        for (int i = 0; i < calls; i++) {
            world.time().after(i * GAP, nothing -> client.call(errand(world, took)), 0);
        }
        world.time().run();
        return took;
    }

    private static Errand errand(World world, List<Long> took) {
        long start = world.time().now();
        return new Errand(new Tally(2, 1, Long.MAX_VALUE, null, List.of()), 0, "", start, WORK, true) {
            @Override
            void ended(boolean well, long nowNanos) {
                long nanos = nowNanos - start;
                took.add(well ? nanos : -nanos);
            }
        };
    }

    /** The first that was not tried. */
    private Policy first() {
        return (all, previous, now, random) -> {
            candidates.addAll(all);
            return new First();
        };
    }

    private final class First implements Selector {

        @Override
        public int select(Call call, long nowNanos, RandomGenerator random) {
            Optional<Candidate> first = candidates.stream()
                    .filter(candidate -> !call.tried(candidate.endpoint()))
                    .findFirst();
            return first.map(candidates::indexOf).orElse(-1);
        }

        @Override
        public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {
            told.add(candidates.indexOf(candidate) + " " + outcome + " " + latencyNanos + " of "
                    + (nowNanos - latencyNanos));
        }
    }
}
