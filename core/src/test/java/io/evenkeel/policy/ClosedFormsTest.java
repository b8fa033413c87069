package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.Seeds;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Of n equal replicas d distinct ones are drawn, and one with the fewest calls in flight wins. So nobody with fewer than k is drawn
 * with the probability C(those with k or more, d) / C(n, d); those with equally many share alike. Envoy's table of least request, for
 * every policy that compares.
 */
class ClosedFormsTest {

    private static final int PICKS = 50_000;
    private static final long MILLIS = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(Seeds.of(8));

    static Stream<Arguments> policies() {
        int[][] busy = {
            {0, 0, 0, 0}, {1, 0, 0, 0}, {2, 1, 0, 0}, {1, 1, 1, 0}, {5, 4, 3, 2, 1, 0}, {3, 2, 1, 0, 0, 1, 2, 0, 0, 4}
        };
        return Stream.of(
                        Arguments.of(Policy.leastRequest(), 2),
                        Arguments.of(Policy.leastRequest(3), 3),
                        Arguments.of(Policy.peakEwma(), 2),
                        Arguments.of(Policy.adaptive(), 2),
                        Arguments.of(Policy.adaptive().withMemory(false), 2))
                .flatMap(policy ->
                        Stream.of(busy).map(inFlight -> Arguments.of(policy.get()[0], policy.get()[1], inFlight)));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theSharesAreTheClosedForm(Policy policy, int choices, int[] inFlight) {
        for (boolean known : new boolean[] {false, true}) {
            // An unknown one comes last with peak EWMA while it is busy; and those that answered lately are remembered.
            if (policy instanceof PeakEwma ? known : !known || !policy.equals(Policy.adaptive())) {
                long[] counts = picks(policy, inFlight, known);
                Statistics.assertShares(counts, shares(choices, inFlight), givenUp(choices, inFlight.length));
            }
        }
    }

    private long[] picks(Policy policy, int[] inFlight, boolean known) {
        List<FakeReplica> fleet = FakeReplica.fleet(inFlight.length);
        fleet.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
        Selector selector = policy.selector(List.copyOf(fleet), Optional.empty(), 0, random);
        for (int i = 0; i < inFlight.length; i++) {
            for (int answer = 0; known && answer < 100; answer++) {
                selector.started(fleet.get(i), 0);
                selector.answered(fleet.get(i), Outcome.SUCCESS, 10 * MILLIS, 10 * MILLIS);
            }
            fleet.get(i).inFlight = inFlight[i];
        }
        long[] counts = new long[inFlight.length];
        for (int pick = 0; pick < PICKS; pick++) {
            counts[selector.select(Call.any(), 11 * MILLIS, random)]++;
        }
        return counts;
    }

    private static double[] shares(int choices, int[] inFlight) {
        double[] shares = new double[inFlight.length];
        for (int i = 0; i < shares.length; i++) {
            int its = inFlight[i];
            long asMany = Arrays.stream(inFlight).filter(other -> other == its).count();
            shares[i] = (allOf(choices, inFlight, its) - allOf(choices, inFlight, its + 1)) / asMany;
        }
        assertThat(Arrays.stream(shares).sum()).isBetween(1 - 1e-9, 1 + 1e-9);
        return shares;
    }

    /** The probability that all that are drawn have so many in flight, or more. */
    private static double allOf(int choices, int[] inFlight, int least) {
        long those = Arrays.stream(inFlight).filter(other -> other >= least).count();
        double probability = 1;
        for (int i = 0; i < choices; i++) {
            probability *= Math.max(0, those - i) / (double) (inFlight.length - i);
        }
        return probability;
    }

    /** Of more than two choices one is given up if in four draws for each no new one came: at most C(n, d - 1) ((d - 1) / n)^4d. */
    private static double givenUp(int choices, int size) {
        return choices == 2 ? 0 : size * (size - 1) / 2.0 * Math.pow((choices - 1.0) / size, 4 * choices);
    }
}
