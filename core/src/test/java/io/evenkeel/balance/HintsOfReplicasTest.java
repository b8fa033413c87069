package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.EndpointState;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What replicas ask for: a pause, or fewer calls since they go away. */
class HintsOfReplicasTest {

    private static void pause(World world, int i, Duration length) {
        try (Lease lease = world.acquire(i)) {
            lease.pause(length);
            lease.complete(Outcome.OVERLOADED);
        }
        world.settle();
    }

    @Test
    void whoAsksForAPauseGetsNoCallsUntilThenAndReturnsByARamp() {
        World world = World.of(3);
        pause(world, 2, Duration.ofSeconds(5));
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        assertThat(world.stats(2).reason()).isEqualTo("it asked for a pause of PT5S");
        assertThat(world.share(2, 100)).isZero();
        world.pass(Duration.ofMillis(4_980));
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        world.pass(Duration.ofMillis(1_020)); // a fifth of jitter
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void aPauseLastsNoLongerThanTheLongestEjection() {
        World world = World.of(3);
        pause(world, 2, Duration.ofDays(400_000));
        world.pass(Duration.ofSeconds(73));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void notAllPauseAtOnceAndOneAloneNever() {
        World world = World.of(4);
        for (int i = 1; i <= 4; i++) {
            pause(world, i, Duration.ofSeconds(5));
        }
        assertThat(world.shares(100)).hasSize(2);
        World one = World.of(1);
        pause(one, 1, Duration.ofSeconds(5));
        assertThat(one.state(1)).isEqualTo(EndpointState.UP);
    }

    @Test
    void noPauseIsNoNewsAndNobodyPausesWhereEjectionIsOff() {
        World world = World.of(3);
        pause(world, 2, Duration.ZERO);
        pause(world, 2, Duration.ofSeconds(-1));
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
        World off = World.of(3, settings -> settings.outliers(Outliers.off()));
        pause(off, 2, Duration.ofSeconds(5));
        assertThat(off.state(2)).isEqualTo(EndpointState.UP);
    }

    private static void leaving(World world, int i) {
        try (Lease lease = world.acquire(i)) {
            lease.leaving();
            lease.complete(Outcome.SUCCESS);
        }
        world.settle();
    }

    /** Weights 1, 0.1, 1: the draw gives 0.1 / 2.1 = 4.8 %, of 2,000 calls 95 with a deviation of 9.5. */
    @Test
    void whoSaysThatItGoesAwayGetsATenthOfItsShareForTenSeconds() {
        World world = World.of(3);
        leaving(world, 2);
        assertThat(world.stats(2).weight()).isEqualTo(0.1);
        assertThat(world.stats(2).reason()).isEqualTo("it said that it goes away");
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
        assertThat(world.share(2, 2_000)).isBetween(95 - 48, 95 + 48);
        world.pass(Duration.ofMillis(9_980));
        assertThat(world.stats(2).weight()).isEqualTo(0.1);
        world.pass(Duration.ofMillis(20));
        assertThat(world.stats(2).weight()).isEqualTo(1);
        assertThat(world.stats(2).reason()).isEmpty();
    }

    @Test
    void threeAnswersInARowThatCloseTheConnectionSayTheSame() {
        World world = World.of(3);
        closing(world, true, true, false, true, true);
        world.pass(Duration.ofMillis(200));
        assertThat(world.stats(2).weight()).isEqualTo(1);
        closing(world, true);
        assertThat(world.stats(2).weight()).isEqualTo(0.1);
    }

    @Test
    void connectionsThatEndTogetherSayNothing() {
        World world = World.of(3);
        closing(world, false, true, true, true, true, true, true, false);
        world.pass(Duration.ofMillis(200));
        closing(world, true, true);
        assertThat(world.stats(2).weight()).isEqualTo(1);
    }

    @Test
    void whoNeverKeepsAConnectionDoesNotGoAway() {
        World world = World.of(3);
        for (int i = 0; i < 100; i++) {
            closing(world, true);
        }
        assertThat(world.stats(2).weight()).isEqualTo(1);
    }

    @Test
    void whoSaysItWithEveryAnswerIsHeardOnceASecond() {
        World world = World.of(3);
        leaving(world, 2);
        long rebuilds = world.time.waiting();
        try (Lease lease = world.acquire(2)) {
            for (int i = 0; i < 100; i++) {
                lease.leaving();
            }
        }
        assertThat(world.time.waiting()).isEqualTo(rebuilds);
        world.pass(Duration.ofMillis(9_980));
        leaving(world, 2);
        world.pass(Duration.ofMillis(9_980));
        assertThat(world.stats(2).weight()).isEqualTo(0.1);
    }

    @Test
    void noShorterPauseEndsALongerAndALongerOneGoesOn() {
        World world = World.of(3);
        Lease one = world.acquire(2);
        Lease other = world.acquire(2);
        pause(world, 2, Duration.ofSeconds(5));
        one.pause(Duration.ZERO);
        one.pause(Duration.ofSeconds(1));
        world.settle();
        world.pass(Duration.ofMillis(4_900));
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        other.pause(Duration.ofSeconds(10));
        world.settle();
        world.pass(Duration.ofMillis(9_900));
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    private static void closing(World world, boolean... answers) {
        for (boolean closes : answers) {
            try (Lease lease = world.acquire(2)) {
                lease.closing(closes);
                lease.complete(Outcome.SUCCESS);
            }
        }
        world.settle();
    }

    @Test
    void whoAllGoAwayShareAsBefore() {
        World world = World.of(2);
        leaving(world, 1);
        leaving(world, 2);
        assertThat(world.shares(1_000, Call.any()).values()).allMatch(share -> share > 400);
    }

    @Test
    void aPauseHoldsAlsoWhereTheBreakerHasOpened() {
        World world =
                World.of(3, settings -> settings.outliers(Outliers.defaults().withConsecutiveFailures(100)));
        List<Lease> leases = Stream.generate(() -> world.acquire(2)).limit(16).toList();
        leases.forEach(lease -> {
            lease.pause(Duration.ofSeconds(50));
            lease.complete(Outcome.OVERLOADED);
        });
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        world.pass(Duration.ofSeconds(49));
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        try (Lease trial = world.acquire(Call.any().idempotent())) {
            assertThat(trial.endpoint()).isEqualTo(World.endpoint(2));
            trial.pause(Duration.ofSeconds(40));
            world.settle();
            assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        }
        world.pass(Duration.ofSeconds(39));
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
    }
}
