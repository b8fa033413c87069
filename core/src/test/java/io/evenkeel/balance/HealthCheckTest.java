package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.HealthCheck;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HealthCheckTest {

    private static final Duration INTERVAL = Duration.ofSeconds(5);

    private final List<String> asked = new ArrayList<>();
    private final Set<String> sick = new HashSet<>();
    private final Set<String> silent = new HashSet<>();

    private CompletionStage<Boolean> ask(Endpoint endpoint) {
        asked.add(endpoint.id());
        return silent.contains(endpoint.id())
                ? new CompletableFuture<>()
                : CompletableFuture.completedFuture(!sick.contains(endpoint.id()));
    }

    private World world(int n) {
        return world(n, check -> check, settings -> settings);
    }

    private World world(int n, UnaryOperator<HealthCheck> check, UnaryOperator<LoadBalancer.Builder> settings) {
        return World.of(n, builder -> settings.apply(builder.healthCheck(check.apply(HealthCheck.of(this::ask)))));
    }

    private static String id(int i) {
        return World.endpoint(i).id();
    }

    @Test
    void eachReplicaIsAskedOnceInAnInterval() {
        World world = world(3);
        world.pass(INTERVAL.multipliedBy(20));
        for (int i = 1; i <= 3; i++) {
            assertThat(asked.stream().filter(id(i)::equals).count()).isBetween(17L, 23L);
        }
    }

    @Test
    void whoFailsThreeChecksInARowIsOutUntilItPassesTwo() {
        World world = world(3);
        sick.add(id(2));
        world.pass(INTERVAL.multipliedBy(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
        world.pass(INTERVAL.multipliedBy(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.UNHEALTHY);
        assertThat(world.stats(2).reason()).contains("health checks failed");
        assertThat(world.share(2, 100)).isZero();
        assertThat(world.balancer.stats().panic()).isFalse();
        sick.clear();
        world.pass(Duration.ofMillis(5_600));
        assertThat(world.state(2)).isEqualTo(EndpointState.UNHEALTHY);
        world.pass(Duration.ofMillis(5_600));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.events(Observer.StateChanged.class))
                .extracting(Observer.StateChanged::to)
                .containsExactly(EndpointState.UNHEALTHY, EndpointState.RAMPING);
    }

    @Test
    void whoAnswersCallsIsNotChecked() {
        World world = world(2);
        world.pass(INTERVAL);
        asked.clear();
        for (int i = 0; i < 100; i++) {
            world.calls(1, 1, Outcome.SUCCESS);
            world.pass(Duration.ofMillis(490));
        }
        assertThat(asked).contains(id(2)).doesNotContain(id(1));
    }

    @Test
    void whoFailsCallsIsCheckedAllTheSame() {
        World world = world(
                2, check -> check, settings -> settings.outliers(Outliers.off()).breaker(Breaker.off()));
        world.pass(INTERVAL);
        asked.clear();
        for (int i = 0; i < 20; i++) {
            world.calls(1, 1, Outcome.SUCCESS);
            world.calls(1, 1, Outcome.FAILURE);
            world.pass(Duration.ofMillis(980));
        }
        assertThat(asked).contains(id(1));
    }

    @Test
    void checksNeverExceedTwoASecond() {
        World world = world(40);
        world.pass(Duration.ofSeconds(100));
        assertThat(asked).hasSizeBetween(190, 201);
        assertThat(new HashSet<>(asked)).hasSize(40);
    }

    @Test
    void checksGoOnAfterOneWithoutAnAnswerAlsoOfTwoOrOne() {
        for (int n = 1; n <= 2; n++) {
            World world = world(n, check -> check.withTimeout(Duration.ofSeconds(2)), settings -> settings);
            silent.add(id(1));
            world.pass(INTERVAL.multipliedBy(2));
            silent.clear();
            asked.clear();
            world.pass(INTERVAL.multipliedBy(10));
            assertThat(asked.stream().filter(id(1)::equals).count()).isBetween(8L, 12L);
        }
    }

    @Test
    void aCheckAsLongAsTheIntervalDelaysNoOther() {
        World world = world(
                2,
                check -> check.withInterval(Duration.ofSeconds(1)).withTimeout(Duration.ofSeconds(20)),
                settings -> settings);
        silent.add(id(1));
        world.pass(Duration.ofSeconds(60));
        assertThat(asked.stream().filter(id(2)::equals).count()).isGreaterThan(45);
        assertThat(asked.stream().filter(id(1)::equals).count()).isBetween(3L, 5L);
    }

    @Test
    void replicasThatRefuseConnectionsAndFailChecksBringNoPanic() {
        World world = world(4, check -> check.withInterval(Duration.ofSeconds(1)), settings -> settings);
        for (int i = 1; i <= 3; i++) {
            sick.add(id(i));
            world.refuse(i);
        }
        for (int second = 0; second < 60; second++) {
            world.pass(Duration.ofSeconds(1));
            assertThat(world.balancer.stats().panic()).isFalse();
        }
    }

    @Test
    void manyNewReplicasThatHaveNotPassedACheckYetBringNoPanic() {
        World world = world(4);
        world.pass(Duration.ofMinutes(5));
        for (int i = 5; i <= 8; i++) {
            silent.add(id(i));
        }
        world.list(8);
        world.calls(5, 2, Outcome.FAILURE);
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        assertThat(world.balancer.stats().panic()).isFalse();
        assertThat(world.shares(300)).hasSize(3);
    }

    @Test
    void goodChecksEndNoEjectionThatCallsBroughtAbout() {
        World world = world(
                3,
                check -> check.withInterval(Duration.ofMillis(500)),
                settings -> settings.outliers(
                        Outliers.defaults().withEjectFor(Duration.ofSeconds(60), Duration.ofSeconds(60))));
        world.calls(5, 2, Outcome.FAILURE);
        world.pass(Duration.ofSeconds(59));
        assertThat(asked).contains(id(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void anEjectionIsNotOverWhileChecksFail() {
        World world = world(3, check -> check.withInterval(Duration.ofMillis(500)), settings -> settings);
        sick.add(id(2));
        world.calls(5, 2, Outcome.FAILURE);
        world.pass(Duration.ofSeconds(20));
        assertThat(world.state(2)).isEqualTo(EndpointState.UNHEALTHY);
        sick.clear();
        world.pass(Duration.ofSeconds(10));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void whoRefusedConnectionsReturnsWhenItPassesACheck() {
        World world = world(
                3,
                check -> check.withInterval(Duration.ofSeconds(2)),
                settings -> settings.outliers(
                        Outliers.defaults().withEjectFor(Duration.ofSeconds(60), Duration.ofSeconds(60))));
        world.refuse(2);
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        world.pass(Duration.ofSeconds(5));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.probed).as("checks take the place of probes").isEmpty();
    }

    @Test
    void whoIsListedLaterGetsNoCallsBeforeItHasPassedACheck() {
        World world = world(4);
        silent.add(id(5));
        world.list(5);
        assertThat(world.state(5)).isEqualTo(EndpointState.UNHEALTHY);
        assertThat(world.stats(5).reason()).isEqualTo("waits for its first health check");
        assertThat(asked).contains(id(5));
        world.pass(INTERVAL.multipliedBy(2));
        assertThat(world.state(5)).isEqualTo(EndpointState.UNHEALTHY);
        assertThat(world.share(5, 100)).isZero();
        silent.clear();
        world.pass(INTERVAL.multipliedBy(2));
        assertThat(world.state(5)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.stats(5).reason()).isEqualTo("newly listed");
        world.pass(Duration.ofSeconds(15));
        assertThat(world.state(5)).as("with the whole slow start").isEqualTo(EndpointState.RAMPING);
    }

    /** Two checks a second are a check of each of a hundred in 50 s. */
    @Test
    void whoIsListedLaterIsAskedBeforeAllOthersHoweverManyTheyAre() {
        World world = world(100);
        world.pass(Duration.ofMinutes(5));
        world.list(101);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.state(101)).isEqualTo(EndpointState.RAMPING);
    }

    /** Else many that never pass would leave no check to the others. */
    @Test
    void whoHasNotPassedItsFirstCheckWaitsForTheNextAsAllOthersDo() {
        World world = world(40);
        world.pass(Duration.ofMinutes(5));
        for (int i = 41; i <= 60; i++) {
            sick.add(id(i));
        }
        world.list(60);
        world.pass(Duration.ofSeconds(10));
        asked.clear();
        world.pass(Duration.ofSeconds(40));
        assertThat(new HashSet<>(asked)).hasSize(60);
    }

    @Test
    void whereTheChecksOfAllFailCallsGoOn() {
        World world = world(4);
        for (int i = 1; i <= 4; i++) {
            sick.add(id(i));
        }
        world.pass(INTERVAL.multipliedBy(10));
        assertThat(world.shares(100)).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aCheckWithoutAnAnswerFailsAtItsTimeout() {
        World world =
                world(2, check -> check.withTimeout(Duration.ofSeconds(3)).withRiseAndFall(1, 1), settings -> settings);
        silent.add(id(1));
        world.pass(Duration.ofSeconds(9));
        assertThat(world.state(1)).isEqualTo(EndpointState.UNHEALTHY);
    }

    @Test
    void aFunctionThatThrowsOrAnswersNullFailsTheCheck() {
        World world = World.of(
                3,
                builder -> builder.healthCheck(HealthCheck.of(endpoint -> {
                    if (endpoint.id().equals(id(1))) {
                        throw new IllegalStateException("broken");
                    }
                    return CompletableFuture.completedFuture(endpoint.id().equals(id(3)) ? true : null);
                })));
        world.pass(INTERVAL.multipliedBy(5));
        assertThat(List.of(world.state(1), world.state(2)))
                .as("no more than half")
                .containsExactlyInAnyOrder(EndpointState.UNHEALTHY, EndpointState.UP);
        assertThat(world.state(3)).isEqualTo(EndpointState.UP);
    }

    /** It may do anything, such as look at the balancer from another thread. */
    @Test
    @Timeout(60)
    void theFunctionIsNotAskedUnderALock() {
        AtomicReference<World> world = new AtomicReference<>();
        AtomicInteger looked = new AtomicInteger();
        world.set(new World(builder -> builder.healthCheck(HealthCheck.of(endpoint -> {
            Thread other = Thread.ofVirtual()
                    .start(() -> looked.addAndGet(
                            world.get().balancer.stats().endpoints().size()));
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            return CompletableFuture.completedFuture(true);
        }))));
        world.get().list(2);
        world.get().pass(INTERVAL);
        world.get().list(3);
        assertThat(looked.get()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void aDryRunSaysWhoWouldBeOut() {
        World world = world(3, check -> check.withDryRun(true), settings -> settings);
        sick.add(id(2));
        world.pass(INTERVAL.multipliedBy(6));
        assertThat(world.events(Observer.StateChanged.class)).isEmpty();
        assertThat(world.events(Observer.WouldHaveTakenOut.class))
                .isNotEmpty()
                .allMatch(event -> event.to() == EndpointState.UNHEALTHY
                        && event.endpoint().id().equals(id(2)));
        world.list(4);
        assertThat(world.share(4, 100)).isPositive();
    }

    @Test
    void whereNoCallComesThatCouldBeATrialChecksTakeItsPlace() {
        World world = world(
                3,
                check -> check.withInterval(Duration.ofSeconds(1)),
                settings -> settings.outliers(Outliers.off()).breaker(Breaker.defaults()));
        world.calls(16, 2, Outcome.FAILURE);
        assertThat(world.state(2)).isEqualTo(EndpointState.OPEN);
        world.pass(Duration.ofSeconds(11)); // 5 to 6 s until it is half-open, and 5 s for a trial
        assertThat(world.state(2)).as("of any call now").isEqualTo(EndpointState.HALF_OPEN);
        world.pass(Duration.ofSeconds(6));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.stats(2).reason()).contains("health checks passed");
    }

    @Test
    void whoDepartedIsAskedNoMoreAndNobodyAfterClose() {
        World world = world(4);
        world.list(3);
        asked.clear();
        world.pass(INTERVAL.multipliedBy(3));
        assertThat(asked).isNotEmpty().doesNotContain(id(4));
        world.close();
        asked.clear();
        world.pass(INTERVAL.multipliedBy(3));
        assertThat(asked).isEmpty();
    }

    @Test
    void whoIsListedAgainAfterAWhileGetsNoCallsBeforeItHasPassedACheckOfNow() {
        World world = world(4);
        world.list(5);
        world.pass(INTERVAL.multipliedBy(4));
        world.list(4);
        world.pass(Duration.ofSeconds(90));
        silent.add(id(5));
        world.list(5);
        assertThat(world.state(5)).isEqualTo(EndpointState.UNHEALTHY);
        assertThat(world.share(5, 100)).isZero();
        silent.clear();
        world.pass(INTERVAL.multipliedBy(2));
        assertThat(world.state(5)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void aCheckThatBeganBeforeItWasAwaySaysNothing() {
        Checked checked = new Checked(HealthCheck.connect(), 0, 0);
        checked.begin(0.5, 0);
        checked.await(1);
        checked.passed();
        assertThat(checked.isRisen()).isFalse();
        checked.begin(0.5, 2);
        checked.passed();
        assertThat(checked.isRisen()).isTrue();
    }

    @Test
    void checksThatWerePassedBeforeABreakerOpenedCloseItNot() {
        World world = world(
                3,
                check -> check.withInterval(Duration.ofMinutes(1)),
                settings -> settings.outliers(Outliers.off()).breaker(Breaker.defaults()));
        world.pass(Duration.ofMinutes(5));
        world.calls(16, 2, Outcome.FAILURE);
        world.pass(Duration.ofSeconds(30));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
    }
}
