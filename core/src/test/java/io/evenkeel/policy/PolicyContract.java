package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static io.evenkeel.policy.FakeReplica.weightShares;
import static io.evenkeel.policy.FakeReplica.weighted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.management.ThreadMXBean;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every policy keeps, whatever it prefers. */
abstract class PolicyContract {

    static final int MANY = 10_000;

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final long[] STRANGE_NANOS = {
        0, 1, -1, 1_000_000, -1_000_000_000_000L, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE / 2, 1L << 43, 1L << 53
    };
    private static final double[] STRANGE_LOADS = {
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        -1,
        -0.0,
        0,
        Double.MIN_VALUE,
        1e-30,
        7,
        1e6,
        1e38,
        1e300
    };

    final RandomGenerator random = new SplittableRandom(20_261_122);

    abstract Policy policy();

    /** The most looks at replicas that one pick may take, whatever the size of the list. */
    abstract int mostLooks();

    /** How far, as a share of all calls, the policy's closed form may be from the weights. */
    double slack(int size) {
        return 0;
    }

    /** The policy's closed form. */
    double[] shares(List<FakeReplica> fleet) {
        return weightShares(fleet);
    }

    Selector selector(List<FakeReplica> fleet) {
        return policy().selector(known(fleet), Optional.empty(), 0, random);
    }

    /** The fleet, as new to a balancer that has this policy. */
    List<Candidate> known(List<FakeReplica> fleet) {
        fleet.forEach(replica -> replica.remember(policy().newState(replica.endpoint())));
        return new ArrayList<>(fleet);
    }

    private long[] picks(Selector selector, int size, int picks) {
        long[] counts = new long[size];
        for (int i = 0; i < picks; i++) {
            counts[selector.select(Call.any(), i, random)]++;
        }
        return counts;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 64, 65, 1_000, MANY})
    void everyPickIsAnIndexOfTheList(int size) {
        Selector selector = selector(fleet(size));
        for (int i = 0; i < 2_000; i++) {
            assertThat(selector.select(Call.any(), i, random)).isBetween(0, size - 1);
            assertThat(selector.select(Call.any().withKey("key " + i), i, random))
                    .isBetween(0, size - 1);
        }
    }

    @Test
    void theOnlyReplicaIsAlwaysPicked() {
        List<FakeReplica> fleet = weighted(0.3);
        Selector selector = selector(fleet);
        fleet.get(0).inFlight = 1_000;
        assertThat(picks(selector, 1, 100)).containsExactly(100);
        assertThat(selector.select(Call.any().withTried(fleet.get(0).endpoint()), 0, random))
                .isEqualTo(-1);
    }

    static List<double[]> weights() {
        return List.of(
                new double[] {1, 1},
                new double[] {1, 1, 1, 1, 1, 1, 1},
                new double[] {1, 2},
                new double[] {5, 3, 2},
                new double[] {0.1, 1, 1, 1},
                new double[] {100, 1, 1, 1, 1, 1, 1, 1, 1, 1},
                new double[] {1e-6, 1e6},
                new double[] {1e6, 1e-6, 1, 1e6, 1e-6},
                DoubleStream.iterate(1, w -> w * 1.1).limit(64).toArray(),
                DoubleStream.iterate(1, w -> w + 1).limit(100).toArray(),
                DoubleStream.generate(() -> 1).limit(1_000).toArray());
    }

    @ParameterizedTest
    @MethodSource("weights")
    void withNothingInFlightTheLongRunShareIsTheWeights(double[] weights) {
        List<FakeReplica> fleet = weighted(weights);
        long[] counts = picks(selector(fleet), weights.length, 100_000);
        Statistics.assertShares(counts, shares(fleet), slack(weights.length));
    }

    @Test
    void eachOfManyReplicasGetsItsShare() {
        Statistics.assertUniform(picks(selector(fleet(MANY)), MANY, 20 * MANY));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 40, 70})
    void noReplicaIsPickedAgainWhileAnotherIsLeft(int size) {
        for (double lighter : new double[] {1, 0.2}) {
            List<FakeReplica> fleet = weighted(IntStream.range(0, size)
                    .mapToDouble(i -> i % 3 == 1 ? lighter : 1)
                    .toArray());
            Selector selector = selector(fleet);
            for (int round = 0; round < 50; round++) {
                Call call = round % 2 == 0 ? Call.any() : Call.any().withKey("key " + round);
                Set<Integer> tried = new HashSet<>();
                while (tried.size() < size) {
                    int index = selector.select(call, round, random);
                    assertThat(index).isBetween(0, size - 1);
                    assertThat(tried.add(index)).as("picked for the first time").isTrue();
                    call = call.withTried(fleet.get(index).endpoint());
                }
                assertThat(selector.select(call, round, random)).isEqualTo(-1);
            }
        }
    }

    @Test
    void noReplicaIsPickedAgainHoweverBusyTheLastOneIs() {
        List<FakeReplica> fleet = weighted(1, 1, 1e-6);
        fleet.get(2).inFlight = 1_000_000;
        Selector selector = selector(fleet);
        Call tried = Call.any()
                .withTried(fleet.get(0).endpoint())
                .withTried(fleet.get(1).endpoint());
        for (int i = 0; i < 100; i++) {
            assertThat(selector.select(tried, i, random)).isEqualTo(2);
            assertThat(selector.select(tried.withKey("key " + i), i, random)).isEqualTo(2);
        }
    }

    @Test
    void endpointsThatWereTriedAndLeftTheListDoNotMatter() {
        Selector selector = selector(fleet(2));
        Call call = Call.any()
                .withTried(Endpoint.of("http://gone-1.example"))
                .withTried(Endpoint.of("http://gone-2.example"))
                .withTried(Endpoint.of("http://gone-3.example"));
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            seen.add(selector.select(call, i, random));
        }
        assertThat(seen).containsExactlyInAnyOrder(0, 1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 64, 65, 1_000, MANY})
    void aPickTakesTheSameNumberOfStepsHoweverLongTheList(int size) {
        for (double first : new double[] {1, 2}) {
            List<FakeReplica> fleet = new ArrayList<>(fleet(size));
            fleet.set(0, FakeReplica.at(0, first));
            Selector selector = selector(fleet);
            long before = looks(fleet);
            for (int i = 0; i < 100; i++) {
                selector.select(Call.any(), i, random);
                long now = looks(fleet);
                assertThat(now - before).isLessThanOrEqualTo(mostLooks());
                before = now;
            }
        }
    }

    private static long looks(List<FakeReplica> fleet) {
        long looks = 0;
        for (FakeReplica replica : fleet) {
            looks += replica.looks;
        }
        return looks;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 64, 65, MANY})
    void aPickAllocatesNothing(int size) {
        for (double first : new double[] {1, 2}) {
            List<FakeReplica> fleet = new ArrayList<>(fleet(size));
            fleet.set(0, FakeReplica.at(0, first));
            Selector selector = selector(fleet);
            Call[] calls = {
                Call.any(),
                Call.any().withKey("user-42"),
                Call.any().withTried(fleet.get(0).endpoint())
            };
            long picked = allocate(selector, calls, fleet.get(0), 100_000);
            // What the JVM itself may charge the thread with, such as a lambda that is linked late; a single byte for
            // each pick would be ten times as much.
            assertThat(picked).as("bytes allocated by 100,000 picks").isLessThan(10_000);
        }
    }

    private long allocate(Selector selector, Call[] calls, Candidate some, int picks) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = -10_000; i < picks; i++) {
            if (i == 0) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            selector.select(calls[Math.floorMod(i, calls.length)], i, random);
            selector.started(some, i);
            selector.answered(some, OUTCOMES[Math.floorMod(i, OUTCOMES.length)], 1_000, i + 1_000);
            selector.reported(some, 3, 1_000, i);
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    /** Clocks that jump, latencies and reports that nobody can have measured, weights from the ends of the range. */
    @Test
    void nothingThatASelectorIsToldIsTooStrange() {
        List<FakeReplica> fleet = weighted(1, Double.MIN_VALUE, 1e-300, 1e-6, 1e6, 1, 1, 1);
        List<FakeReplica> equal = weighted(1e-300, 1e-300, 1e-300);
        List<FakeReplica> one = fleet(1);
        for (List<FakeReplica> some : List.of(fleet, equal, one)) {
            Selector selector = selector(some);
            for (int i = 0; i < 5_000; i++) {
                long now = STRANGE_NANOS[random.nextInt(STRANGE_NANOS.length)];
                assertThat(selector.select(Call.any(), now, random)).isBetween(0, some.size() - 1);
                FakeReplica replica = some.get(random.nextInt(some.size()));
                replica.inFlight = random.nextInt(4) == 0 ? (1 << 24) - 1 : random.nextInt(3);
                long latency = STRANGE_NANOS[random.nextInt(STRANGE_NANOS.length)];
                selector.started(replica, now - latency);
                selector.answered(replica, OUTCOMES[random.nextInt(OUTCOMES.length)], latency, now);
                double load = STRANGE_LOADS[random.nextInt(STRANGE_LOADS.length)];
                selector.reported(replica, load, STRANGE_LOADS[random.nextInt(STRANGE_LOADS.length)], now);
                if (i % 3 == 0) {
                    selector = policy().selector(List.copyOf(some), Optional.of(selector), now, random);
                }
                double score = selector.score(replica, now);
                assertThat(Double.isNaN(score) || score >= 0)
                        .as("score %s", score)
                        .isTrue();
            }
        }
    }

    @Test
    void manyThreadsMayPickAtOnce() throws Exception {
        int threads = 4;
        int picks = 20_000;
        List<FakeReplica> fleet = fleet(10);
        Selector selector = selector(fleet);
        AtomicLongArray counts = new AtomicLongArray(fleet.size());
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                RandomGenerator own = new SplittableRandom(t);
                running.add(executor.submit(() -> {
                    for (int i = 0; i < picks; i++) {
                        counts.incrementAndGet(selector.select(Call.any(), i, own));
                    }
                }));
            }
            for (Future<?> run : running) {
                run.get();
            }
        } finally {
            executor.shutdown();
        }
        long[] totals = IntStream.range(0, fleet.size()).mapToLong(counts::get).toArray();
        assertThat(Arrays.stream(totals).sum()).isEqualTo((long) threads * picks);
        Statistics.assertShares(totals, shares(fleet), 0);
    }

    @Test
    void aSelectorKeepsItsReplicasWhateverBecomesOfTheListThatItWasMadeFrom() {
        List<Candidate> list = known(fleet(5));
        Selector selector = policy().selector(list, Optional.empty(), 0, random);
        list.clear();
        for (int i = 0; i < 100; i++) {
            assertThat(selector.select(Call.any(), i, random)).isBetween(0, 4);
        }
    }

    @Test
    void aSelectorOfAnotherPolicyMayComeBefore() {
        List<Policy> others = List.of(
                Policy.roundRobin(),
                Policy.random(),
                Policy.leastRequest(),
                Policy.leastRequest(3),
                Policy.pickFirst(),
                Policy.peakEwma(),
                Policy.adaptive(),
                Policy.consistentHash());
        for (Policy other : others) {
            List<FakeReplica> fleet = fleet(3);
            fleet.forEach(replica -> replica.remember(other.newState(replica.endpoint())));
            Selector before = other.selector(List.copyOf(fleet), Optional.empty(), 0, random);
            Selector selector = policy().selector(known(fleet(4)), Optional.of(before), 0, random);
            assertThat(selector.select(Call.any(), 0, random)).isBetween(0, 3);
        }
    }

    @Test
    void aSelectorThatNeedsNoTimePicksTheSameAtAnyTime() {
        List<FakeReplica> fleet = weighted(1, 2, 3, 4);
        fleet.forEach(replica -> replica.lastStarted = replica.hashCode());
        Selector one = policy().selector(known(fleet), Optional.empty(), 0, new SplittableRandom(1));
        Selector other = policy().selector(known(fleet), Optional.empty(), 0, new SplittableRandom(1));
        RandomGenerator same = new SplittableRandom(2);
        RandomGenerator again = new SplittableRandom(2);
        assumeFalse(one.needsTime());
        for (int i = 0; i < 1_000; i++) {
            int index = one.select(Call.any(), 0, same);
            assertThat(other.select(Call.any(), random.nextLong(), again)).isEqualTo(index);
        }
    }

    @Test
    void aPolicyHasANameForPeople() {
        assertThat(policy().name()).isNotBlank().doesNotContain("$");
    }
}
