package io.evenkeel.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.Seeds;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The experiment that Buoyant published ("Beyond round robin", 2016): 11 replicas of about 167 ms, one client of 1,000 calls
 * per second, a minute; for half of it one replica takes 2 s. Round robin answered 95 % within a second, least loaded 99 %,
 * peak EWMA 99.9 %. A replica that is always chosen by turn has 1 / 11 of half of the calls, which is 4.5 %.
 */
class SlowReplicaTest {

    private static final long MILLIS = 1_000;
    private static final long SECOND = 1_000 * MILLIS;

    static List<Arguments> answeredInTime() {
        return List.of(
                Arguments.of(Policy.roundRobin(), 0.952, 0.957),
                Arguments.of(Policy.leastRequest(), 0.99, 0.997),
                Arguments.of(Policy.leastRequest(5), 0.99, 0.997),
                Arguments.of(Policy.peakEwma().withFailureCharge(0).withOpenAge(false), 0.999, 1),
                Arguments.of(Policy.peakEwma(), 0.999, 1),
                Arguments.of(Policy.adaptive(), 0.998, 1));
    }

    private static double work(int replica, long now, SplittableRandom random) {
        boolean slow = replica == 0 && now >= 15 * SECOND && now < 45 * SECOND;
        return slow ? 2 * SECOND : (167 + 5 * random.nextGaussian()) * MILLIS;
    }

    @ParameterizedTest
    @MethodSource("answeredInTime")
    void theShareAnsweredWithinASecondIsAsPublished(Policy policy, double least, double most) {
        Traffic traffic = new Traffic(policy, FakeReplica.fleet(11), 1_000, 1).inParallel(SECOND);
        traffic.run(60 * SECOND, 1.0 / MILLIS, SlowReplicaTest::work);
        assertThat(1 - (double) traffic.late / traffic.answered).isBetween(least, most);
    }

    static List<Policy> byLatency() {
        return List.of(Policy.peakEwma(), Policy.adaptive());
    }

    /** Traefik's: one replica answers in 20 ms and one in 100, one call at a time. Then the fast one takes 200. */
    @ParameterizedTest
    @MethodSource("byLatency")
    void ofTwoTheFasterIsPickedAndTheOtherWhenItIsNoLonger(Policy policy) {
        List<FakeReplica> fleet = FakeReplica.fleet(2);
        Serial client = new Serial(policy, fleet);
        assertThat(client.calls(50, 20, 100)).isGreaterThan(45);
        assertThat(client.calls(60, 200, 100)).isLessThan(60 - 35);
    }

    /** One call after the other. */
    private static final class Serial {
        private final List<FakeReplica> fleet;
        private final Selector selector;
        private final SplittableRandom random = new SplittableRandom(Seeds.of(3));
        private long now;

        Serial(Policy policy, List<FakeReplica> fleet) {
            this.fleet = fleet;
            fleet.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
            this.selector = policy.selector(List.copyOf(fleet), Optional.empty(), 0, random);
        }

        /** How many of them the first of the two gets. */
        int calls(int number, int firstMillis, int secondMillis) {
            int first = 0;
            for (int i = 0; i < number; i++) {
                int index = selector.select(Call.any(), now, random);
                long latency = (index == 0 ? firstMillis : secondMillis) * 1_000_000L;
                fleet.get(index).lastStarted = now;
                selector.started(fleet.get(index), now);
                now += latency;
                selector.answered(fleet.get(index), Outcome.SUCCESS, latency, now);
                first += index == 0 ? 1 : 0;
            }
            return first;
        }
    }
}
