package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is chosen call by call, where that is exact: the tests of HAProxy and nginx that need no processes. */
class SequencesTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private static int number(Lease lease) {
        String host = lease.endpoint().uri().getHost();
        return Integer.parseInt(host.substring(host.lastIndexOf('.') + 1));
    }

    /** How many calls each of the endpoints gets, one after the other, of which all on endpoint 1 fail. */
    private static int[] counts(World world, int endpoints, int calls, boolean refusing) {
        int[] counts = new int[endpoints];
        for (int i = 0; i < calls; i++) {
            Lease lease = world.acquire();
            counts[number(lease) - 1]++;
            if (number(lease) != 1) {
                lease.complete(Outcome.SUCCESS);
            } else if (refusing) {
                lease.fail(new ConnectException("refused"));
            } else {
                lease.complete(Outcome.FAILURE);
            }
            world.settle();
        }
        return counts;
    }

    @Test
    void ofThirtyCallsByTurnEachOfTwoGetsFifteen() {
        World world = World.of(2, settings -> settings.policy(Policy.roundRobin()));
        List<Integer> served = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            Lease lease = world.acquire();
            served.add(number(lease));
            lease.complete(Outcome.SUCCESS);
        }
        for (int i = 0; i < 30; i++) {
            assertThat(served.get(i)).isEqualTo(i % 2 == 0 ? served.get(0) : 3 - served.get(0));
        }
    }

    /** It is taken out after five in a row, or the first refused connection. */
    @ParameterizedTest
    @CsvSource({"2, false, 5", "3, false, 5", "5, false, 5", "2, true, 1", "3, true, 1", "5, true, 1"})
    void aReplicaThatFailsEveryCallGetsSoManyOfThirtyByTurn(int size, boolean refusing, int failures) {
        World world = World.of(size, settings -> settings.policy(Policy.roundRobin()));
        int[] counts = counts(world, size, 30, refusing);
        assertThat(counts[0]).isEqualTo(failures);
        assertThat(Arrays.stream(counts).sum()).isEqualTo(30);
        int[] others = Arrays.copyOfRange(counts, 1, size);
        // By turn until it is out, and after; the place of its turn may differ.
        assertThat(Arrays.stream(others).max().orElseThrow()
                        - Arrays.stream(others).min().orElseThrow())
                .isLessThanOrEqualTo(2);
        assertThat(world.state(1)).isEqualTo(EndpointState.EJECTED);
    }

    static List<Policy> policiesThatCompareCallsInFlight() {
        return List.of(
                Policy.leastRequest(),
                Policy.leastRequest(2),
                Policy.leastRequest(8),
                Policy.peakEwma(),
                Policy.adaptive());
    }

    /** Traefik allows 5 of 25. */
    @ParameterizedTest
    @MethodSource("policiesThatCompareCallsInFlight")
    void ofFiftyCallsThatAreHeldEachOfTwoHasTwentyFive(Policy policy) {
        World world = World.of(2, settings -> settings.policy(policy));
        warm(world, 20);
        for (int i = 1; i <= 50; i++) {
            world.acquire();
            world.pass(Duration.ofNanos(1_000));
            assertThat(Math.abs(world.stats(1).inFlight() - world.stats(2).inFlight()))
                    .isLessThanOrEqualTo(1);
        }
        assertThat(world.stats(1).inFlight()).isEqualTo(25);
    }

    /** Each of 5 ms. */
    private static void warm(World world, int calls) {
        for (int i = 0; i < calls; i++) {
            Lease lease = world.acquire();
            world.pass(Duration.ofMillis(5));
            lease.complete(Outcome.SUCCESS);
        }
    }

    /** With calls held, the next one goes where one has just ended, whoever it was. */
    @Test
    void theNextCallGoesWhereOneHasEnded() {
        World world = World.of(5, settings -> settings.policy(Policy.leastRequest(8)));
        RandomGenerator random = new SplittableRandom(4);
        List<Lease> held = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            held.add(world.acquire());
            world.pass(MILLI);
        }
        for (int i = 1; i <= 5; i++) {
            assertThat(world.stats(i).inFlight()).isEqualTo(4);
        }
        for (int i = 0; i < 200; i++) {
            Lease ended = held.remove(random.nextInt(held.size()));
            ended.complete(Outcome.SUCCESS);
            Lease next = world.acquire();
            assertThat(next.endpoint()).isEqualTo(ended.endpoint());
            held.add(next);
            world.pass(MILLI);
        }
    }

    /** A call is in flight until the end of its body, not until its answer. */
    @Test
    void aBodyThatIsHeldKeepsItsReplicaBusy() {
        World world = World.of(2, settings -> settings.policy(Policy.leastRequest()));
        Lease held = world.acquire();
        held.answered(Outcome.SUCCESS);
        for (int i = 0; i < 10; i++) {
            world.pass(MILLI);
            Lease next = world.acquire();
            assertThat(next.endpoint()).isNotEqualTo(held.endpoint());
            next.complete(Outcome.SUCCESS);
        }
        held.complete(Outcome.SUCCESS);
        world.pass(MILLI);
        assertThat(world.acquire().endpoint()).isEqualTo(held.endpoint());
    }

    /**
     * All calls have one key, and none ends. With m in flight its home takes the next one while it has fewer than 1.25 (m + 1) / 10
     * of them, rounded up, or fewer than four.
     */
    @Test
    void theHomeOfAKeyThatEverybodyHasTakesOneAndAQuarterOfItsShare() {
        World world = World.of(10);
        Call call = Call.any().withKey("hot");
        Endpoint home = world.acquire(call).endpoint();
        int its = 1;
        for (int inFlight = 1; inFlight < 200; inFlight++) {
            boolean due = its < Math.max(4, Math.ceil(1.25 * (inFlight + 1) / 10));
            boolean taken = world.acquire(call).endpoint().equals(home);
            assertThat(taken)
                    .as("with %d in flight, %d of them at home", inFlight, its)
                    .isEqualTo(due);
            its += taken ? 1 : 0;
        }
        assertThat(its).isEqualTo(25);
    }

    private static Endpoint[] places(World world, int keys) {
        Endpoint[] places = new Endpoint[keys];
        for (int key = 0; key < keys; key++) {
            Lease lease = world.acquire(Call.any().withKey("user-" + key));
            places[key] = lease.endpoint();
            lease.complete(Outcome.SUCCESS);
        }
        return places;
    }

    /** The keys of a replica that is out move, and no others; in ten steps of its ramp they come back, and none goes elsewhere. */
    @Test
    void onlyTheKeysOfTheReplicaThatIsOutMoveAndComeBackByItsRamp() {
        World world = World.of(8, settings -> settings.breaker(Breaker.off()));
        int keys = 2_000;
        Endpoint gone = World.endpoint(3);
        Endpoint[] before = places(world, keys);
        world.pass(Duration.ofMinutes(1));
        for (int doubling = 0; doubling < 3; doubling++) {
            world.refuse(3);
            Endpoint[] without = places(world, keys);
            for (int key = 0; key < keys; key++) {
                assertThat(without[key].equals(before[key])).isEqualTo(!before[key].equals(gone));
            }
            while (world.state(3) == EndpointState.EJECTED) {
                world.pass(Duration.ofMillis(10));
            }
        }
        int back = 0;
        for (int step = 1; step <= 10; step++) {
            assertThat(world.stats(3).weight()).isEqualTo(step / 10.0);
            Endpoint[] now = places(world, keys);
            int its = 0;
            for (int key = 0; key < keys; key++) {
                if (!now[key].equals(before[key])) {
                    assertThat(before[key]).isEqualTo(gone);
                }
                its += now[key].equals(gone) ? 1 : 0;
            }
            // w / (7 + w) of the keys, five sigma.
            double share = step / 10.0 / (7 + step / 10.0);
            assertThat((double) its)
                    .isBetween(keys * share - 5 * Math.sqrt(keys * share), keys * share + 5 * Math.sqrt(keys * share));
            assertThat(its).isGreaterThanOrEqualTo(back);
            back = its;
            world.pass(Duration.ofSeconds(3));
        }
        assertThat(places(world, keys)).isEqualTo(before);
    }

    /**
     * Two replicas, one call at a time, 10 ms each but the first of one of them, whose peak v is ten, or seventy times as high. It
     * is left alone until that has decayed to 10 ms, for ln (v / 10) times 10 s. Then one call finds out, of which the mean is
     * v k + 10 (1 - k), k being 10 / v: 20 - 100 / v, and so on: it comes back by and by.
     */
    @ParameterizedTest
    @ValueSource(ints = {100, 700})
    void aReplicaThatWasSlowOnceIsTriedAgainWheneverItsPeakHasDecayed(int peakMillis) {
        World world = World.of(2, settings -> settings.policy(Policy.peakEwma()));
        assertThat(call(world, 10)).isNotEqualTo(call(world, peakMillis)); // an unknown one comes first
        int slow = slower(world);
        long last = world.time.getAsLong();
        double mean = peakMillis;
        for (int tries = 0; tries < 8; tries++) {
            world.pass(Duration.ofMillis(40)); // a call every 50 ms
            while (call(world, 10) != slow) {
                world.pass(Duration.ofMillis(40));
            }
            double waited = (world.time.getAsLong() - last) / 1e9;
            double due = Math.log(mean / 10) * 10;
            assertThat(waited).as("try %d", tries + 1).isBetween(due - 0.1, due + 0.1);
            mean = 20 - 100 / mean;
            last = world.time.getAsLong();
        }
    }

    private static int slower(World world) {
        return world.balancer.explain(Call.any()).candidates().get(0).score().orElseThrow()
                        > world.balancer
                                .explain(Call.any())
                                .candidates()
                                .get(1)
                                .score()
                                .orElseThrow()
                ? 1
                : 2;
    }

    private static int call(World world, int millis) {
        Lease lease = world.acquire();
        world.pass(Duration.ofMillis(millis));
        lease.complete(Outcome.SUCCESS);
        return number(lease);
    }
}
