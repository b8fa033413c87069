package io.evenkeel.benchmarks.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Breaker;
import io.evenkeel.Outliers;
import io.evenkeel.Retry;
import io.evenkeel.benchmarks.sim.Script.Change;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScenarioTest {

    private static final Variant BARE = Variant.policy(Policy.leastRequest());
    private static final Variant ENGINE = Variant.engine("engine", settings -> settings);
    private static final Variant REPEATING = Variant.repeating("repeating", settings -> settings);

    private static Scenario fleet() {
        return Scenario.of("a fleet")
                .replicas(10, Script.of(2))
                .clients(5)
                .load(0.7)
                .calls(20_000);
    }

    private static Scenario withFailing() {
        return fleet().replicas(1, Script.of(2).starting(Condition.failing(Duration.ofMillis(1))));
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        for (Variant variant : new Variant[] {BARE, ENGINE, REPEATING, Variant.oracle()}) {
            Scenario scenario = withFailing().timeout(Duration.ofMillis(400)).network(Duration.ofNanos(250_000));
            assertThat(scenario.run(variant, 1)).isEqualTo(scenario.run(variant, 1));
            assertThat(scenario.run(variant, 2)).isNotEqualTo(scenario.run(variant, 1));
        }
    }

    private static Scenario zones() {
        return Scenario.of("two zones")
                .replicas(5, Script.of(2).zone("a"))
                .replicas(5, Script.of(2).zone("b"))
                .clients(4)
                .zones("a", "b")
                .load(0.3)
                .calls(40_000)
                .part(Duration.ofSeconds(20), Duration.ofHours(1));
    }

    /** A balancer keeps its calls at home, but for the few that tell it how the others do; a policy alone knows no zones. */
    @Test
    void attemptsToOtherZonesAreCounted() {
        assertThat(zones().run(BARE, 1).parts().getFirst().abroad()).isBetween(0.45, 0.55);
        assertThat(zones().run(ENGINE, 1).parts().getFirst().abroad()).isBetween(0.005, 0.06);
    }

    /** Of ten replicas one fails from 10 s on: a tenth of the calls at random, and none before. */
    @Test
    void partsOfTheTimeAreCountedByThemselves() {
        Script fails = Script.of(2).at(Duration.ofSeconds(10), Condition.failing(Duration.ofMillis(1)));
        Figures figures = Scenario.of("one fails")
                .replicas(9, Script.of(2))
                .replicas(1, fails)
                .callsPerSecond(1_000)
                .calls(20_000)
                .warmUp(0)
                .part(Duration.ZERO, Duration.ofSeconds(10))
                .part(Duration.ofSeconds(10), Duration.ofHours(1))
                .run(Variant.policy(Policy.random()), 1);
        assertThat(figures.parts().get(0).lost()).isZero();
        // 10,000 calls: five sigma of a tenth are 0.015.
        assertThat(figures.parts().get(1).lost()).isBetween(0.085, 0.115);
        assertThat(figures.parts().get(0).p99()).isBetween(20e6, 80e6);
        assertThat(Figures.parse(figures.print())).isEqualTo(figures);
    }

    /** Mean latency 10: what one client loses later than 80 after the start of its first lost call. */
    @Test
    void callsThatBeganAfterTheFirstEvidenceAreCounted() {
        Tally tally = new Tally(1, 2, Long.MAX_VALUE, null, List.of());
        for (long start : new long[] {0, 100, 150, 179, 181, 500}) {
            tally.begin(start);
            tally.ended(start == 0, 0, start, start == 0 ? 10 : 1_000);
        }
        tally.begin(600);
        tally.ended(false, 1, 600, 1_000);
        assertThat(tally.figures(0).lostLater()).isEqualTo(2.0 / 7);
        assertThat(tally.figures(0).lost()).isEqualTo(6.0 / 7);
    }

    @Test
    void everyCallIsCountedOnce() {
        Figures figures = fleet().run(ENGINE, 1);
        assertThat(figures.calls()).isEqualTo(16_000);
        assertThat(figures.errors()).isZero();
        assertThat(figures.repeats()).isZero();
        assertThat(figures.shares().stream().mapToDouble(Double::doubleValue).sum())
                .isBetween(0.999_999, 1.000_001);
    }

    @Test
    void aFailingReplicaIsSeenByWhoeverDoesNotRepeat() {
        double bare = withFailing().run(BARE, 1).errors();
        assertThat(bare).isGreaterThan(0.05);
        assertThat(withFailing().run(ENGINE, 1).errors()).isLessThan(bare / 5);
        Figures repeating = withFailing().run(REPEATING, 1);
        assertThat(repeating.errors()).isZero();
        assertThat(repeating.repeats()).isPositive();
    }

    @Test
    void withoutHealthARepeatGoesElsewhere() {
        Variant stubborn = Variant.repeating(
                "no health",
                settings -> settings.policy(Policy.leastRequest())
                        .breaker(Breaker.off())
                        .outliers(Outliers.off()));
        Figures figures = withFailing().run(stubborn, 1);
        assertThat(figures.errors()).isZero();
        // Two choices like one that always has nothing in flight: it gets more than its share.
        assertThat(figures.repeats()).isGreaterThan(1.0 / 11);
        Variant never = Variant.repeating(
                "no repeats",
                settings -> settings.policy(Policy.leastRequest())
                        .retry(Retry.none())
                        .breaker(Breaker.off())
                        .outliers(Outliers.off()));
        assertThat(withFailing().run(never, 1).errors()).isGreaterThan(1.0 / 11);
    }

    @Test
    void callsThatHangAreLostInTheEnd() {
        Scenario scenario = fleet().replicas(1, Script.of(2).at(Duration.ofSeconds(1), Condition.STOPPED));
        Figures endless = scenario.run(Variant.policy(Policy.random()), 1);
        assertThat(endless.errors()).isBetween(0.06, 0.12);
        assertThat(endless.p50()).isLessThan(50e6);
        assertThat(endless.p99()).isInfinite();
        assertThat(endless.mean()).isInfinite();
        Figures cut = scenario.timeout(Duration.ofSeconds(1)).run(Variant.policy(Policy.random()), 1);
        assertThat(cut.errors()).isBetween(0.06, 0.12);
        assertThat(cut.p99()).isLessThan(1e9);
    }

    @Test
    void aCourseMayBeEndless() {
        Script pausing = Script.of(2)
                .through(random -> () -> Stream.iterate(0, i -> i + 1)
                        .map(i -> new Change(i * 100_000_000L, i % 2 == 0 ? Condition.WELL : Condition.STOPPED))
                        .iterator());
        Scenario scenario =
                Scenario.of("pauses").replicas(10, pausing).load(0.3).calls(20_000);
        assertThat(scenario.run(BARE, 1).p99()).isGreaterThan(100e6);
        assertThat(fleet().run(BARE, 1).p99()).isLessThan(100e6);
    }

    @Test
    void whereNothingHappensNobodyStops() {
        Scenario scenario = fleet().replicas(1, Script.of(2).at(Duration.ofSeconds(1), Condition.STOPPED));
        Variant.Bare random = Variant.policy(Policy.random());
        assertThat(scenario.run(random, 1).p99()).isInfinite();
        assertThat(scenario.run(random.undisturbed(), 1))
                .isEqualTo(fleet().replicas(1, Script.of(2)).run(random, 1));
    }

    @Test
    void aRatioIsTakenSeedBySeed() {
        Comparison comparison =
                fleet().clients(1).compare(3, Variant.oracle(), BARE, Variant.policy("random", Policy.random()));
        assertThat(comparison.ratio("random", BARE.name(), Figures::mean).low()).isGreaterThan(1);
        assertThat(comparison
                        .ratio(BARE.name(), Variant.oracle().name(), Figures::mean)
                        .low())
                .isGreaterThan(1);
        assertThat(comparison.toString().lines()).hasSize(5);
        assertThat(comparison.json()).startsWith("{\"scenario\":\"a fleet\"").contains("\"p999\":");
    }

    /** Half loaded, one replica is overloaded by half in the rush, and 250 calls wait at its end. */
    @Test
    void inARushMoreCallsCome() {
        Scenario calm = Scenario.of("calm")
                .replicas(1, Script.of(1))
                .callsPerSecond(50)
                .calls(1_000)
                .warmUp(0);
        Variant random = Variant.policy(Policy.random());
        double usual = calm.run(random, 1).p99();
        Scenario rushed = calm.rush(Duration.ofSeconds(5), Duration.ofSeconds(5), 3);
        assertThat(rushed.run(random, 1).p99()).isGreaterThan(10 * usual);
    }

    @Test
    void gapsHaveTheirMean() {
        RandomGenerator random = new Streams(1).of(Streams.Purpose.ARRIVALS, 0);
        for (Gaps gaps : List.of(Gaps.poisson(), Gaps.even(), Gaps.bursts(10))) {
            // The most variable, bursts of 10, have a standard deviation of sqrt(2 * 10 - 1) = 4.4: 0.0044 for a
            // million's mean.
            double mean = DoubleStream.generate(() -> gaps.next(random))
                    .limit(1_000_000)
                    .average()
                    .orElseThrow();
            assertThat(mean).isCloseTo(1, within(5 * 0.0044));
        }
    }

    @Test
    void aBadSettingIsNamedWithItsRange() {
        assertThatThrownBy(() -> fleet().load(0)).hasMessage("load is 0.0, but must be above 0 and finite");
        assertThatThrownBy(() -> fleet().clients(0)).hasMessage("clients is 0, but must be at least 1");
        assertThatThrownBy(() -> fleet().warmUp(1)).hasMessageContaining("warmUp is 1.0");
        assertThatThrownBy(() -> Script.of(0)).hasMessageContaining("slots is 0");
        assertThatThrownBy(() -> Condition.WELL.speed(-1)).hasMessageContaining("speed is -1.0");
        assertThatThrownBy(() -> Condition.slow(0)).hasMessageContaining("stretch is 0.0");
        assertThatThrownBy(() -> Scenario.of("nobody").run(BARE, 1)).hasMessageContaining("call replicas");
        Scenario endless = Scenario.of("endless").replicas(1, Script.of(Script.UNLIMITED));
        assertThatThrownBy(() -> endless.run(BARE, 1)).hasMessageContaining("set callsPerSecond");
    }

    /** The balancer's own deadline ends a call that hangs, and the call is abandoned at its origin. */
    @Test
    void aBalancersDeadlineEndsCallsThatHang() {
        Variant bounded = Variant.repeating(
                "bounded",
                settings -> settings.policy(Policy.leastRequest())
                        .deadline(Duration.ofMillis(300))
                        .retry(Retry.none()));
        Scenario scenario = fleet().replicas(1, Script.of(2).starting(Condition.STOPPED));
        Figures figures = scenario.run(bounded, 1);
        assertThat(figures.errors()).isBetween(0.0001, 0.05);
        assertThat(figures.shares().getLast()).isLessThan(0.05);
    }

    @Test
    void whereNothingWasAnsweredThereAreNoTimes() {
        Comparison comparison = Scenario.of("dead")
                .replicas(1, Script.of(1).starting(Condition.STOPPED))
                .callsPerSecond(10)
                .timeout(Duration.ofSeconds(1))
                .calls(100)
                .compare(1, BARE);
        assertThat(comparison.of(BARE.name(), Figures::errors).mean()).isEqualTo(1);
        assertThat(comparison.of(BARE.name(), Figures::p99).mean()).isNaN();
        assertThat(comparison.json()).contains("\"mean\":null");
    }
}
