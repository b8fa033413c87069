package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class PeakEwmaTest extends PolicyContract {

    private static final long MILLIS = 1_000_000;
    private static final long SECOND = 1_000 * MILLIS;
    private static final PeakEwma FINAGLES =
            Policy.peakEwma().withFailureCharge(0).withOpenAge(false);

    private final List<FakeReplica> fleet = fleet(3);

    @Override
    Policy policy() {
        return Policy.peakEwma();
    }

    /** In flight and last started, of two. */
    @Override
    int mostLooks() {
        return 4;
    }

    private Selector selector(PeakEwma policy) {
        fleet.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
        return policy.selector(List.copyOf(fleet), Optional.empty(), 0, random);
    }

    private void call(Selector selector, int replica, Outcome outcome, long latency, long end) {
        selector.started(fleet.get(replica), end - latency);
        selector.answered(fleet.get(replica), outcome, latency, end);
    }

    private double millis(Selector selector, int replica, long now) {
        return selector.score(fleet.get(replica), now) * 1_000;
    }

    /** Floats, and steps of 1.05 ms in which time is counted. */
    private static Percentage about() {
        return Percentage.withPercentage(0.1);
    }

    @Test
    void thePeakIsTheCost() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        call(selector, 0, Outcome.SUCCESS, 700 * MILLIS, 2 * SECOND);
        assertThat(millis(selector, 0, 2 * SECOND)).isCloseTo(700, about());
    }

    @Test
    void thePeakDecaysToAThirdInTenSeconds() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 700 * MILLIS, SECOND);
        for (int k = 1; k < 6; k++) {
            assertThat(millis(selector, 0, (1 + 10 * k) * SECOND)).isCloseTo(700 * Math.exp(-k), about());
        }
        Selector hasty = selector(Policy.peakEwma().withDecay(Duration.ofSeconds(1)));
        call(hasty, 0, Outcome.SUCCESS, 700 * MILLIS, SECOND);
        assertThat(millis(hasty, 0, 3 * SECOND)).isCloseTo(700 * Math.exp(-2), about());
    }

    @Test
    void aLowerLatencyCountsTheMoreTheLongerNoneHasCome() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 700 * MILLIS, SECOND);
        call(selector, 0, Outcome.SUCCESS, 100 * MILLIS, 11 * SECOND);
        double kept = Math.exp(-1);
        assertThat(millis(selector, 0, 11 * SECOND)).isCloseTo(700 * kept + 100 * (1 - kept), about());
    }

    @Test
    void theCostGrowsWithTheCallsInFlight() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 700 * MILLIS, SECOND);
        fleet.get(0).inFlight = 3;
        assertThat(millis(selector, 0, SECOND)).isCloseTo(4 * 700, about());
    }

    @Test
    void anUnknownReplicaGetsOneCallAndThenComesLast() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 700 * MILLIS, SECOND);
        call(selector, 1, Outcome.SUCCESS, 5 * MILLIS, SECOND);
        assertThat(millis(selector, 2, SECOND)).isZero();
        selector.started(fleet.get(2), SECOND);
        fleet.get(2).inFlight = 1;
        for (int i = 0; i < 100; i++) {
            assertThat(selector.select(Call.any(), SECOND + i, random)).isNotEqualTo(2);
        }
    }

    @Test
    void aFailureIsChargedWithTenMeanLatencies() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        call(selector, 1, Outcome.FAILURE, MILLIS, SECOND);
        call(selector, 2, Outcome.OVERLOADED, MILLIS, SECOND);
        assertThat(millis(selector, 1, SECOND)).isCloseTo(200, about());
        assertThat(millis(selector, 2, SECOND)).isCloseTo(200, about());
    }

    @Test
    void aFailureBeforeAnySuccessIsChargedWithASecond() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 1, Outcome.FAILURE, MILLIS, SECOND);
        assertThat(millis(selector, 1, SECOND)).isCloseTo(1_000, about());
    }

    @Test
    void aReplicaThatHangsCostsWhatItsCallsHaveWaited() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        selector.started(fleet.get(0), SECOND);
        fleet.get(0).inFlight = 1;
        assertThat(millis(selector, 0, 2 * SECOND)).isCloseTo(2 * 1_000, about());
    }

    @Test
    void aCancelledCallIsNewsIfItTookLongOnly() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        call(selector, 0, Outcome.IGNORED, MILLIS, 11 * SECOND);
        assertThat(millis(selector, 0, 11 * SECOND)).isCloseTo(20 * Math.exp(-1), about());
        call(selector, 0, Outcome.IGNORED, 300 * MILLIS, 12 * SECOND);
        assertThat(millis(selector, 0, 12 * SECOND)).isCloseTo(300, about());
    }

    @Test
    void asInFinagleAFailureCostsItsTimeAndAHangNothing() {
        Selector selector = selector(FINAGLES);
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        call(selector, 1, Outcome.FAILURE, MILLIS, SECOND);
        assertThat(millis(selector, 1, SECOND)).isCloseTo(1, about());
        selector.started(fleet.get(0), SECOND);
        fleet.get(0).inFlight = 1;
        assertThat(millis(selector, 0, 11 * SECOND)).isCloseTo(2 * 20 * Math.exp(-1), about());
    }

    @Test
    void whatIsKnownSurvivesANewList() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        Selector next = policy().selector(List.copyOf(fleet.subList(0, 2)), Optional.of(selector), SECOND, random);
        call(next, 1, Outcome.FAILURE, MILLIS, SECOND);
        assertThat(millis(next, 0, SECOND)).isCloseTo(20, about());
        assertThat(millis(next, 1, SECOND)).isCloseTo(200, about());
    }

    /** What it did before had its consequence; with the peak of a failure it would get nothing for most of its ramp. */
    @Test
    void ofAReplicaThatReturnsNothingIsKnown() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 20 * MILLIS, SECOND);
        call(selector, 1, Outcome.FAILURE, MILLIS, SECOND);
        selector.returned(fleet.get(1));
        assertThat(millis(selector, 1, SECOND)).isZero();
        call(selector, 1, Outcome.SUCCESS, 30 * MILLIS, 2 * SECOND);
        assertThat(millis(selector, 1, 2 * SECOND)).isCloseTo(30, about());
    }

    /** The cost must not stand still where answers come more often than the clock of the decay ticks. */
    @Test
    void aPeakDecaysUnderManyCalls() {
        Selector selector = selector(Policy.peakEwma());
        call(selector, 0, Outcome.SUCCESS, 700 * MILLIS, SECOND);
        for (long now = SECOND; now < 31 * SECOND; now += 100_000) {
            call(selector, 0, Outcome.SUCCESS, MILLIS, now);
        }
        assertThat(millis(selector, 0, 31 * SECOND)).isCloseTo(1 + 699 * Math.exp(-3), within(0.5));
    }

    @Test
    void settingsAreInRangeOrRefused() {
        PeakEwma defaults = Policy.peakEwma();
        assertThat(defaults).isEqualTo(new PeakEwma(Duration.ofSeconds(10), 10, true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> defaults.withFailureCharge(Double.NaN))
                .withMessage("failureCharge is NaN, but must be 0.0 to 1000.0");
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withFailureCharge(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withDecay(Duration.ZERO));
        assertThatIllegalArgumentException().isThrownBy(() -> defaults.withDecay(Duration.ofDays(2)));
    }
}
