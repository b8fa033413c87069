package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class BreakerTest {

    private static final Call REPEATABLE = Call.any().idempotent();

    /** Three replicas; the breaker of the second is open. */
    private static World opened() {
        World world = World.of(3, World.onlyBreaker());
        world.calls(16, 2, Outcome.FAILURE);
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        return world;
    }

    /** The same, half-open: 5 s and a fifth of jitter later. */
    private static World halfOpen() {
        World world = opened();
        world.pass(Duration.ofSeconds(6));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        return world;
    }

    @Test
    void fifteenFailedCallsDoNotOpenTheBreakerAndSixteenDo() {
        World world = World.of(3, World.onlyBreaker());
        world.calls(15, 2, Outcome.FAILURE);
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
        world.calls(1, 2, Outcome.FAILURE);
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        assertThat(world.share(2, 100)).isZero();
    }

    @Test
    void halfOfTheLastCallsFailingOpensItAlthoughNeverInARow() {
        World world = World.of(3);
        for (int i = 0; i < 16; i++) {
            world.calls(1, 2, i % 2 == 0 ? Outcome.SUCCESS : Outcome.FAILURE);
        }
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
    }

    @Test
    void overloadedCallsCountAsFailed() {
        World world = World.of(3, World.onlyBreaker());
        world.calls(16, 2, Outcome.OVERLOADED);
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
    }

    @Test
    void ignoredCallsDoNotCount() {
        World world = World.of(3, World.onlyBreaker());
        world.calls(50, 2, Outcome.IGNORED);
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
    }

    @Test
    void aHalfOpenReplicaGetsOneTrialAtATime() {
        World world = halfOpen();
        Lease trial = world.acquire(REPEATABLE);
        assertThat(trial.endpoint()).isEqualTo(World.endpoint(2));
        assertThat(world.shares(50, REPEATABLE))
                .doesNotContainKey(World.endpoint(2).id());
        trial.complete(Outcome.SUCCESS);
        assertThat(world.acquire(REPEATABLE).endpoint()).isEqualTo(World.endpoint(2));
    }

    @Test
    void aCallThatMayNotBeRepeatedIsNoTrial() {
        World world = halfOpen();
        assertThat(world.share(2, 50)).isZero();
    }

    @Test
    void threeGoodTrialsBringItBackByARamp() {
        World world = halfOpen();
        for (int i = 0; i < 3; i++) {
            world.acquire(REPEATABLE).complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.stats(2).weight()).isEqualTo(0.1);
        world.pass(Duration.ofSeconds(30));
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
    }

    @Test
    void failedTrialsKeepItOutForTwiceAsLong() {
        World world = halfOpen();
        for (int i = 0; i < 3; i++) {
            world.acquire(REPEATABLE).complete(Outcome.FAILURE);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        world.pass(Duration.ofMillis(9_900));
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        world.pass(Duration.ofMillis(2_200));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
    }

    @Test
    void aTrialThatSaysNothingFreesItsSlot() {
        World world = halfOpen();
        for (int i = 0; i < 20; i++) {
            Lease trial = world.acquire(REPEATABLE);
            assertThat(trial.endpoint()).isEqualTo(World.endpoint(2));
            trial.close();
        }
        for (int i = 0; i < 3; i++) {
            world.acquire(REPEATABLE).complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void aTrialIsOverAtItsAnswerNotAtTheEndOfItsBody() {
        World world = halfOpen();
        for (int i = 0; i < 3; i++) {
            world.acquire(REPEATABLE).answered(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.stats(2).inFlight()).isEqualTo(3);
    }

    @Test
    void aCallWhoseTrialFailedIsRepeatedAtOnceOnTheOnlyOneLeft() {
        World world = halfOpen();
        world.balancer.disable(World.endpoint(3));
        CompletableFuture<String> answer = world.balancer.callAsync(
                REPEATABLE,
                endpoint -> endpoint.equals(World.endpoint(2))
                        ? CompletableFuture.failedFuture(new IOException("still bad"))
                        : CompletableFuture.completedFuture("answer"));
        assertThat(answer).isCompletedWithValue("answer"); // no time has passed
        assertThat(world.balancer.stats().repeats()).isEqualTo(1);
    }

    @Test
    void aTrialThatHangsCountsAsFailed() {
        World world = halfOpen();
        Lease hanging = world.acquire(REPEATABLE);
        world.pass(Duration.ofSeconds(59));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        hanging.complete(Outcome.SUCCESS);
        world.pass(Duration.ofSeconds(12));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        assertThat(world.acquire(REPEATABLE).endpoint()).isEqualTo(World.endpoint(2));
    }

    @Test
    void trialsMayTakeTheirTime() {
        World world = halfOpen();
        for (int i = 0; i < 3; i++) {
            Lease trial = world.acquire(REPEATABLE);
            world.pass(Duration.ofSeconds(3));
            trial.complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void trialsGoOnInPanicAndEndIt() {
        World world = World.of(5, World.onlyBreaker());
        world.calls(16, 1, Outcome.FAILURE);
        world.calls(16, 2, Outcome.FAILURE);
        world.balancer.disable(World.endpoint(4));
        world.balancer.disable(World.endpoint(5));
        assertThat(world.balancer.stats().panic()).isTrue();
        world.pass(Duration.ofSeconds(6));
        for (int i = 0; i < 6; i++) {
            world.acquire(REPEATABLE).complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.balancer.stats().panic()).isFalse();
    }

    @Test
    void whenNoRepeatableCallComesAnyCallMayBeTheTrial() {
        World world = halfOpen();
        world.pass(Duration.ofMillis(5_100));
        for (int i = 0; i < 3; i++) {
            Lease trial = world.acquire();
            assertThat(trial.endpoint()).isEqualTo(World.endpoint(2));
            trial.complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void outcomesThatBelongToAnEarlierStateAreDropped() {
        World world = World.of(3, World.onlyBreaker());
        List<Lease> early = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            early.add(world.acquire(2));
        }
        world.calls(16, 2, Outcome.FAILURE);
        world.pass(Duration.ofSeconds(6));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        early.forEach(lease -> lease.complete(Outcome.FAILURE));
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        for (int i = 0; i < 3; i++) {
            world.acquire(REPEATABLE).complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void aBreakerThatMayNotTakeItsReplicaOutStartsAgainWithAnEmptyWindow() {
        World world = World.of(1, World.onlyBreaker());
        world.calls(40, 1, Outcome.FAILURE);
        assertThat(world.state(1)).isEqualTo(EndpointState.UP);
        world.calls(1, 1, Outcome.SUCCESS);
        assertThat(world.state(1)).isEqualTo(EndpointState.UP);
    }

    @Test
    void inATotalOutageAllStayInUseAndNothingIsRefused() {
        World world = World.of(4, World.onlyBreaker());
        for (int i = 0; i < 2_000; i++) {
            world.acquire().complete(Outcome.FAILURE);
            if (i % 50 == 0) {
                world.settle();
            }
        }
        assertThat(world.balancer.stats().endpoints()).allMatch(line -> line.state() == EndpointState.UP);
    }

    @Test
    void bodiesThatBreakOffOpenTheBreaker() {
        World world = World.of(3, World.onlyBreaker());
        for (int i = 0; i < 16; i++) {
            Lease lease = world.acquire(2);
            lease.answered(Outcome.SUCCESS);
            lease.complete(Outcome.FAILURE);
        }
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
    }

    @Test
    void breakersCanBeTurnedOff() {
        World world =
                World.of(3, settings -> World.onlyBreaker().apply(settings).breaker(Breaker.off()));
        world.calls(100, 2, Outcome.FAILURE);
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
    }

    @Test
    void theWayOutAndBackIsToldStepByStep() {
        World world = halfOpen();
        for (int i = 0; i < 3; i++) {
            world.acquire(REPEATABLE).complete(Outcome.SUCCESS);
        }
        world.pass(Duration.ofSeconds(31));
        assertThat(world.events(Observer.StateChanged.class))
                .extracting(Observer.StateChanged::to)
                .containsExactly(EndpointState.OPEN, EndpointState.HALF_OPEN, EndpointState.RAMPING, EndpointState.UP);
    }
}
