package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.evenkeel.Subset;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The simulator against queueing theory. 2 % is what is asked of it. The mean of N times in an M/M/1 queue has a standard error of
 * sqrt(r (2 + 5r - 4r^2 + r^3) / N) / (1-r)^2 works (Daley, 1968): with 3.2 million measured calls 0.1 % of the mean at r = 0.5, 0.5 %
 * at 0.8, which is what runs with ten seeds show. By the same runs it is 0.1 to 0.4 % in the other tests here, where nothing
 * else is said. So 2 % is four standard errors or more.
 */
class ClosedFormsTest {

    private static final Duration WORK = Duration.ofMillis(10);

    private static double mean(Scenario scenario, Variant variant) {
        return scenario.run(variant, 7).mean() / WORK.toNanos();
    }

    private static Scenario scenario(int replicas, Script script, double load, long calls) {
        return Scenario.of("closed form")
                .replicas(replicas, script)
                .work(Work.exponential(WORK))
                .load(load)
                .calls(calls);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.7, 0.8})
    void oneReplicaIsAnMM1Queue(double load) {
        Figures figures = scenario(1, Script.of(1), load, 4_000_000).run(Variant.policy(Policy.random()), 7);
        double mean = Theory.alone(load) * WORK.toNanos();
        assertThat(figures.mean()).isCloseTo(mean, withinPercentage(2));
        // The time is exponentially distributed. The p99 varies about as much as the mean, and the histogram adds 0.1
        // %.
        assertThat(figures.p50()).isCloseTo(mean * Math.log(2), withinPercentage(3));
        assertThat(figures.p99()).isCloseTo(mean * Math.log(100), withinPercentage(3));
    }

    @Test
    void randomChoiceMakesManyMM1Queues() {
        assertThat(mean(scenario(100, Script.of(1), 0.8, 4_000_000).clients(10), Variant.policy(Policy.random())))
                .isCloseTo(Theory.alone(0.8), withinPercentage(2));
    }

    @Test
    void constantWorkHalvesTheWait() {
        assertThat(mean(
                        scenario(1, Script.of(1), 0.8, 2_000_000).work(Work.constant(WORK)),
                        Variant.policy(Policy.random())))
                .isCloseTo(Theory.constantWork(0.8), withinPercentage(2));
    }

    @Test
    void whenSlotsAreSharedOnlyTheMeanOfTheWorkMatters() {
        Work mixed = Work.mixed(
                0.1, Work.exponential(WORK.multipliedBy(55).dividedBy(10)), Work.constant(WORK.dividedBy(2)));
        assertThat(mean(scenario(1, Script.of(1).sharing(), 0.7, 4_000_000), Variant.policy(Policy.random())))
                .isCloseTo(Theory.alone(0.7), withinPercentage(2));
        // Such work makes the mean vary three times as much: less load makes up for it.
        assertThat(mean(
                        scenario(1, Script.of(1).sharing(), 0.5, 4_000_000).work(mixed),
                        Variant.policy(Policy.random())))
                .isCloseTo(Theory.alone(0.5), withinPercentage(2));
    }

    @ParameterizedTest
    @CsvSource({"2, 0.8", "4, 0.8", "20, 0.9", "100, 0.9", "100, 0.95"})
    void aReplicaOfManySlotsIsOneQueueForAll(int slots, double load) {
        assertThat(mean(scenario(1, Script.of(slots), load, 4_000_000), Variant.policy(Policy.random())))
                .isCloseTo(Theory.oneQueue(slots, load), withinPercentage(2));
    }

    /** The formula is for queues without end: 100 are 0.2, 0.4 and 1.3 % above it, and one run varies by 0.1, 0.2 and 0.3 %, as
     * runs with ten seeds show. So the mean of four runs stays within 2 % by four standard errors or more. */
    @ParameterizedTest
    @CsvSource({"0.5, 500000", "0.7, 1000000", "0.9, 3000000"})
    void twoChoicesOfThoseWhoKnowAllFollowTheFormula(double load, long calls) {
        Scenario scenario = scenario(100, Script.of(1), load, calls).clients(10);
        Comparison comparison = scenario.compare(4, Variant.allKnowingTwoChoices());
        assertThat(comparison
                                .of(Variant.allKnowingTwoChoices().name(), Figures::mean)
                                .mean()
                        / WORK.toNanos())
                .isCloseTo(Theory.choices(2, load), withinPercentage(2));
    }

    /** A single client knows all queues by its own calls: 0.1, 0.3 and 1.2 % above the formula, and a run varies by 0.4 % at 0.9. */
    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.7, 0.9})
    void leastRequestOfASingleClientIsTwoChoicesWithPerfectInformation(double load) {
        assertThat(mean(scenario(100, Script.of(1), load, 1_000_000), Variant.policy(Policy.leastRequest())))
                .isCloseTo(Theory.choices(2, load), withinPercentage(3));
    }

    private static LoadBalancer.Builder ofAll(LoadBalancer.Builder settings) {
        return settings.policy(Policy.leastRequest()).subset(Subset.off());
    }

    /** The same arrivals, works and draws: to the nanosecond. */
    @Test
    void theWholeEngineChoosesAsThePolicyAlone() {
        Scenario scenario = scenario(100, Script.of(1), 0.7, 200_000).clients(10);
        Figures alone = scenario.run(Variant.policy(Policy.leastRequest()), 7);
        assertThat(scenario.run(Variant.engine("leases", ClosedFormsTest::ofAll), 7))
                .isEqualTo(alone);
        assertThat(scenario.run(Variant.repeating("calls", ClosedFormsTest::ofAll), 7))
                .isEqualTo(alone);
    }
}
