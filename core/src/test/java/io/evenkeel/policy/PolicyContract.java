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
import io.evenkeel.Seeds;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every policy keeps, whatever it prefers. */
abstract class PolicyContract {

    static final int MANY = 10_000;
    private static final long YEAR = 365 * 86_400_000_000_000L;

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

    final SplittableRandom random = new SplittableRandom(Seeds.of(20_261_122));

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
    @ValueSource(ints = {1, 2, 3, 7, 128, 129, 1_000, MANY})
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
    @ValueSource(ints = {3, 128, 129, 1_000, MANY})
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
    @ValueSource(ints = {1, 3, 128, 129, MANY})
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

    /** Weights that no endpoint can have, but that a policy which wraps another may hand on. */
    static List<double[]> strangeWeights() {
        double nan = Double.NaN;
        double endless = Double.POSITIVE_INFINITY;
        return List.of(
                new double[] {0, 0, 0},
                new double[] {nan, nan, nan},
                new double[] {-1, -2, -3},
                new double[] {endless, endless, 1},
                new double[] {-endless, Double.MAX_VALUE, Double.MAX_VALUE},
                new double[] {Double.MIN_VALUE, Double.MIN_VALUE, Double.MIN_VALUE},
                new double[] {Double.MIN_VALUE, Double.MAX_VALUE, 0},
                new double[] {nan, 0, 1},
                DoubleStream.generate(() -> 0).limit(100).toArray(),
                DoubleStream.generate(() -> nan).limit(100).toArray(),
                DoubleStream.generate(() -> Double.MIN_VALUE).limit(100).toArray(),
                DoubleStream.iterate(endless, w -> Double.MAX_VALUE).limit(100).toArray());
    }

    @ParameterizedTest
    @MethodSource("strangeWeights")
    void noWeightIsTooStrange(double[] weights) {
        List<FakeReplica> fleet = weighted(weights);
        Selector selector = selector(fleet);
        for (int i = 0; i < 1_000; i++) {
            FakeReplica some = fleet.get(random.nextInt(weights.length));
            some.inFlight = random.nextInt(10);
            Call call = i % 2 == 0 ? Call.any() : Call.any().withKey("key " + i);
            assertThat(selector.select(call, i, random)).isBetween(0, weights.length - 1);
            assertThat(selector.select(call.withTried(some.endpoint()), i, random))
                    .isBetween(0, weights.length - 1)
                    .isNotEqualTo(fleet.indexOf(some));
        }
    }

    @Test
    void ofNobodyNobodyIsPicked() {
        Selector selector = policy().selector(List.of(), Optional.empty(), 0, random);
        Call tried = Call.any().withTried(Endpoint.of("http://gone.example"));
        for (Call call : List.of(Call.any(), Call.any().withKey("key"), tried, tried.withKey("key"))) {
            assertThat(selector.select(call, 0, random)).isEqualTo(-1);
        }
        Selector next = policy().selector(known(fleet(3)), Optional.of(selector), 0, random);
        assertThat(next.select(Call.any(), 0, random)).isBetween(0, 2);
    }

    /** Counters at the ends of their ranges: one that has overflowed would look idle. */
    @Test
    void noNumberOfCallsInFlightIsTooGreat() {
        for (double[] weights : List.of(new double[] {1, 1, 1, 1}, new double[] {1, 2, 3, 4})) {
            List<FakeReplica> fleet = weighted(weights);
            Selector selector = selector(fleet);
            for (int busy : new int[] {Integer.MAX_VALUE - 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
                fleet.forEach(replica -> replica.inFlight = busy);
                for (int i = 0; i < 100; i++) {
                    assertThat(selector.select(Call.any(), i, random)).isBetween(0, 3);
                    assertThat(selector.select(Call.any().withKey("key " + i), i, random))
                            .isBetween(0, 3);
                }
            }
            assertTheBusiestIsSpared(selector, fleet);
        }
    }

    /** Who compares calls in flight does not take one that has 2^31 of them for an idle one. */
    private void assertTheBusiestIsSpared(Selector selector, List<FakeReplica> fleet) {
        fleet.forEach(replica -> replica.inFlight = 1);
        int before = countOf(0, selector);
        fleet.get(0).inFlight = Integer.MAX_VALUE;
        assertThat(countOf(0, selector)).isLessThanOrEqualTo(before + 5 * 16); // sigma is below sqrt(1,000 / 4)
    }

    private int countOf(int index, Selector selector) {
        int count = 0;
        for (int i = 0; i < 1_000; i++) {
            count += selector.select(Call.any(), i, random) == index ? 1 : 0;
        }
        return count;
    }

    /** Standing still, going back, jumping by years: nothing throws, nobody outside the list is picked. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1_000_000_000, YEAR, -YEAR, Long.MIN_VALUE, Long.MAX_VALUE})
    void anyClockWillDo(long jump) {
        List<FakeReplica> fleet = fleet(4);
        Selector selector = selector(fleet);
        long now = 0;
        for (int i = 0; i < 2_000; i++) {
            now += i % 100 == 99 ? jump : jump == 0 ? 0 : 1_000_000;
            long latency = i % 7 == 0 ? 0 : i % 11 == 0 ? -5 : 1_000_000;
            call(selector, fleet, OUTCOMES[i % 3 == 0 ? i % OUTCOMES.length : 0], latency, now);
        }
    }

    /** Of those jumps that a clock may make: whoever looked bad, or just used, is not left out for good. */
    @ParameterizedTest
    @ValueSource(longs = {0, -1_000_000_000, YEAR})
    void nobodyIsLeftOutBecauseTheClockJumped(long jump) {
        List<FakeReplica> fleet = fleet(4);
        Selector selector = selector(fleet);
        long now = 0;
        for (int i = 0; i < 200; i++) {
            now += i % 100 == 99 ? jump : 1_000_000;
            call(selector, fleet, OUTCOMES[i % OUTCOMES.length], 1_000_000, now);
        }
        int picks = 4_000;
        long[] counts = new long[4];
        for (int i = 0; i < picks; i++, now += 50_000_000) {
            counts[call(selector, fleet, Outcome.SUCCESS, 1_000_000, now)]++;
        }
        for (int i = 0; i < 4; i++) {
            assertThat((double) counts[i]).as("picks of %d", i).isGreaterThanOrEqualTo(0.5 * picks * shares(fleet)[i]);
        }
    }

    private int call(Selector selector, List<FakeReplica> fleet, Outcome outcome, long latency, long now) {
        int index = selector.select(Call.any(), now, random);
        assertThat(index).isBetween(0, fleet.size() - 1);
        FakeReplica replica = fleet.get(index);
        replica.lastStarted = now;
        selector.started(replica, now);
        selector.answered(replica, outcome, latency, now + latency);
        return index;
    }

    /** Lists, weights, picks, starts and answers at random, also of selectors and replicas that have left. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void whateverHappensToTheListEveryPickIsInIt(long seed) {
        SplittableRandom chance = new SplittableRandom(seed);
        List<FakeReplica> known = new ArrayList<>(fleet(90));
        known(known);
        List<FakeReplica> list = List.of(known.get(0));
        Selector selector = policy().selector(List.copyOf(list), Optional.empty(), 0, random);
        record Open(Selector selector, FakeReplica replica, long start) {}
        List<Open> open = new ArrayList<>();
        long now = Long.MAX_VALUE - 1_000_000_000;
        for (int step = 0; step < 2_000; step++) {
            now += chance.nextLong(10_000_000);
            if (chance.nextInt(20) == 0) {
                list = someOf(known, chance);
                selector = policy().selector(List.copyOf(list), Optional.of(selector), now, random);
            }
            if (open.size() > 200 || (!open.isEmpty() && chance.nextBoolean())) {
                Open end = open.remove(chance.nextInt(open.size()));
                end.replica.inFlight--;
                Outcome outcome = OUTCOMES[chance.nextInt(OUTCOMES.length)];
                (chance.nextBoolean() ? end.selector : selector).answered(end.replica, outcome, now - end.start, now);
                continue;
            }
            FakeReplica tried = known.get(chance.nextInt(known.size()));
            Call call = chance.nextBoolean() ? Call.any() : Call.any().withTried(tried.endpoint());
            int index = selector.select(chance.nextInt(3) == 0 ? call.withKey("key " + step) : call, now, random);
            if (list.size() == 1 && call.tried(list.get(0).endpoint())) {
                assertThat(index).isEqualTo(-1);
                continue;
            }
            assertThat(index).isBetween(0, list.size() - 1);
            FakeReplica chosen = list.get(index);
            assertThat(call.tried(chosen.endpoint())).isFalse();
            chosen.inFlight++;
            chosen.lastStarted = now;
            selector.started(chosen, now);
            open.add(new Open(selector, chosen, now));
        }
    }

    /** In any order, some of them with other weights than before. */
    private static List<FakeReplica> someOf(List<FakeReplica> known, SplittableRandom chance) {
        List<FakeReplica> some = new ArrayList<>();
        int size = 1 + (int) (known.size() * Math.pow(chance.nextDouble(), 3));
        for (int i = 0; i < size; i++) {
            int at = chance.nextInt(i, known.size());
            FakeReplica replica = known.get(at);
            known.set(at, known.get(i));
            known.set(i, replica);
            replica.weight = chance.nextInt(4) == 0 ? chance.nextDouble(0.1, 10) : replica.weight;
            some.add(replica);
        }
        return some;
    }

    // Nobody is favoured when lists or clients are new.

    /** A selector's first pick goes by the weights, when each client makes one (binomial shares, five sigma). */
    @ParameterizedTest
    @MethodSource("firstWeights")
    void theFirstPicksOfManyClientsAreTheWeights(double[] weights) {
        List<FakeReplica> fleet = weighted(weights);
        long[] counts = new long[weights.length];
        for (int client = 0; client < 5_000; client++) {
            RandomGenerator own = new SplittableRandom(client);
            counts[policy().selector(known(fleet), Optional.empty(), 0, own).select(Call.any(), 0, own)]++;
        }
        Statistics.assertShares(counts, shares(fleet), slack(weights.length));
    }

    /** One client whose list is made anew before every pick: the same shares, and no start from the top. */
    @ParameterizedTest
    @MethodSource("firstWeights")
    void aListThatIsNewForEveryPickChangesNoShares(double[] weights) {
        List<FakeReplica> fleet = weighted(weights);
        Selector selector = selector(fleet);
        long[] counts = new long[weights.length];
        for (int i = 0; i < 5_000; i++) {
            selector = policy().selector(List.copyOf(fleet), Optional.of(selector), i, random);
            counts[selector.select(Call.any(), i, random)]++;
        }
        Statistics.assertShares(counts, shares(fleet), slack(weights.length));
    }

    /** The same with picks of the lists between, so that what they leave behind, like a cursor, is not the same each time. */
    @ParameterizedTest
    @MethodSource("firstWeights")
    void howeverManyPicksCameBeforeTheFirstOneOfANewListGoesByTheWeights(double[] weights) {
        List<FakeReplica> fleet = weighted(weights);
        Selector selector = selector(fleet);
        long[] counts = new long[weights.length];
        for (int i = 0; i < 5_000; i++) {
            selector = policy().selector(List.copyOf(fleet), Optional.of(selector), i, random);
            counts[selector.select(Call.any(), i, random)]++;
            for (int more = random.nextInt(2 * weights.length + 1); more > 0; more--) {
                selector.select(Call.any(), i, random);
            }
        }
        Statistics.assertShares(counts, shares(fleet), slack(weights.length));
    }

    static List<double[]> firstWeights() {
        return List.of(new double[] {25, 75}, new double[] {1, 99}, new double[] {1, 20, 79}, new double[] {
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1
        });
    }

    // Finagle's LoadDistributionTest: 5 clients, 150 calls each, no server gets more than twice its share.

    private static final int CALLS_EACH = 150;

    /** Each client has a view of its own of the same servers. */
    private final class Client {
        private final List<FakeReplica> servers = fleet(20);
        private final RandomGenerator own = random.split();
        private Optional<Selector> selector = Optional.empty();
        private long now;

        Client() {
            known(servers);
        }

        void send(int from, int to, int[] loads) {
            Selector made = policy().selector(List.copyOf(servers.subList(from, to)), selector, now, own);
            selector = Optional.of(made);
            for (int i = 0; i < CALLS_EACH; i++, now += 1_000_000) {
                int server = from + made.select(Call.any(), now, own);
                made.started(servers.get(server), now);
                servers.get(server).lastStarted = now;
                loads[server]++;
                made.answered(servers.get(server), Outcome.SUCCESS, 500_000, now + 500_000);
            }
        }
    }

    /**
     * To the servers of these numbers, of which none may get more than its most: what chance alone might give it, five sigma
     * above its share. Of 750 calls on 10 servers that is 75 and 41 more, on 15 servers 50 and 34: less than twice the share.
     */
    private void send(List<Client> clients, int from, int to) {
        int[] loads = new int[20];
        clients.forEach(client -> client.send(from, to, loads));
        double calls = CALLS_EACH * clients.size();
        double share = shareOfOne(to - from);
        double most = calls * share + 5 * Math.sqrt(calls * share * (1 - share));
        assertThat(Arrays.stream(loads)).allMatch(load -> load <= most);
    }

    private List<Client> clients() {
        return Stream.generate(Client::new).limit(5).toList();
    }

    /** The largest share that one of so many equal servers may have of all calls. */
    double shareOfOne(int servers) {
        return 1.0 / servers;
    }

    @Test
    void clientsThatStartTogetherSpreadTheirCalls() {
        send(clients(), 0, 10);
    }

    @Test
    void aRollingDeployOfClientsSpreadsTheirCalls() {
        List<Client> clients = new ArrayList<>(clients());
        for (int restarted = 0; restarted < 5; restarted++) {
            clients.set(restarted, new Client());
            send(clients, 0, 10);
        }
    }

    @Test
    void aRollingDeployOfServersSpreadsTheCalls() {
        List<Client> clients = clients();
        send(clients, 0, 10);
        send(clients, 5, 15);
        send(clients, 10, 20);
    }

    @Test
    void callsAreSpreadOverFewerServersAndOverMore() {
        List<Client> clients = clients();
        send(clients, 0, 10);
        send(clients, 0, 5);
        send(clients, 0, 10);
        send(clients, 0, 15);
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
