package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static io.evenkeel.policy.FakeReplica.weightShares;
import static io.evenkeel.policy.FakeReplica.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
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

    @Test
    void equalReplicasTakeTurns() {
        int size = 7;
        Selector selector = selector(fleet(size));
        int turn = next(selector);
        for (int i = 1; i < 100; i++) {
            assertThat(next(selector)).isEqualTo((turn + i) % size);
        }
    }

    @Test
    void theCursorSurvivesANewList() {
        List<FakeReplica> fleet = fleet(5);
        Selector selector = selector(fleet);
        int turn = next(selector);
        for (int i = 1; i < 100; i++) {
            selector = policy().selector(List.copyOf(fleet), Optional.of(selector), i, random);
            assertThat(next(selector)).isEqualTo((turn + i) % fleet.size());
        }
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
        Selector equal = new RoundRobin(List.copyOf(fleet(8)), new AtomicLong(start));
        Selector odd = new RoundRobin(List.copyOf(fleet(7)), new AtomicLong(start));
        Selector unequal = new RoundRobin(List.copyOf(weighted(5, 3, 2)), new AtomicLong(start));
        int turn = next(equal);
        long[] counts = new long[3];
        for (int i = 1; i <= 100; i++) {
            assertThat(next(equal)).isEqualTo((turn + i) % 8);
            assertThat(next(odd)).isBetween(0, 6);
            counts[next(unequal)]++;
        }
        assertThat(Arrays.stream(counts).sum()).isEqualTo(100);
        Statistics.assertShares(counts, new double[] {0.5, 0.3, 0.2}, 0);
    }
}
