package io.evenkeel.policy;

import static io.evenkeel.policy.FakeReplica.fleet;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.Seeds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must be true of the adaptive policy whatever happens, and how it fares in traffic. */
class AdaptiveProofTest {

    /** A tick of 1,024 ns: the unit in which the ages of open calls are counted, so that nothing is rounded. */
    private static final long TICK = 1_024;
    /** In ticks: 10 s of decay, and 10 ms of work. */
    private static final long DECAY = 9_765_625;

    private static final double WORK = 9_765.625;
    private static final long SECOND = 976_562;

    private static final Outcome[] OUTCOMES = Outcome.values();

    private final SplittableRandom random = new SplittableRandom(Seeds.of(17));

    private static Adaptive adaptive(long tickNanos) {
        return Policy.adaptive().withDecay(Duration.ofNanos(DECAY * tickNanos));
    }

    private static Traffic traffic(int size, long tickNanos, long seed) {
        return new Traffic(adaptive(tickNanos), fleet(size), tickNanos, seed);
    }

    /** Equal replicas; work is exponential. */
    private static double work(SplittableRandom random) {
        return -WORK * Math.log(1 - random.nextDouble());
    }

    @Test
    void nothingIsLeftOpenWhateverHappensToCallsAndLists() {
        Adaptive policy = Policy.adaptive();
        List<FakeReplica> fleet = fleet(12);
        fleet.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
        Selector selector = policy.selector(List.copyOf(fleet), Optional.empty(), 0, random);
        record Open(Selector selector, FakeReplica replica, long start) {}
        List<Open> open = new ArrayList<>();
        long now = Long.MAX_VALUE - 5_000_000_000L; // overflows on the way
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(200_000);
            if (random.nextInt(100) == 0) {
                List<FakeReplica> some = new ArrayList<>(fleet);
                Collections.shuffle(some, new Random(i));
                List<Candidate> left = List.copyOf(some.subList(0, 1 + random.nextInt(12)));
                selector = policy.selector(left, Optional.of(selector), now, random);
            }
            if (random.nextBoolean()) {
                FakeReplica any = fleet.get(random.nextInt(12)); // a trial, or a keyed call: anybody
                selector.started(any, now);
                open.add(new Open(selector, any, now));
            } else if (!open.isEmpty()) {
                Open end = open.remove(random.nextInt(open.size()));
                Outcome outcome = OUTCOMES[random.nextInt(4)];
                end.selector.answered(end.replica, outcome, now - end.start, now);
            }
        }
        for (Open end : open) {
            end.selector.answered(end.replica, Outcome.IGNORED, now - end.start, now);
        }
        assertThat(fleet).allMatch(replica -> replica.state() instanceof Latency latency && latency.isClear());
    }

    /**
     * The same fleet in two orders, frozen in the midst of traffic: two samples of one distribution, each of a million picks. The
     * sum of (a - b)^2 / (a + b) over k cells is Pearson's statistic of two samples of equal size, of k - 1 degrees of freedom.
     */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theOrderOfTheListDoesNotMatter(boolean memory) {
        int size = 20;
        Adaptive policy = Policy.adaptive().withMemory(memory);
        List<FakeReplica> fleet = fleet(size);
        Traffic traffic = new Traffic(policy, fleet, TICK, 3);
        double[] speeds = random.doubles(size, 0.5, 2).toArray();
        traffic.run(2 * SECOND, 0.8 * size / WORK, (replica, now, chance) -> work(chance) * speeds[replica]);
        long now = 2 * SECOND * TICK;
        List<FakeReplica> shuffled = new ArrayList<>(fleet);
        Collections.shuffle(shuffled, new Random(9));
        long[] here = picks(traffic.selector(), size, now);
        Selector other = policy.selector(List.copyOf(shuffled), Optional.of(traffic.selector()), now, random);
        long[] there = picks(other, size, now);
        double statistic = 0;
        int cells = 0;
        for (int i = 0; i < size; i++) {
            long a = here[i];
            long b = there[shuffled.indexOf(fleet.get(i))];
            statistic += a + b == 0 ? 0 : (double) (a - b) * (a - b) / (a + b);
            cells += a + b == 0 ? 0 : 1;
        }
        assertThat(cells).isGreaterThan(1);
        assertThat(statistic).isLessThan(Statistics.chiSquare(cells - 1));
    }

    private long[] picks(Selector selector, int size, long now) {
        long[] counts = new long[size];
        for (int i = 0; i < 1_000_000; i++) {
            counts[selector.select(Call.any(), now, random)]++;
        }
        return counts;
    }

    /**
     * Nor in traffic, where memory matters at every pick: the shares of each replica, over runs of which half have the list the
     * other way round. The difference of two means of 40 runs, by its deviation, is normal but for a little: six, for 20 of them.
     */
    @Test
    void theOrderOfTheListDoesNotMatterInTraffic() {
        int size = 20;
        int runs = 40;
        double[] speeds = random.doubles(size, 0.5, 2).toArray();
        double[][] here = new double[size][runs];
        double[][] there = new double[size][runs];
        for (int run = 0; run < runs; run++) {
            Traffic one = traffic(size, TICK, 2L * run);
            Traffic other = traffic(size, TICK, 2L * run + 1);
            one.run(SECOND, 0.7 * size / WORK, (replica, now, chance) -> work(chance) * speeds[replica]);
            other.run(SECOND, 0.7 * size / WORK, (replica, now, chance) -> work(chance) * speeds[size - 1 - replica]);
            for (int i = 0; i < size; i++) {
                here[i][run] = one.begun[i];
                there[i][run] = other.begun[size - 1 - i];
            }
        }
        for (int i = 0; i < size; i++) {
            double deviation = Math.sqrt((variance(here[i]) + variance(there[i])) / runs);
            double difference = Arrays.stream(here[i]).average().orElseThrow()
                    - Arrays.stream(there[i]).average().orElseThrow();
            assertThat(Math.abs(difference)).as("replica %d", i).isLessThan(6 * deviation);
        }
    }

    private static double variance(double[] values) {
        double mean = Arrays.stream(values).average().orElseThrow();
        return Arrays.stream(values)
                        .map(value -> (value - mean) * (value - mean))
                        .sum()
                / (values.length - 1);
    }

    /** Powers of two are exact in floating point; everything but the decay scales by itself. */
    @Test
    void aServiceAThousandTimesSlowerIsTreatedTheSame() {
        Traffic fast = traffic(10, TICK, 5);
        Traffic slow = traffic(10, TICK << 10, 5);
        Traffic.Service service =
                (replica, now, chance) -> chance.nextInt(50) == 0 ? -100 : work(chance) * (replica == 0 ? 5 : 1);
        for (int i = 1; i <= 100; i++) {
            fast.run(i * SECOND / 5, 0.7 * 9.2 / WORK, service);
            slow.run(i * SECOND / 5, 0.7 * 9.2 / WORK, service);
            assertThat(slow.begun).isEqualTo(fast.begun);
        }
        assertThat(Arrays.stream(fast.begun).sum()).isGreaterThan(10_000);
    }

    /** What is worse about replica 0 in the second of two runs that are otherwise the same. */
    private enum Worse {
        LATENCY,
        FAILURES,
        OPEN,
        IN_FLIGHT
    }

    /** The score that a history leads to. */
    private double scoreOf(Worse worse, boolean isWorse, long seed) {
        History history = new History(worse, isWorse, seed);
        return history.selector.score(history.fleet.get(0), history.end);
    }

    /** A random history of replica 0 among steady ones. */
    private final class History {
        private final List<FakeReplica> fleet = fleet(6);
        private final Selector selector;
        private final long end;

        History(Worse worse, boolean isWorse, long seed) {
            RandomGenerator chance = new SplittableRandom(seed);
            Adaptive policy = Policy.adaptive();
            fleet.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
            selector = policy.selector(List.copyOf(fleet), Optional.empty(), 0, random);
            FakeReplica first = fleet.get(0);
            long now = SECOND;
            for (int i = 0; i < 150; i++) { // of a young client a first call may not count, and so be for the better
                now += 10_000_000;
                selector.started(fleet.get(1 + i % 5), now - 10_000_000);
                selector.answered(fleet.get(1 + i % 5), Outcome.SUCCESS, 10_000_000, now);
            }
            for (int i = 0; i < 60; i++) {
                now += chance.nextLong(1, 200_000_000);
                for (int other = 1; other < 6; other++) {
                    selector.started(fleet.get(other), now - 10_000_000);
                    selector.answered(fleet.get(other), Outcome.SUCCESS, 10_000_000, now);
                }
                long latency = chance.nextLong(1_000_000, 30_000_000);
                boolean hit = chance.nextInt(4) == 0;
                boolean failed = chance.nextInt(10) == 0;
                long took = isWorse && hit && worse == Worse.LATENCY ? latency * 3 : latency;
                boolean fails = failed || (isWorse && hit && worse == Worse.FAILURES);
                selector.started(first, now - took);
                selector.answered(first, fails ? Outcome.FAILURE : Outcome.SUCCESS, took, now);
            }
            for (int i = 0; i < 500; i++) { // the mean is of the others again, whatever the first one had to do with it
                selector.started(fleet.get(1 + i % 5), now - 10_000_000);
                selector.answered(fleet.get(1 + i % 5), Outcome.SUCCESS, 10_000_000, now);
            }
            long open = chance.nextLong(0, 100_000_000);
            selector.started(first, now - (isWorse && worse == Worse.OPEN ? 2 * open : open));
            first.inFlight = chance.nextInt(1, 5) + (isWorse && worse == Worse.IN_FLIGHT ? 1 : 0);
            end = now + chance.nextLong(0, 20_000_000);
            fleet.subList(1, 6).forEach(other -> other.inFlight = chance.nextInt(8));
        }

        /** Of picks by the same chance, those of replica 0. */
        int picks() {
            RandomGenerator same = new SplittableRandom(1);
            int picks = 0;
            for (int i = 0; i < 200; i++) {
                picks += selector.select(Call.any(), end, same) == 0 ? 1 : 0;
            }
            return picks;
        }
    }

    @Test
    void nothingThatIsWorseAboutAReplicaMakesItBetter() {
        for (Worse worse : Worse.values()) {
            for (long seed = 0; seed < 500; seed++) {
                double better = scoreOf(worse, false, seed);
                // Of what the mean has lost 500 answers leave 0.98^500 = 4e-5.
                assertThat(scoreOf(worse, true, seed))
                        .as("%s, seed %d", worse, seed)
                        .isGreaterThanOrEqualTo(better * (1 - 1e-3));
            }
        }
    }

    /** The same draws, so that replica 0 can only lose picks; one pair in a thousand may differ by the mean's 4e-5. */
    @Test
    void nothingThatIsWorseAboutAReplicaGetsItMoreCalls() {
        for (Worse worse : Worse.values()) {
            long better = 0;
            for (long seed = 0; seed < 100; seed++) {
                int picks = new History(worse, false, seed).picks();
                assertThat(new History(worse, true, seed).picks())
                        .as("%s, seed %d", worse, seed)
                        .isLessThanOrEqualTo(picks + 1);
                better += picks;
            }
            assertThat(better).isPositive();
        }
    }

    /** 1 of 20 fails at once. By chance it would get 5 % of the calls, by calls in flight 5 to 11 %. */
    @Test
    void aReplicaThatFailsFastGetsNextToNothing() {
        Traffic traffic = traffic(20, TICK, 7);
        double rate = 0.6 * 20 / WORK;
        traffic.run(5 * SECOND, rate, (replica, now, chance) -> work(chance));
        traffic.forget();
        traffic.run(25 * SECOND, rate, (replica, now, chance) -> replica == 0 ? -0.02 * WORK : work(chance));
        assertThat((double) traffic.failed / traffic.answered).isLessThan(0.003);
        assertThat(traffic.failed).as("it is tried, now and then").isPositive();
    }

    /** 1 of 10 hangs for a second: beyond those in flight, it gets calls until the first is 8 mean latencies old. */
    @Test
    void aReplicaThatHangsGetsNextToNothing() {
        Traffic traffic = traffic(10, TICK, 8);
        double rate = 0.6 * 10 / WORK;
        traffic.run(5 * SECOND, rate, (replica, now, chance) -> work(chance));
        traffic.forget();
        traffic.run(6 * SECOND, rate, (replica, now, chance) -> replica == 0 ? 7 * SECOND - now : work(chance));
        // 600 calls in all. In 8 mean latencies, of about 13 ms, its share would be 6.
        assertThat(traffic.begun[0]).isLessThanOrEqualTo(8);
    }

    /**
     * A replica that was ten times slower is well: in three decays it has four fifths of its share again, and more. What one
     * client gives a replica wavers over the time in which it forgets: over 30 s, three times that, by 8 %, as measured on
     * replicas that were always well; so over 120 s by 4 %, of which a fifth is five.
     */
    @Test
    void aReplicaThatRecoversGetsItsShareAgain() {
        for (int seed = 0; seed < 20; seed++) {
            Traffic traffic = traffic(10, TICK, seed);
            double rate = 0.5 * 10 / WORK;
            traffic.run(20 * SECOND, rate, (replica, now, chance) -> work(chance) * (replica == 0 ? 10 : 1));
            traffic.run(50 * SECOND, rate, (replica, now, chance) -> work(chance));
            traffic.forget();
            traffic.run(170 * SECOND, rate, (replica, now, chance) -> work(chance));
            long all = Arrays.stream(traffic.begun).sum();
            assertThat((double) traffic.begun[0]).as("seed %d", seed).isGreaterThan(0.8 * all / 10);
        }
    }

    /** The same seen by a client that is busy: five seconds after, since what it learnt decays by the answers it gets. */
    @Test
    void toABusyClientItTakesFiveSeconds() {
        for (int seed = 0; seed < 20; seed++) {
            Traffic traffic = traffic(10, TICK, seed);
            double rate = 0.5 * 10 / WORK;
            traffic.run(10 * SECOND, rate, (replica, now, chance) -> work(chance) * (replica == 0 ? 10 : 1));
            traffic.run(15 * SECOND, rate, (replica, now, chance) -> work(chance));
            traffic.forget();
            traffic.run(135 * SECOND, rate, (replica, now, chance) -> work(chance));
            long all = Arrays.stream(traffic.begun).sum();
            assertThat((double) traffic.begun[0]).as("seed %d", seed).isGreaterThan(0.8 * all / 10);
        }
    }

    /** 1 of 10 is ten times slower, and answers: its share of the capacity is 1 of 91, its share by turn 1 of 10. */
    @Test
    void aReplicaThatIsTenTimesSlowerGetsFewCalls() {
        Traffic traffic = traffic(10, TICK, 12);
        double rate = 0.5 * 9.1 / WORK;
        Traffic.Service service = (replica, now, chance) -> work(chance) * (replica == 0 ? 10 : 1);
        traffic.run(5 * SECOND, rate, service);
        traffic.forget();
        traffic.run(25 * SECOND, rate, service);
        assertThat((double) traffic.begun[0] / Arrays.stream(traffic.begun).sum())
                .isLessThan(0.03);
    }

    /** 100 clients, half of capacity, 50,000 calls for each replica: 5 %, and four sigma, which are 1 / sqrt(50,000) by chance. */
    @Test
    void equalReplicasGetEqualSharesFromManyClients() {
        int size = 20;
        Traffic traffic = traffic(size, TICK, 13).amongOthers(adaptive(TICK), 99);
        traffic.run((long) (50_000 * WORK / 0.5), 0.5 * size / WORK, (replica, now, chance) -> work(chance));
        double mean = Arrays.stream(traffic.begun).average().orElseThrow();
        for (long begun : traffic.begun) {
            assertThat(begun / mean).isBetween(0.95 - 4 / Math.sqrt(50_000), 1.05 + 4 / Math.sqrt(50_000));
        }
    }

    /** Equal replicas, one client, half of capacity: nobody gets a quarter more than another in the long run. */
    @Test
    void equalReplicasGetEqualShares() {
        Traffic traffic = traffic(10, TICK, 11);
        traffic.run(100 * SECOND, 0.5 * 10 / WORK, (replica, now, chance) -> work(chance));
        long all = Arrays.stream(traffic.begun).sum();
        for (long begun : traffic.begun) {
            assertThat((double) begun).isBetween(0.8 * all / 10, 1.25 * all / 10);
        }
    }
}
