package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.Condition;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.HealthCheck;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Outliers;
import io.evenkeel.VirtualTime;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a restart begins with, and when that is written; on virtual time, by a wall clock that a test may set. */
class RememberingTest {

    @TempDir
    Path directory;

    private Path file;
    private Instant wall = Instant.parse("2026-03-01T12:00:00Z");

    @BeforeEach
    void name() {
        file = directory.resolve("orders.last");
    }

    private World start() {
        return start(settings -> settings);
    }

    private World start(UnaryOperator<LoadBalancer.Builder> more) {
        return new World(settings -> more.apply(settings.remember(file).wallClock(() -> wall)));
    }

    private void pass(World world, Duration time) {
        wall = wall.plus(time);
        world.pass(time);
    }

    /** Leaves a file in which endpoint 2 of three is ejected for the fourth time. */
    private void leaveOneEjected() {
        World world = start(settings -> settings.outliers(Outliers.defaults().withProbeEvery(Duration.ofHours(1))));
        world.list(3);
        for (int i = 0; i < 4; i++) {
            pass(world, Duration.ofSeconds(10));
            world.refuse(2);
        }
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
        world.close();
    }

    private LastList content() throws IOException {
        return new LastListFile(file).read().orElseThrow();
    }

    // A restart.

    @Test
    void aRestartBeginsWithTheLastListWhileTheSourceIsSilent() {
        World before = start();
        before.list(3);
        before.close();
        wall = wall.plusSeconds(60);
        World after = start();
        assertThat(after.balancer.stats().ready()).isTrue();
        assertThat(after.shares(300)).hasSize(3);
    }

    @Test
    void itIsSaidWhereTheListIsFromUntilTheSourceHasOne() {
        World before = start();
        before.list(3);
        before.close();
        Instant asOf = wall;
        wall = wall.plusSeconds(60);
        World after = start();
        String origin = "from the file " + file + ", as of " + asOf;
        assertThat(after.events(Observer.ListRecalled.class)).singleElement().satisfies(event -> {
            assertThat(event.endpoints()).hasSize(3);
            assertThat(event.asOf()).isEqualTo(asOf);
            assertThat(event.file()).isEqualTo(file.toString());
        });
        assertThat(after.balancer.stats().sourceError()).get().asString().contains(origin);
        assertThat(after.balancer.explain(Call.any()).toString()).contains(origin);
        assertThat(after.stats(1).reason()).isEqualTo(origin);
        assertThat(after.balancer.stats().condition()).isEqualTo(Condition.HEALTHY);

        after.list(3);
        assertThat(after.balancer.stats().sourceError()).isEmpty();
        assertThat(after.stats(1).reason()).isEmpty();
    }

    @Test
    void aSourceThatFailsIsTroubleAndLeavesTheListInUse() {
        World before = start();
        before.list(3);
        before.close();
        World after = start();
        after.listener.failed(new IOException("no registry"));
        assertThat(after.balancer.stats().sourceError()).contains("java.io.IOException: no registry");
        assertThat(after.balancer.stats().condition()).isEqualTo(Condition.DEGRADED);
        assertThat(after.stats(1).reason()).startsWith("from the file");
        assertThat(after.shares(300)).hasSize(3);
    }

    @Test
    void anEmptyListOfTheSourceLeavesItInUse() {
        World before = start();
        before.list(3);
        before.close();
        World after = start();
        after.list();
        assertThat(after.shares(300)).hasSize(3);
    }

    @Test
    void allFieldsComeBack() {
        Endpoint odd = World.endpoint(1)
                .withId("a\nb")
                .withWeight(2.5)
                .withZone("eu 1")
                .withPriority(3)
                .withTag("x y", "");
        World before = start();
        before.list(odd, World.endpoint(2));
        before.close();
        World after = start();
        assertThat(after.balancer.stats().endpoints().get(0).endpoint()).isEqualTo(odd);
    }

    @Test
    void whoWasEjectedStaysSoUntilThen() {
        leaveOneEjected();
        World after = start(settings -> settings.outliers(Outliers.defaults().withProbeEvery(Duration.ofHours(1))));
        assertThat(after.state(2)).isEqualTo(EndpointState.EJECTED);
        assertThat(after.stats(2).reason()).startsWith("no connection, before a restart");
        assertThat(after.shares(300)).hasSize(2);
        pass(after, Duration.ofSeconds(7));
        assertThat(after.state(2)).isEqualTo(EndpointState.EJECTED);
        pass(after, Duration.ofSeconds(3));
        assertThat(after.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void theSourcesListKeepsTheEjectionOfWhomItNames() {
        leaveOneEjected();
        World after = start();
        after.list(3);
        assertThat(after.state(2)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void howOftenItWasOutCountsOn() {
        leaveOneEjected();
        World after = start(settings -> settings.outliers(Outliers.defaults().withProbeEvery(Duration.ofHours(1))));
        pass(after, Duration.ofSeconds(10));
        after.refuse(2);
        pass(after, Duration.ofSeconds(15)); // the fifth lasts 16 s, the first 1 s
        assertThat(after.state(2)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void anEjectionThatIsOverIsForgotten() {
        leaveOneEjected();
        wall = wall.plusSeconds(60);
        World after = start();
        assertThat(after.state(2)).isEqualTo(EndpointState.UP);
        assertThat(after.shares(300)).hasSize(3);
    }

    @Test
    void whereTheClockWasSetBackAnEjectionIsNoLongerThanTheLongest() {
        leaveOneEjected();
        wall = wall.minus(Duration.ofDays(30));
        World after = start(settings -> settings.outliers(Outliers.defaults().withProbeEvery(Duration.ofHours(1))));
        assertThat(after.state(2)).isEqualTo(EndpointState.EJECTED);
        pass(after, Duration.ofSeconds(61));
        assertThat(after.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void anErrorsOwnWordsAreNotWritten() throws IOException {
        World world = start();
        world.list(3);
        world.acquire(2).fail(new java.net.ConnectException("http://x/?token=secret"));
        world.settle();
        assertThat(world.stats(2).reason()).contains("secret");
        world.close();
        assertThat(Files.readString(file)).contains("no connection").doesNotContain("secret");
    }

    @Test
    void anOpenBreakerIsTriedWhenItsTimeIsOver() {
        World before = start(World.onlyBreaker());
        before.list(3);
        before.calls(16, 2, Outcome.FAILURE);
        assertThat(before.state(2)).isEqualTo(EndpointState.OPEN);
        before.close();
        World after = start(World.onlyBreaker());
        assertThat(after.state(2)).isEqualTo(EndpointState.OPEN);
        pass(after, Duration.ofSeconds(6));
        assertThat(after.state(2)).isEqualTo(EndpointState.HALF_OPEN);
    }

    @Test
    void aHalfOpenOneIsTriedAtOnce() {
        World before = start(World.onlyBreaker());
        before.list(3);
        before.calls(16, 2, Outcome.FAILURE);
        pass(before, Duration.ofSeconds(6));
        assertThat(before.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        before.close();
        World after = start(World.onlyBreaker());
        assertThat(after.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        Call repeatable = Call.any().idempotent();
        for (int trial = 0; trial < Breaker.defaults().trials(); trial++) {
            Lease lease = after.acquire(repeatable);
            assertThat(lease.endpoint()).isEqualTo(World.endpoint(2));
            lease.complete(Outcome.SUCCESS);
        }
        after.settle();
        assertThat(after.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void whoFailedHealthChecksMustPassThemFirst() {
        UnaryOperator<LoadBalancer.Builder> sick = settings -> settings.healthCheck(
                HealthCheck.of(endpoint -> CompletableFuture.completedFuture(!endpoint.equals(World.endpoint(2)))));
        World before = start(sick);
        before.list(3);
        pass(before, Duration.ofSeconds(30));
        assertThat(before.state(2)).isEqualTo(EndpointState.UNHEALTHY);
        before.close();

        World without = start();
        assertThat(without.state(2)).isEqualTo(EndpointState.UP);
        World still = start(sick);
        assertThat(still.state(2)).isEqualTo(EndpointState.UNHEALTHY);
        pass(still, Duration.ofSeconds(30));
        assertThat(still.state(2)).isEqualTo(EndpointState.UNHEALTHY);
        World well = start(
                settings -> settings.healthCheck(HealthCheck.of(endpoint -> CompletableFuture.completedFuture(true))));
        pass(well, Duration.ofSeconds(15));
        assertThat(well.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void nobodyIsOutWhomTheSettingsOfNowDoNotTakeOut() {
        leaveOneEjected();
        assertThat(start(settings -> settings.outliers(Outliers.off())).state(2))
                .isEqualTo(EndpointState.UP);
        assertThat(start(settings -> settings.outliers(Outliers.defaults().withDryRun(true)))
                        .state(2))
                .isEqualTo(EndpointState.UP);
    }

    @Test
    void noMoreAreOutThanMayBe() {
        World before = start(settings -> settings.outliers(Outliers.defaults().withMaxShare(1)));
        before.list(6);
        for (int i = 1; i <= 5; i++) {
            before.calls(5, i, Outcome.FAILURE);
            before.calls(1, 6, Outcome.SUCCESS);
        }
        long out = before.balancer.stats().endpoints().stream()
                .filter(line -> line.state() == EndpointState.EJECTED)
                .count();
        assertThat(out).isGreaterThan(3);
        before.close();
        World after = start();
        assertThat(after.balancer.stats().endpoints())
                .filteredOn(line -> line.state() == EndpointState.EJECTED)
                .hasSize(3);
    }

    @Test
    void theOperatorsVerbsAreForgotten() {
        World before = start();
        before.list(3);
        before.balancer.disable(World.endpoint(1));
        before.balancer.weight(World.endpoint(2), 7);
        before.close();
        World after = start();
        assertThat(after.state(1)).isEqualTo(EndpointState.UP);
        assertThat(after.stats(2).weight()).isEqualTo(1);
    }

    // What is not used.

    @Test
    void whatIsTooOldIsNotUsed() {
        World before = start();
        before.list(3);
        before.close();
        wall = wall.plus(Duration.ofDays(7));
        assertThat(start().balancer.stats().ready()).isTrue();
        wall = wall.plus(Duration.ofMillis(1));
        assertThat(start().balancer.stats().ready()).isFalse();
        assertThat(start(settings -> settings.remember(file, Duration.ofDays(8)))
                        .balancer
                        .stats()
                        .ready())
                .isTrue();
    }

    @Test
    void aListThatNoSourceConfirmsAgesOverRestarts() throws IOException {
        World before = start();
        before.list(3);
        before.close();
        Instant asOf = wall;
        for (int day = 0; day < 3; day++) {
            World silent = start();
            pass(silent, Duration.ofHours(1));
            silent.listener.failed(new IOException("no registry"));
            silent.close();
        }
        assertThat(content().asOf()).isEqualTo(asOf);
    }

    @Test
    void theFileOfAnotherBalancerIsNotUsed() {
        World before = start();
        before.list(3);
        before.close();
        LoadBalancer other = LoadBalancer.builder("users")
                .source(listener -> () -> {})
                .remember(file)
                .wallClock(() -> wall)
                .build();
        assertThat(other.stats().ready()).isFalse();
        other.close();
    }

    @Test
    void nothingIsWrittenWhereThereNeverWasAList() throws IOException {
        Files.writeString(file, "not mine");
        World world = start();
        pass(world, Duration.ofMinutes(30));
        world.close();
        assertThat(file).hasContent("not mine");
    }

    @Test
    void aFileThatCannotBeAndATimeThatCannotBeAreRefused() {
        LoadBalancer.Builder builder = LoadBalancer.builder("orders");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.remember(Path.of("/")))
                .withMessage("file is /, but must name a file in a directory");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.remember(file, Duration.ZERO))
                .withMessage("longest is PT0S, but must be longer than zero");
    }

    // When it is written.

    @Test
    void listsAreWrittenOnceASecondAtMost() throws IOException {
        World world = start();
        world.list(1);
        world.settle();
        assertThat(content().lineup().endpoints()).hasSize(1);
        for (int n = 2; n <= 9; n++) {
            world.list(n);
            pass(world, Duration.ofMillis(100));
        }
        assertThat(content().lineup().endpoints()).hasSize(1);
        pass(world, Duration.ofMillis(300));
        assertThat(content().lineup().endpoints()).hasSize(9);
    }

    @Test
    void whoIsOutIsWrittenWithinTenSeconds() throws IOException {
        World world = start(settings ->
                settings.outliers(Outliers.defaults().withEjectFor(Duration.ofMinutes(5), Duration.ofMinutes(10))));
        world.list(3);
        world.settle();
        world.refuse(2);
        assertThat(content().lineup().out()).isEmpty();
        pass(world, Duration.ofSeconds(10));
        assertThat(content().lineup().out()).containsOnlyKeys(World.endpoint(2).id());
    }

    @Test
    void whatHasNotChangedIsWrittenEveryTenMinutesSoThatItDoesNotAge() throws IOException {
        World world = start();
        world.list(3);
        world.settle();
        Instant first = content().asOf();
        pass(world, Duration.ofMinutes(9));
        assertThat(content().asOf()).isEqualTo(first);
        pass(world, Duration.ofMinutes(2));
        assertThat(content().asOf()).isAfter(first);
    }

    @Test
    void aFileThatCannotBeWrittenIsTriedAgain() throws IOException {
        file = directory.resolve("missing").resolve("orders.last");
        World world = start();
        world.list(3);
        pass(world, Duration.ofSeconds(30));
        assertThat(world.shares(300)).hasSize(3);
        Files.createDirectory(file.getParent());
        pass(world, Duration.ofSeconds(10));
        assertThat(content().lineup().endpoints()).hasSize(3);
    }

    @Test
    void aClosedBalancerWritesOnceMoreAndHasNoTimers() throws IOException {
        World world = start();
        world.list(3);
        world.close();
        assertThat(content().lineup().endpoints()).hasSize(3);
        Files.delete(file);
        world.close();
        pass(world, Duration.ofHours(1));
        assertThat(file).doesNotExist();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void aThreadThatIsInterruptedWritesAllTheSame() {
        World world = start();
        world.list(3);
        Thread.currentThread().interrupt();
        world.close();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(file).exists();
    }

    /** The executor takes what is to be done and never does it. */
    @Test
    void aDiskThatHangsHoldsUpNobodyAndAClosingBalancerForFiveSeconds() {
        VirtualTime time = new VirtualTime();
        List<Runnable> hanging = new ArrayList<>();
        AtomicBoolean closing = new AtomicBoolean();
        RandomGenerator random = new SplittableRandom(5);
        Ambient ambient = new Ambient(
                time,
                () -> random,
                time,
                task -> {
                    hanging.add(task);
                    time.advance(closing.get() ? Duration.ofSeconds(5) : Duration.ZERO);
                },
                endpoint -> CompletableFuture.completedFuture(false));
        Engine engine =
                new Engine("orders", ambient, Outcomes.defaults(), Observer.none(), Outliers.defaults(), null, null);
        Updates updates = new Updates(engine, Bare.settings(Policy.random()));
        Remembering remembering =
                new Remembering(engine, updates, new LastListFile(file), Duration.ofDays(1), () -> wall);
        remembering.begin();
        updates.endpoints(List.of(World.endpoint(1)));
        time.advance(Duration.ofSeconds(1));
        updates.endpoints(List.of(World.endpoint(1), World.endpoint(2)));
        assertThat(updates.lineup().endpoints()).hasSize(2);
        closing.set(true);
        remembering.close();
        assertThat(hanging).isNotEmpty();
        assertThat(file).doesNotExist();
    }
}
