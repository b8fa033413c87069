package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.SlowStart;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class SlowStartTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void aNewReplicaRisesFromATenthOfItsShareToAllOfItInThirtySeconds() {
        World world = World.of(4);
        world.list(5);
        for (int second = 0; second < 30; second++) {
            assertThat(world.state(5)).isEqualTo(EndpointState.RAMPING);
            assertThat(world.stats(5).reason()).isEqualTo("newly listed");
            // Tenths, a step every 3 s: the line from 0 to 1, rounded up.
            assertThat(world.stats(5).weight()).isEqualTo((second / 3 + 1) / 10.0);
            world.pass(SECOND);
        }
        assertThat(world.state(5)).isEqualTo(EndpointState.UP);
        assertThat(world.stats(5).weight()).isEqualTo(1);
    }

    /** No two readings of a clock are the same. */
    @Test
    void theRampIsAsLongOnAClockThatGoesOnWhileAListIsTakenIn() {
        AtomicLong nanos = new AtomicLong();
        World world = World.of(4, settings -> settings.clock(() -> nanos.addAndGet(100)));
        world.list(5);
        nanos.addAndGet(Duration.ofSeconds(20).toNanos());
        world.list(5);
        assertThat(world.state(5)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void theCallsOfTheWholeRampAreThoseUnderItsLine() {
        World world = World.of(4, settings -> settings.policy(Policy.random()));
        world.list(5);
        int calls = 0;
        for (int second = 0; second < 30; second++) {
            calls += world.share(5, 100);
            world.pass(SECOND);
        }
        // The sum over steps s of s/10 : (4 + s/10) is 1.174 of 10 steps of 300 calls each: 352.2, a deviation of 17.6.
        assertThat(calls).isBetween(352 - 88, 352 + 88);
    }

    @Test
    void anybodyInTheFirstListIsUsedInFullAtOnce() {
        World world = World.of(3);
        for (int i = 1; i <= 3; i++) {
            assertThat(world.state(i)).isEqualTo(EndpointState.UP);
        }
    }

    @Test
    void halfOfTheListMayRampAndMoreMayNot() {
        World half = World.of(3);
        half.list(6);
        assertThat(half.stats(6).weight()).isEqualTo(0.1);
        World more = World.of(3);
        more.list(7);
        assertThat(more.stats(7).weight()).isEqualTo(1);
        assertThat(more.state(7)).isEqualTo(EndpointState.UP);
    }

    /** Eight, of which one leaves and one comes every second. */
    private static World deploying(int replaced) {
        World world = World.of(8);
        for (int first = 2; first <= replaced + 1; first++) {
            world.pass(SECOND);
            world.list(window(first));
        }
        return world;
    }

    @Test
    void aDeploymentThatHasReplacedHalfTheListLetsTheNewOnesRamp() {
        World world = deploying(4);
        assertThat(ramping(world)).isEqualTo(4);
        assertThat(world.stats(12).weight()).isEqualTo(0.1);
    }

    @Test
    void onceMoreThanHalfOfTheListIsNewAllOfItIsUsedInFull() {
        World world = deploying(5);
        assertThat(ramping(world)).isZero();
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.weight()).isEqualTo(1));
        assertThat(world.events(Observer.StateChanged.class))
                .extracting(Observer.StateChanged::from, Observer.StateChanged::to)
                .containsOnly(tuple(EndpointState.RAMPING, EndpointState.UP))
                .hasSize(4);
    }

    @Test
    void whileADeploymentGoesOnNobodyHasARampAndAfterItNewOnesHaveOne() {
        World world = deploying(40);
        assertThat(ramping(world)).isZero();
        world.pass(Duration.ofSeconds(30));
        world.list(window(42));
        assertThat(world.state(49)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void thoseThatLeaveMakeNewOnesMoreThanHalf() {
        World world = World.of(5);
        world.list(8);
        assertThat(ramping(world)).isEqualTo(3);
        world.list(window(4)[0], window(4)[1], window(4)[2], window(4)[3], window(4)[4]); // 4 to 8
        assertThat(ramping(world)).isZero();
    }

    @Test
    void aReplicaThatIsBackFromAnEjectionKeepsItsRampWhileMostAreNew() {
        World world = World.of(4);
        world.calls(5, 1, Outcome.FAILURE);
        world.pass(Duration.ofMillis(1_250));
        assertThat(world.state(1)).isEqualTo(EndpointState.RAMPING);
        world.list(9);
        assertThat(world.state(9)).isEqualTo(EndpointState.UP);
        assertThat(world.state(1)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void leavingAndReturningWhileMostAreNewDoesNotEndTheRampOfOneThatIsBack() {
        World world = World.of(4);
        for (int i = 0; i < 4; i++) { // up to an ejection of 8 s
            world.calls(5, 4, Outcome.FAILURE);
            world.pass(Duration.ofMillis((1_200L << i) + 20));
        }
        assertThat(world.state(4)).isEqualTo(EndpointState.RAMPING);
        world.list(3);
        world.pass(SECOND.multipliedBy(2));
        world.list(4);
        world.list(9);
        assertThat(world.state(9)).isEqualTo(EndpointState.UP);
        assertThat(world.state(4)).isEqualTo(EndpointState.RAMPING);
    }

    private static long ramping(World world) {
        return world.balancer.stats().endpoints().stream()
                .filter(line -> line.state() == EndpointState.RAMPING)
                .count();
    }

    private static Endpoint[] window(int first) {
        Endpoint[] eight = new Endpoint[8];
        Arrays.setAll(eight, i -> World.endpoint(first + i));
        return eight;
    }

    @Test
    void aReplicaThatLeavesForLongAndReturnsIsAsNew() {
        World world = World.of(4);
        world.list(3);
        world.pass(Duration.ofMinutes(1));
        world.list(4);
        assertThat(world.state(4)).isEqualTo(EndpointState.RAMPING);
        world.pass(Duration.ofSeconds(29));
        assertThat(world.stats(4).weight()).isEqualTo(1);
        assertThat(world.state(4)).isEqualTo(EndpointState.RAMPING);
        world.pass(SECOND);
        assertThat(world.state(4)).isEqualTo(EndpointState.UP);
    }

    @Test
    void aShortAbsenceFromTheListMakesAShortRamp() {
        World world = World.of(4);
        world.list(3);
        world.pass(Duration.ofMillis(1_500));
        world.list(4);
        world.pass(Duration.ofMillis(14_999));
        assertThat(world.state(4)).isEqualTo(EndpointState.RAMPING);
        world.pass(Duration.ofMillis(1));
        assertThat(world.state(4)).isEqualTo(EndpointState.UP);
    }

    @Test
    void aListThatFlapsWithinASecondChangesNothing() {
        World world = World.of(4);
        for (int flap = 0; flap < 10; flap++) {
            world.list(3);
            world.pass(Duration.ofMillis(500));
            world.list(4);
            world.pass(Duration.ofMillis(500));
            assertThat(world.state(4)).isEqualTo(EndpointState.UP);
        }
    }

    @Test
    void leavingAndReturningNeverShortensARamp() {
        World world = World.of(4);
        world.list(5);
        world.pass(SECOND);
        world.list(4);
        world.pass(Duration.ofMillis(1_100));
        world.list(5);
        world.pass(Duration.ofMillis(27_899));
        assertThat(world.state(5)).isEqualTo(EndpointState.RAMPING);
        world.pass(Duration.ofMillis(1));
        assertThat(world.state(5)).isEqualTo(EndpointState.UP);
    }

    @Test
    void anEjectedReplicaThatReturnsStaysEjected() {
        World world = World.of(4, settings -> settings.slowStart(SlowStart.over(Duration.ofMinutes(1))));
        for (int i = 0; i < 5; i++) { // up to an ejection of 16 s
            world.calls(5, 4, Outcome.FAILURE);
            world.pass(Duration.ofMillis((1_200L << i) + 20));
        }
        world.calls(5, 4, Outcome.FAILURE);
        world.list(3);
        world.pass(SECOND.multipliedBy(2));
        world.list(4);
        assertThat(world.state(4)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void lastResortsThatAreListedAgainWereNeverAway() {
        World world = World.of(5);
        world.list(2);
        world.pass(SECOND.multipliedBy(30));
        world.list(3);
        assertThat(world.state(3)).isEqualTo(EndpointState.UP);
    }

    @Test
    void withoutSlowStartEverybodyGetsAFullShareAtOnceButIsForgivenNoEarlier() {
        World world = World.of(3, settings -> settings.slowStart(SlowStart.off()));
        world.list(4);
        assertThat(world.state(4)).isEqualTo(EndpointState.UP);
        assertThat(world.stats(4).weight()).isEqualTo(1);
        world.calls(5, 2, Outcome.FAILURE);
        world.pass(Duration.ofMillis(1_250));
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
        world.calls(5, 2, Outcome.FAILURE);
        world.pass(Duration.ofMillis(1_900));
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void theLengthOfTheRampIsASetting() {
        World world = World.of(3, settings -> settings.slowStart(SlowStart.over(Duration.ofMinutes(5))));
        world.list(4);
        world.pass(Duration.ofSeconds(299));
        assertThat(world.state(4)).isEqualTo(EndpointState.RAMPING);
        world.pass(SECOND);
        assertThat(world.state(4)).isEqualTo(EndpointState.UP);
    }

    @Test
    void aNewReplicaIsNotFloodedByManyClients() {
        List<World> clients = new ArrayList<>();
        int calls = 0;
        for (int client = 0; client < 50; client++) {
            RandomGenerator own = new SplittableRandom(client);
            clients.add(World.of(9, settings -> settings.random(() -> own)));
        }
        for (World client : clients) {
            client.list(10);
            calls += client.share(10, 40);
        }
        // 0.1 / 9.1 of 2,000 calls: 22 with a deviation of 4.7; its full share would be 200.
        assertThat(calls).isBetween(1, 22 + 24);
    }
}
