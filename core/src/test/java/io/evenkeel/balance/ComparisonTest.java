package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntToDoubleFunction;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas that are worse than the others, and fleets of which nobody is. */
class ComparisonTest {

    /** Nothing but the comparison ejects. */
    private static final Outliers COMPARING = Outliers.defaults().withConsecutiveFailures(1_000);

    private final SplittableRandom random = new SplittableRandom(42);

    private World world(int n, Outliers outliers) {
        return World.of(n, settings -> settings.outliers(outliers).breaker(Breaker.off()));
    }

    /**
     * Calls to each in turn, so many a second in all, which fail by these shares, until replica 1 is out or the time is over.
     * How many calls replica 1 got.
     */
    private int callInTurn(World world, int n, int perSecond, Duration time, IntToDoubleFunction failing) {
        long calls = time.toSeconds() * perSecond;
        int toFirst = 0;
        for (long call = 0; call < calls && world.state(1) == EndpointState.UP; call++) {
            int replica = (int) (call % n) + 1;
            boolean fails = random.nextDouble() < failing.applyAsDouble(replica);
            world.acquire(replica).complete(fails ? Outcome.FAILURE : Outcome.SUCCESS);
            toFirst += replica == 1 ? 1 : 0;
            world.pass(Duration.ofSeconds(1).dividedBy(perSecond));
        }
        return toFirst;
    }

    /**
     * Of five calls a second in all. The others' share is at most 1 / (n + 1) of n calls, 0.012 after half a minute; a failure is then worth ln(0.21 /
     * 0.01) = 3.0 and a success -0.22, so three failures in ten calls 7.6, and the alarm, 13.8, comes after 18 calls on average, and later by
     * the calls that it takes to know the others. Five deviations more are 60.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 9})
    void whoeverFailsThreeCallsInTenIsFoundAmongFewWithFewCalls(int n) {
        World world = world(n, COMPARING);
        callInTurn(world, n, 5, Duration.ofSeconds(30), replica -> 0);
        int calls = callInTurn(world, n, 5, Duration.ofMinutes(5), replica -> replica == 1 ? 0.3 : 0);
        assertThat(world.state(1)).isEqualTo(EndpointState.EJECTED);
        assertThat(world.stats(1).reason()).contains("of its calls failed, of the others' 0 %");
        assertThat(calls).isLessThan(60);
    }

    /** By chance once in a million calls of a replica; these are 108,000 of each. */
    @ParameterizedTest
    @ValueSource(doubles = {0.001, 0.02, 0.2, 0.5, 0.9})
    void whereAllFailAlikeNobodyIsEjected(double share) {
        World world = world(3, COMPARING);
        callInTurn(world, 3, 5, Duration.ofHours(6), replica -> share);
        assertThat(world.events(Observer.StateChanged.class)).isEmpty();
    }

    @Test
    void whoeverFailsALittleMoreThanTheOthersStays() {
        World world = world(3, COMPARING);
        callInTurn(world, 3, 5, Duration.ofHours(1), replica -> replica == 1 ? 0.04 : 0.01);
        assertThat(world.events(Observer.StateChanged.class)).isEmpty();
    }

    /** Rounds of one call to each, of which those to replica 1 take longer, until it is out. How many rounds. */
    private static int rounds(World world, int n, int most, Duration usual, Duration ofFirst) {
        int rounds = 0;
        while (rounds < most && world.state(1) == EndpointState.UP) {
            for (int i = 1; i <= n; i++) {
                Lease lease = world.acquire(i);
                world.pass(i == 1 ? ofFirst : usual);
                lease.complete(Outcome.SUCCESS);
            }
            rounds++;
        }
        return rounds;
    }

    /**
     * A call that takes 20 times as long is 2.7 times the limit, five times 15 ms, and so worth 1.7: 12 of them give the alarm; looks begin with
     * the sixteenth answer, and are a second apart, in which there are no more than nine.
     */
    @ParameterizedTest
    @ValueSource(ints = {2, 5, 9})
    void whoeverTakesMuchLongerIsEjected(int n) {
        World world = world(n, COMPARING);
        int rounds = rounds(world, n, 100, Duration.ofMillis(10), Duration.ofMillis(200));
        assertThat(world.state(1)).isEqualTo(EndpointState.EJECTED);
        assertThat(world.stats(1).reason()).isEqualTo("it takes 200 ms on average, the others 10 ms");
        assertThat(rounds).isBetween(12, 40);
    }

    @Test
    void whoeverTakesThreeTimesAsLongStays() {
        World world = world(3, COMPARING);
        assertThat(rounds(world, 3, 5_000, Duration.ofMillis(20), Duration.ofMillis(60)))
                .isEqualTo(5_000);
    }

    /** Three that are near, of which each gets thirty calls of 5 ms for one of 150 ms that each of three others gets, but for what the last takes. */
    private static World nearAndFar(UnaryOperator<Endpoint> far, int rounds, Duration ofLast) {
        World world = new World(settings -> settings.breaker(Breaker.off()));
        Endpoint[] all = new Endpoint[6];
        Arrays.setAll(all, i -> i < 3 ? World.endpoint(i + 1) : far.apply(World.endpoint(i + 1)));
        world.list(all);
        for (int round = 0;
                round < rounds && world.events(Observer.StateChanged.class).isEmpty();
                round++) {
            for (int i = 1; i <= 6; i++) {
                for (int call = 0; call < (i < 4 ? 30 : 1); call++) {
                    Lease lease = world.acquire(i);
                    world.pass(i < 4 ? Duration.ofMillis(5) : i < 6 ? Duration.ofMillis(150) : ofLast);
                    lease.complete(Outcome.SUCCESS);
                }
            }
        }
        return world;
    }

    /** They would take the places of those that fail, of whom only so many may be out. */
    @Test
    void whoeverIsFarAwayIsNoOutlierThere() {
        List<UnaryOperator<Endpoint>> ways =
                List.of(endpoint -> endpoint.withZone("far"), endpoint -> endpoint.withPriority(1));
        for (UnaryOperator<Endpoint> far : ways) {
            World world = nearAndFar(far, 200, Duration.ofMillis(150));
            assertThat(world.events(Observer.StateChanged.class)).isEmpty();
        }
    }

    @Test
    void whoeverIsSlowAmongThoseFarAwayIsEjected() {
        World world = nearAndFar(endpoint -> endpoint.withZone("far"), 200, Duration.ofSeconds(2));
        Observer.StateChanged first = world.events(Observer.StateChanged.class).getFirst();
        assertThat(first.endpoint().id()).isEqualTo(World.endpoint(6).id());
        assertThat(first.reason()).isEqualTo("it takes 2000 ms on average, the others 150 ms");
    }

    @Test
    void whoeverIsAloneInItsZoneIsComparedWithTheOthers() {
        World world = new World(settings -> settings.breaker(Breaker.off()));
        Endpoint[] all = new Endpoint[3];
        Arrays.setAll(all, i -> World.endpoint(i + 1).withZone("zone-" + i));
        world.list(all);
        rounds(world, 3, 100, Duration.ofMillis(10), Duration.ofMillis(200));
        assertThat(world.state(1)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void oneStallEjectsNobody() {
        World world = world(3, COMPARING);
        rounds(world, 3, 100, Duration.ofMillis(10), Duration.ofMillis(10));
        List<Lease> stalled = List.of(world.acquire(1), world.acquire(1), world.acquire(1), world.acquire(1));
        world.pass(Duration.ofSeconds(10));
        stalled.forEach(lease -> lease.complete(Outcome.SUCCESS));
        world.pass(Duration.ofSeconds(1));
        assertThat(rounds(world, 3, 1_000, Duration.ofMillis(10), Duration.ofMillis(10)))
                .isEqualTo(1_000);
    }

    @Test
    void whereAllFailInARowNobodyIsEjected() {
        World world = World.of(3);
        callInTurn(world, 3, 100, Duration.ofSeconds(10), replica -> 1);
        assertThat(world.events(Observer.StateChanged.class)).isEmpty();
    }

    @Test
    void whereAllFailHalfOfTheCallsNoBreakerOpens() {
        World world = World.of(4, World.onlyBreaker());
        callInTurn(world, 4, 100, Duration.ofMinutes(1), replica -> 0.6);
        assertThat(world.events(Observer.StateChanged.class)).isEmpty();
    }

    @Test
    void aDryRunSaysWhomItWouldEjectAndEjectsNobody() {
        World world = World.of(
                3,
                settings -> settings.outliers(Outliers.defaults().withDryRun(true))
                        .breaker(Breaker.defaults().withDryRun(true)));
        for (int second = 0; second < 10; second++) {
            world.calls(90, 2, Outcome.FAILURE);
            world.pass(Duration.ofMillis(990));
        }
        world.refuse(3);
        assertThat(world.events(Observer.StateChanged.class)).isEmpty();
        List<Observer.WouldHaveTakenOut> told = world.events(Observer.WouldHaveTakenOut.class);
        assertThat(told).hasSizeBetween(10, 14);
        assertThat(told)
                .extracting(event -> event.endpoint().id() + " " + event.to())
                .contains(World.endpoint(2).id() + " EJECTED", World.endpoint(3).id() + " EJECTED");
        assertThat(told).extracting(Observer.WouldHaveTakenOut::reason).anyMatch(why -> why.contains("in a row"));
    }

    @Test
    void whereNoCallsAreMadeNobodyLooks() {
        World world = World.of(3);
        world.calls(1, 1, Outcome.FAILURE);
        assertThat(world.time.waiting()).isPositive();
        world.pass(Duration.ofMinutes(2));
        assertThat(world.time.waiting()).isZero();
        world.calls(16, 1, Outcome.SUCCESS);
        assertThat(world.time.waiting()).isPositive();
    }
}
