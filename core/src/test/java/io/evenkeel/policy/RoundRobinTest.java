package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static io.evenkeel.policy.FakeReplica.weightShares;
import static io.evenkeel.policy.FakeReplica.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoundRobinTest extends PolicyContract {

    @Override
    Policy policy() {
        return Policy.roundRobin();
    }

    @Override
    int mostLooks() {
        return 0;
    }

    private int next(Selector selector) {
        return selector.select(Call.any(), 0, random);
    }

    private static RoundRobin.Turns turns(long start) {
        return new RoundRobin.Turns(new AtomicLong(start), 7);
    }

    @Test
    void equalReplicasTakeTurns() {
        int size = 7;
        Selector selector = selector(fleet(size));
        List<Integer> round =
                IntStream.range(0, size).mapToObj(i -> next(selector)).toList();
        assertThat(round).doesNotHaveDuplicates();
        for (int i = 0; i < 100; i++) {
            assertThat(next(selector)).isEqualTo(round.get(i % size));
        }
    }

    @Test
    void theCursorAndTheOrderSurviveANewList() {
        List<FakeReplica> fleet = fleet(5);
        Selector selector = selector(fleet);
        List<Integer> round = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int index = next(selector);
            if (i < 5) {
                assertThat(round).doesNotContain(index);
                round.add(index);
            }
            assertThat(index).isEqualTo(round.get(i % 5));
            selector = policy().selector(List.copyOf(fleet), Optional.of(selector), i, random);
        }
    }

    /** The order of those that stay is the same, whoever joins or leaves, and wherever they stand in the list. */
    @Test
    void aChangeOfTheListMovesNobodyElse() {
        List<FakeReplica> fleet = fleet(9);
        List<Endpoint> before = round(fleet);
        List<FakeReplica> fewer = new ArrayList<>(FakeReplica.without(fleet, 4));
        Collections.shuffle(fewer, new Random(3));
        List<Endpoint> after = round(fewer);
        List<Endpoint> stayed = new ArrayList<>(before);
        stayed.remove(fleet.get(4).endpoint());
        Collections.rotate(stayed, after.indexOf(stayed.get(0)));
        assertThat(after).isEqualTo(stayed);
    }

    private List<Endpoint> round(List<FakeReplica> fleet) {
        Selector selector = new RoundRobin(List.copyOf(fleet), turns(0));
        return fleet.stream().map(any -> fleet.get(next(selector)).endpoint()).toList();
    }

    /** Of n replicas each follows each other one in 1/(n-1) of the clients' orders. */
    @Test
    void clientsHaveOrdersOfTheirOwn() {
        List<FakeReplica> fleet = fleet(6);
        long[] followers = new long[5];
        for (int client = 0; client < 10_000; client++) {
            Selector selector =
                    policy().selector(List.copyOf(fleet), Optional.empty(), 0, new SplittableRandom(client));
            List<Integer> round =
                    IntStream.range(0, 6).mapToObj(i -> next(selector)).toList();
            followers[round.get((round.indexOf(0) + 1) % 6) - 1]++;
        }
        Statistics.assertUniform(followers);
    }

    @Test
    void callsThatHoldTheOldSelectorTakeTurnsWithThoseThatHoldTheNew() {
        List<FakeReplica> fleet = fleet(4);
        Selector before = selector(fleet);
        Selector after = policy().selector(List.copyOf(fleet), Optional.of(before), 0, random);
        Set<Integer> picked = new HashSet<>();
        for (int i = 0; i < 2; i++) {
            picked.add(next(before));
            picked.add(next(after));
        }
        assertThat(picked).hasSize(4);
    }

    @Test
    void weightsSurviveANewListAtEveryPick() {
        List<FakeReplica> fleet = weighted(5, 3, 2);
        Selector selector = selector(fleet);
        long[] counts = new long[3];
        for (int i = 0; i < 1_000; i++) {
            selector = policy().selector(List.copyOf(fleet), Optional.of(selector), i, random);
            counts[next(selector)]++;
        }
        Statistics.assertShares(counts, weightShares(fleet), 0);
    }

    @Test
    void clientsBeginAnywhere() {
        List<FakeReplica> fleet = fleet(10);
        long[] first = new long[10];
        for (int client = 0; client < 10_000; client++) {
            first[next(policy().selector(List.copyOf(fleet), Optional.empty(), 0, new SplittableRandom(client)))]++;
        }
        Statistics.assertUniform(first);
    }

    /**
     * The golden ratio's sequence strays from any interval's share by less than 2 (ln n / 2 + 1) points; of three replicas
     * each reads at most three intervals of the table. Chance would stray by 250.
     */
    @Test
    void unequalReplicasTakeTurnsMoreEvenlyThanChance() {
        List<FakeReplica> fleet = weighted(5, 3, 2);
        Selector selector = selector(fleet);
        double[] shares = weightShares(fleet);
        long[] counts = new long[3];
        for (int n = 1; n <= 10_000; n++) {
            counts[next(selector)]++;
            for (int i = 0; i < 3; i++) {
                assertThat((double) counts[i]).isCloseTo(n * shares[i], within(6 * (Math.log(n) / 2 + 1)));
            }
        }
    }

    /**
     * Pearson's statistic of counts by chance is the degrees of freedom on average; of as many turns as the weights sum up to
     * it would be 0 if they came out exactly, which fractions of a ramp never do.
     */
    @Test
    void turnsOfAnyWholeWeightsAreFarMoreEvenThanChance() {
        double statistic = 0;
        int freedom = 0;
        for (int round = 0; round < 100; round++) {
            double[] weights =
                    random.ints(random.nextInt(2, 30), 1, 129).asDoubleStream().toArray();
            double sum = Arrays.stream(weights).sum();
            Selector selector = selector(weighted(weights));
            long[] counts = new long[weights.length];
            for (int turn = 0; turn < sum; turn++) {
                counts[next(selector)]++;
            }
            for (int i = 0; i < weights.length; i++) {
                statistic += (counts[i] - weights[i]) * (counts[i] - weights[i]) / weights[i];
            }
            freedom += weights.length - 1;
        }
        assertThat(statistic / freedom).isLessThan(0.25);
    }

    @Test
    void aHeavyReplicaIsNotPickedInOneBurst() {
        Selector selector = selector(weighted(1, 1, 1, 1, 4));
        int row = 0;
        for (int i = 0; i < 10_000; i++) {
            row = next(selector) == 4 ? row + 1 : 0;
            // At half of the picks, chance would make a row of 13.
            assertThat(row).isLessThanOrEqualTo(6);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE - 50, -50, 0, Integer.MAX_VALUE - 50L, 0xFFFF_FFFFL - 50})
    void theCursorMayOverflow(long start) {
        Selector equal = new RoundRobin(List.copyOf(fleet(8)), turns(start));
        Selector odd = new RoundRobin(List.copyOf(fleet(7)), turns(start));
        Selector unequal = new RoundRobin(List.copyOf(weighted(5, 3, 2)), turns(start));
        List<Integer> round = IntStream.range(0, 8).mapToObj(i -> next(equal)).toList();
        assertThat(round).doesNotHaveDuplicates();
        long[] counts = new long[3];
        for (int i = 0; i < 100; i++) {
            assertThat(next(equal)).isEqualTo(round.get(i % 8));
            assertThat(next(odd)).isBetween(0, 6);
            counts[next(unequal)]++;
        }
        assertThat(Arrays.stream(counts).sum()).isEqualTo(100);
        Statistics.assertShares(counts, new double[] {0.5, 0.3, 0.2}, 0);
    }
}
