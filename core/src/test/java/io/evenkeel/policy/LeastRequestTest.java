package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static io.evenkeel.policy.FakeReplica.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeastRequestTest extends PolicyContract {

    @Override
    Policy policy() {
        return Policy.leastRequest();
    }

    /** In flight and last started, of two. */
    @Override
    int mostLooks() {
        return 4;
    }

    private int next(Selector selector) {
        return selector.select(Call.any(), 0, random);
    }

    static List<Arguments> closedForms() {
        return List.of(
                Arguments.of(new double[] {1, 1, 1}, new int[] {0, 0, 0}, new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0}),
                // The busy one is drawn with one that is not, always; the others take each other's half.
                Arguments.of(new double[] {1, 1, 1}, new int[] {1, 0, 0}, new double[] {0, 0.5, 0.5}),
                Arguments.of(new double[] {1, 1}, new int[] {1, 0}, new double[] {0, 1}),
                Arguments.of(
                        new double[] {1, 1, 1, 1}, new int[] {2, 1, 0, 0}, new double[] {0, 1 / 6.0, 5 / 12.0, 5 / 12.0
                        }),
                Arguments.of(new double[] {2, 1}, new int[] {0, 0}, new double[] {2 / 3.0, 1 / 3.0}),
                // (1 + 1) / 2 = (0 + 1) / 1: the one drawn first.
                Arguments.of(new double[] {2, 1}, new int[] {1, 0}, new double[] {2 / 3.0, 1 / 3.0}),
                Arguments.of(new double[] {2, 1, 1}, new int[] {1, 0, 0}, new double[] {0.5, 0.25, 0.25}),
                Arguments.of(new double[] {2, 1}, new int[] {2, 0}, new double[] {0, 1}));
    }

    @ParameterizedTest
    @MethodSource("closedForms")
    void theSharesAreTheClosedForm(double[] weights, int[] inFlight, double[] shares) {
        List<FakeReplica> fleet = weighted(weights);
        for (int i = 0; i < inFlight.length; i++) {
            fleet.get(i).inFlight = inFlight[i];
        }
        Selector selector = selector(fleet);
        long[] counts = new long[weights.length];
        for (int i = 0; i < 50_000; i++) {
            counts[next(selector)]++;
        }
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] == 0) {
                assertThat(counts[i]).isZero();
            }
        }
        Statistics.assertShares(counts, shares, 0);
    }

    /**
     * Calls that never end are balls in bins: the fullest of 100 is above the mean by ln ln 100 / ln 2 and a constant, whatever
     * their number (Berenbrink et al., 2000); Finagle's test allows 10. By chance it would be 130.
     */
    @Test
    void callsThatNeverEndAreEvenlySpread() {
        List<FakeReplica> fleet = fleet(100);
        Selector selector = selector(fleet);
        for (int now = 1; now <= 100_000; now++) {
            FakeReplica chosen = fleet.get(next(selector));
            chosen.inFlight++;
            chosen.lastStarted = now;
        }
        assertThat(fleet).allMatch(replica -> Math.abs(replica.inFlight - 1_000) <= 10);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 2})
    void theLoserIsNeverPickedWhenStrictlyWorse(double weightOfTheLoser) {
        List<FakeReplica> fleet = weighted(weightOfTheLoser, 1, 1, 1);
        fleet.get(0).inFlight = 4;
        for (int i = 1; i < 4; i++) {
            fleet.get(i).inFlight = 1;
        }
        Selector selector = selector(fleet);
        for (int i = 0; i < 10_000; i++) {
            assertThat(next(selector)).isNotZero();
        }
    }

    @Test
    void ofTwoTheOneWithFewerInFlightForItsWeightWins() {
        List<FakeReplica> fleet = weighted(1, 10);
        fleet.get(0).inFlight = 1;
        fleet.get(1).inFlight = 9;
        Selector selector = selector(fleet);
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(selector)).isEqualTo(1);
        }
        fleet.get(1).inFlight = 20;
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(selector)).isEqualTo(0);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 0.5})
    void theLoserIsNeverPickedAmongThoseThatTheCallHasNotTried(double weightOfTheLoser) {
        List<FakeReplica> fleet = weighted(1, 1, weightOfTheLoser, 1, 1);
        fleet.get(2).inFlight = 3;
        fleet.get(4).inFlight = 1;
        Selector selector = selector(fleet);
        Call call = Call.any()
                .withTried(fleet.get(0).endpoint())
                .withTried(fleet.get(1).endpoint())
                .withTried(fleet.get(3).endpoint());
        for (int i = 0; i < 10_000; i++) {
            assertThat(selector.select(call, i, random)).isEqualTo(4);
        }
    }

    @Test
    void ofEqualsTheOneUsedLessLatelyWins() {
        List<FakeReplica> fleet = fleet(2);
        Selector selector = selector(fleet);
        for (long now : new long[] {5, -5, Long.MAX_VALUE, Long.MIN_VALUE + 2}) {
            fleet.get(0).lastStarted = now;
            fleet.get(1).lastStarted = now - 3;
            for (int i = 0; i < 100; i++) {
                assertThat(next(selector)).isEqualTo(1);
            }
        }
    }

    @Test
    void whoeverWasUsedLatestOfAllIsNeverPicked() {
        List<FakeReplica> fleet = fleet(10);
        Selector selector = selector(fleet);
        long[] counts = new long[10];
        int last = -1;
        for (int now = 1; now <= 100_000; now++) {
            int index = next(selector);
            assertThat(index).isNotEqualTo(last);
            fleet.get(index).lastStarted = now;
            counts[index]++;
            last = index;
        }
        Statistics.assertShares(counts, FakeReplica.weightShares(fleet), 0);
    }

    @Test
    void everyPairIsDrawnEquallyOften() {
        int size = 10;
        List<FakeReplica> fleet = fleet(size);
        Selector selector = selector(fleet);
        long[] counts = new long[size * (size - 1) / 2];
        for (int draw = 0; draw < 90_000; draw++) {
            fleet.forEach(replica -> replica.looks = 0);
            next(selector);
            int cell = 0;
            int pairs = 0;
            for (int i = 0; i < size; i++) {
                for (int j = 0; j < i; j++, cell++) {
                    if (fleet.get(i).looks > 0 && fleet.get(j).looks > 0) {
                        counts[cell]++;
                        pairs++;
                    }
                }
            }
            assertThat(pairs).as("one pair of distinct replicas").isEqualTo(1);
        }
        Statistics.assertUniform(counts);
    }

    @Test
    void twoOfUnequalWeightAreDistinctToo() {
        List<FakeReplica> fleet = weighted(1e6, 1e-6, 1e-6);
        Selector selector = selector(fleet);
        for (int draw = 0; draw < 10_000; draw++) {
            fleet.forEach(replica -> replica.looks = 0);
            next(selector);
            assertThat(fleet.stream().filter(replica -> replica.looks > 0)).hasSize(2);
        }
    }

    /**
     * Unequal weights, all busy for their weight, but one: it wins when drawn first or second. Drawn first with p, second
     * with at least p, so at most 2 p; distinct pairs make it more than 1 - (1 - p)^2.
     */
    @Test
    void anIdleReplicaWinsWheneverItIsDrawn() {
        List<FakeReplica> fleet = weighted(2, 1, 1, 1, 1, 1, 1, 1, 1);
        fleet.forEach(replica -> replica.inFlight = 5);
        fleet.get(0).inFlight = 0;
        Selector selector = selector(fleet);
        int picks = 100_000;
        int won = 0;
        for (int i = 0; i < picks; i++) {
            won += next(selector) == 0 ? 1 : 0;
        }
        // p = 0.2. With redraws until distinct: p + sum of q_j p / (1 - q_j) over the others, q_j = 0.1, is
        // 0.2 + 0.8 * 0.2 / 0.9 = 0.378; five sigma are 0.0077. Three redraws only, then uniform: 0.1^4 of the draws.
        assertThat((double) won / picks).isCloseTo(0.378, within(0.0078));
    }

    /**
     * Poisson arrivals at 0.9 of capacity, exponential service, perfect information: the mean response is the sum over i of
     * 0.9^(2^i - 1) = 2.614 service times (Mitzenmacher 2001). Uniformised: at every step a call comes, or a random
     * replica, if busy, ends one; the mean in flight, over the rate, is the mean response (Little).
     */
    @Test
    void oneClientOfAThousandReplicasWaitsAsTwoChoicesShould() {
        double rho = 0.9;
        int size = 1_000;
        List<FakeReplica> fleet = fleet(size);
        Selector selector = selector(fleet);
        int steps = 3_000_000;
        int warmUp = steps / 10;
        long inFlight = 0;
        long sum = 0;
        for (int step = 0; step < steps; step++) {
            if (random.nextDouble() * (1 + rho) < rho) {
                FakeReplica chosen = fleet.get(selector.select(Call.any(), step, random));
                chosen.inFlight++;
                chosen.lastStarted = step;
                inFlight++;
            } else {
                FakeReplica served = fleet.get(random.nextInt(size));
                if (served.inFlight > 0) {
                    served.inFlight--;
                    inFlight--;
                }
            }
            sum += step < warmUp ? 0 : inFlight;
        }
        double mean = (double) sum / (steps - warmUp) / (rho * size);
        assertThat(mean).isCloseTo(2.614, Percentage.withPercentage(3));
    }

    @Test
    void aLightReplicaWithNothingInFlightDoesNotWinAgainstABusyHeavyOne() {
        List<FakeReplica> fleet = weighted(0.1, 1);
        fleet.get(1).inFlight = 3;
        Selector selector = selector(fleet);
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(selector)).isEqualTo(1);
        }
    }

    @Test
    void theScoreIsTheLoadWithOneMoreCall() {
        List<FakeReplica> fleet = weighted(4, 1);
        fleet.get(0).inFlight = 2;
        assertThat(selector(fleet).score(fleet.get(0), 0)).isEqualTo(0.75);
        assertThat(selector(fleet).score(fleet.get(1), 0)).isEqualTo(1);
    }
}
