package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Guard;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MembershipTest {

    @Test
    void anEmptyListKeepsTheOldOneInFullUse() {
        World world = World.of(3);
        world.list(0);
        assertThat(world.shares(300)).hasSize(3);
        assertThat(world.events(Observer.ListHeld.class)).hasSize(1);
        assertThat(world.balancer.stats().sourceError().orElseThrow()).contains("empty list");
    }

    @Test
    void anErrorOfTheSourceKeepsTheOldListAndIsReported() {
        World world = World.of(3);
        world.listener.failed(new IOException("registry is down"));
        assertThat(world.shares(300)).hasSize(3);
        assertThat(world.events(Observer.SourceFailed.class)).hasSize(1);
        assertThat(world.balancer.stats().sourceError().orElseThrow()).contains("registry is down");
        world.list(3);
        assertThat(world.balancer.stats().sourceError()).isEmpty();
    }

    @Test
    void aSourceThatIsInOrderAgainIsToldOfOnceWithHowLongItWasNot() {
        World world = World.of(3);
        assertThat(world.balancer.stats().listAge()).contains(Duration.ZERO);
        world.pass(Duration.ofSeconds(5));
        world.listener.unchanged();
        assertThat(world.balancer.stats().listAge()).contains(Duration.ZERO);
        world.listener.failed(new IOException("registry is down"));
        world.pass(Duration.ofSeconds(7));
        world.listener.failed(new IOException("registry is still down"));
        assertThat(world.balancer.stats().listAge()).contains(Duration.ofSeconds(7));
        assertThat(world.events(Observer.SourceRecovered.class)).isEmpty();
        world.listener.unchanged();
        assertThat(world.balancer.stats().listAge()).contains(Duration.ZERO);
        assertThat(world.balancer.stats().sourceError()).isEmpty();
        assertThat(world.events(Observer.SourceRecovered.class))
                .containsExactly(new Observer.SourceRecovered("orders", Duration.ofSeconds(7)));
        world.list(0);
        world.list(3);
        world.list(3);
        assertThat(world.events(Observer.SourceRecovered.class)).hasSize(2);
    }

    @Test
    void aSourceThatStandsByAnEmptyListIsNotInOrderAgain() {
        World world = World.of(3);
        world.list(0);
        world.pass(Duration.ofSeconds(5));
        world.listener.unchanged();
        assertThat(world.balancer.stats().sourceError().orElseThrow()).contains("empty list");
        assertThat(world.balancer.stats().listAge()).contains(Duration.ofSeconds(5));
        assertThat(world.events(Observer.SourceRecovered.class)).isEmpty();
        world.list(3);
        assertThat(world.balancer.stats().sourceError()).isEmpty();
        assertThat(world.events(Observer.SourceRecovered.class)).hasSize(1);
    }

    @Test
    void beforeTheFirstListItHasNoAge() {
        World world = new World(settings -> settings);
        world.listener.unchanged();
        assertThat(world.balancer.stats().listAge()).isEmpty();
    }

    @Test
    void theSourceIsAskedAgainAsAReplicaFailsOutsideTheLock() {
        World world = World.of(3);
        assertThat(world.refreshed).isZero();
        world.refuse(2);
        assertThat(world.refreshed).isEqualTo(1);
        world.calls(5, 3, Outcome.FAILURE);
        assertThat(world.refreshed).isEqualTo(2);
        world.pass(Duration.ofMillis(300));
        assertThat(world.refreshed).isEqualTo(2);
    }

    @Test
    void nullAndNullEntriesAreReportedAndNothingIsLost() {
        World world = World.of(3);
        world.listener.endpoints(null);
        assertThat(world.shares(300)).hasSize(3);
        world.listener.endpoints(Arrays.asList(World.endpoint(1), null, World.endpoint(2), World.endpoint(3)));
        assertThat(world.shares(300)).hasSize(3);
        assertThat(world.balancer.stats().sourceError().orElseThrow()).contains("1 entries that are null");
    }

    @Test
    void whatIsOddAboutAListIsReportedOnceAndStandsUntilAnother() {
        World world = World.of(3);
        List<Endpoint> list = List.of(World.endpoint(1), World.endpoint(2));
        world.listener.endpoints(list, new IOException("entry 2 is dropped"));
        world.listener.unchanged();
        world.listener.endpoints(list, new IOException("entry 2 is dropped"));
        assertThat(world.balancer.stats().sourceError()).contains("java.io.IOException: entry 2 is dropped");
        assertThat(world.events(Observer.SourceFailed.class)).hasSize(1);
        assertThat(world.events(Observer.SourceRecovered.class)).isEmpty();
        world.listener.endpoints(list);
        assertThat(world.balancer.stats().sourceError()).isEmpty();
    }

    @Test
    void whatIsOddAboutAListIsOverWithTheNextThatIsNot() {
        World world = World.of(3);
        List<Endpoint> list = List.of(World.endpoint(1), World.endpoint(2));
        world.listener.endpoints(list, new IOException("entry 2 is dropped"));
        world.pass(Duration.ofSeconds(3));
        world.listener.endpoints(list);
        assertThat(world.events(Observer.SourceRecovered.class))
                .containsExactly(new Observer.SourceRecovered("orders", Duration.ofSeconds(3)));
    }

    @Test
    void aSourceIsNotInOrderAgainWhileSomethingIsOddAboutItsList() {
        World world = World.of(3);
        List<Endpoint> list = List.of(World.endpoint(1), World.endpoint(2));
        world.listener.failed(new IOException("registry is down"));
        world.pass(Duration.ofSeconds(3));
        world.listener.endpoints(list, new IOException("entry 2 is dropped"));
        world.pass(Duration.ofSeconds(3));
        world.listener.failed(new IOException("registry is down"));
        world.listener.unchanged();
        assertThat(world.balancer.stats().sourceError()).contains("java.io.IOException: entry 2 is dropped");
        assertThat(world.events(Observer.SourceFailed.class).stream()
                        .map(event -> event.cause().getMessage()))
                .containsExactly("registry is down", "entry 2 is dropped", "registry is down", "entry 2 is dropped");
        assertThat(world.events(Observer.SourceRecovered.class)).isEmpty();
        world.listener.endpoints(list);
        assertThat(world.balancer.stats().sourceError()).isEmpty();
        assertThat(world.events(Observer.SourceRecovered.class))
                .containsExactly(new Observer.SourceRecovered("orders", Duration.ofSeconds(6)));
    }

    @Test
    void aListThatIsStillEmptyIsTheTroubleAgainOnceAnotherIsOver() {
        World world = World.of(3);
        world.list(0);
        world.listener.failed(new IOException("registry is down"));
        world.pass(Duration.ofSeconds(5));
        world.listener.unchanged();
        assertThat(world.balancer.stats().sourceError().orElseThrow()).contains("empty list");
        assertThat(world.balancer.stats().listAge()).contains(Duration.ofSeconds(5));
        assertThat(world.events(Observer.SourceRecovered.class)).isEmpty();
    }

    @Test
    void theSameTroubleAgainIsNoNews() {
        World world = World.of(3);
        for (int i = 0; i < 5; i++) {
            world.listener.failed(new IOException("registry is down"));
        }
        assertThat(world.events(Observer.SourceFailed.class)).hasSize(1);
        for (int i = 0; i < 5; i++) {
            world.list(0);
        }
        assertThat(world.events(Observer.ListHeld.class)).hasSize(1);
        world.list(3);
        world.listener.failed(new IOException("registry is down"));
        world.list(0);
        assertThat(world.events(Observer.SourceFailed.class)).hasSize(2);
        assertThat(world.events(Observer.ListHeld.class)).hasSize(2);
    }

    @Test
    void whatStragglersRanIntoDoesNotEjectAReplicaThatReturnsLater() {
        World world = World.of(3);
        Lease straggler = world.acquire(3);
        world.list(2);
        world.pass(Duration.ofSeconds(1));
        straggler.fail(new ConnectException("gone"));
        world.pass(Duration.ofSeconds(3));
        world.list(3);
        world.settle();
        assertThat(world.state(3)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void anAddressThatChangesUnderTheSameIdIsNotThatOfALeaseTakenBefore() {
        World world = new World(settings -> settings);
        Endpoint before = World.endpoint(1).withId("a");
        world.list(before);
        Lease lease = world.acquire();
        world.list(World.endpoint(2).withId("a"));
        assertThat(lease.endpoint()).isEqualTo(before);
        assertThat(world.acquire().endpoint().uri()).isEqualTo(World.endpoint(2).uri());
        lease.close();
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.inFlight()).isEqualTo(1));
    }

    @Test
    void anOlderListOfHttpsNeverLeadsToWhatSpeaksHttpNow() throws Exception {
        World world = new World(settings -> settings);
        world.list(Endpoint.of("https://10.0.0.1").withId("a"));
        Snapshot older = world.balancer.snapshot(1).of(Set.of("https"), Call.any());
        world.list(Endpoint.of("http://10.0.0.1").withId("a"));
        assertThat(older.admit(Call.any(), null, Set.of()).endpoint().uri().getScheme())
                .isEqualTo("https");
        assertThat(world.acquire().endpoint().uri().getScheme()).isEqualTo("http");
    }

    @Test
    void aCallForHttpsThatGoesOnWithANewerListStaysWithHttps() throws Exception {
        World world = new World(settings -> settings);
        Endpoint other = Endpoint.of("https://10.0.0.2");
        world.list(Endpoint.of("https://10.0.0.1").withId("a"), other);
        world.balancer.disable(other);
        Snapshot older = world.balancer.snapshot(1).of(Set.of("https"), Call.any());
        world.list(Endpoint.of("http://10.0.0.1").withId("a"), other);
        assertThatThrownBy(() -> older.admit(Call.any(), null, Set.of("https")))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("no endpoint of scheme https");
        assertThat(world.acquire().endpoint().uri().getScheme()).isEqualTo("http");
    }

    @Test
    void theOperatorsWordLastsWhenTheSchemeChangesUnderTheSameId() {
        World world = new World(settings -> settings);
        Endpoint before = Endpoint.of("http://10.0.0.1").withId("a");
        world.list(before, World.endpoint(2), World.endpoint(3));
        world.balancer.disable(before);
        world.list(Endpoint.of("https://10.0.0.1").withId("a"), World.endpoint(2), World.endpoint(3));
        assertThat(world.shares(100)).doesNotContainKey("a");
    }

    @Test
    void callsAreServedWhileTheirWholeListIsReplaced() {
        AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
        World world = new World(settings -> settings.policy((all, previous, now, random) -> {
            meanwhile.get().run(); // the list is taken, and its snapshot in the making
            return Policy.leastRequest().selector(all, previous, now, random);
        }));
        world.list(2);
        world.balancer.disable(World.endpoint(2));
        List<Endpoint> served = new ArrayList<>();
        meanwhile.set(() -> served.add(world.acquire().endpoint()));
        world.list(World.endpoint(2), World.endpoint(3), World.endpoint(4));
        assertThat(served).containsExactly(World.endpoint(1));
        meanwhile.set(() -> {});
        assertThat(world.shares(50))
                .containsOnlyKeys(World.endpoint(3).id(), World.endpoint(4).id());
    }

    @Test
    void duplicatesAreMergedAndTheirWeightsAdded() {
        World world = new World(settings -> settings);
        world.list(World.endpoint(1), World.endpoint(2), World.endpoint(2).withWeight(2));
        assertThat(world.stats(2).weight()).isEqualTo(3);
        assertThat(world.balancer.stats().endpoints()).hasSize(2);
    }

    @Test
    void aFewThatLeaveAreGoneAtOnce() {
        World world = World.of(4);
        world.list(3);
        assertThat(world.balancer.stats().endpoints()).hasSize(3);
        assertThat(world.events(Observer.ListHeld.class)).isEmpty();
    }

    @Test
    void aListThatRemovesMoreThanHalfIsObeyedForThoseItNames() {
        World world = World.of(5);
        world.list(2);
        assertThat(world.shares(200).keySet())
                .containsExactly(World.endpoint(1).id(), World.endpoint(2).id());
        assertThat(world.state(4)).isEqualTo(EndpointState.DEPARTED);
        assertThat(world.events(Observer.ListHeld.class)).hasSize(1);
        world.pass(Duration.ofSeconds(60));
        assertThat(world.balancer.stats().endpoints()).hasSize(2);
    }

    @Test
    void thoseThatLeftAreUsedWhileNobodyNamedIsUsable() {
        World world = World.of(5);
        world.list(World.endpoint(9));
        world.refuse(9);
        assertThat(world.shares(500))
                .hasSize(5)
                .doesNotContainKey(World.endpoint(9).id());
        world.pass(Duration.ofMillis(1_300));
        assertThat(world.shares(50)).containsOnlyKeys(World.endpoint(9).id());
    }

    @Test
    void callsInFlightFinishOnReplicasThatLeft() {
        World world = World.of(3);
        Lease lease = world.acquire(3);
        world.list(2);
        world.pass(Duration.ofSeconds(100));
        lease.complete(Outcome.SUCCESS);
        world.list(3);
        assertThat(world.stats(3).successes()).isEqualTo(1);
        assertThat(world.stats(3).inFlight()).isZero();
    }

    @Test
    void leavingAndReturningForgivesNothing() {
        World world = World.of(4);
        for (int i = 0; i < 5; i++) { // up to an ejection of 16 s
            world.calls(5, 4, Outcome.FAILURE);
            world.pass(Duration.ofMillis((1_200L << i) + 20));
        }
        world.calls(5, 4, Outcome.FAILURE);
        for (int flap = 0; flap < 10; flap++) {
            world.list(3);
            world.pass(Duration.ofSeconds(1));
            world.list(4);
            assertThat(world.state(4)).isEqualTo(EndpointState.EJECTED);
            world.pass(Duration.ofSeconds(1));
        }
        assertThat(world.share(4, 100)).isZero();
    }

    @Test
    void aReplicaIsForgottenTenMinutesAfterItLeft() {
        World world = World.of(4);
        world.calls(3, 4, Outcome.SUCCESS);
        world.list(3);
        world.pass(Duration.ofMinutes(11));
        world.list(4);
        assertThat(world.stats(4).successes()).isZero();
    }

    @Test
    void healthGoesByIdAlsoWhenTheAddressChanges() {
        World world = new World(settings -> settings);
        world.list(World.endpoint(1).withId("a"), World.endpoint(2).withId("b"));
        world.acquire().complete(Outcome.SUCCESS);
        world.list(World.endpoint(3).withId("a"), World.endpoint(4).withId("b"));
        assertThat(world.balancer.stats().endpoints().stream()
                        .mapToLong(line -> line.successes())
                        .sum())
                .isEqualTo(1);
        assertThat(world.events(Observer.EndpointsChanged.class).get(1).changed())
                .hasSize(2);
        assertThat(world.acquire().endpoint().uri().getHost()).isIn("10.0.0.3", "10.0.0.4");
    }

    @Test
    void aChangeOfWeightIsAChange() {
        World world = World.of(2);
        world.list(World.endpoint(1).withWeight(3), World.endpoint(2));
        // 3 of 4: of 2,000 calls 1,500 with a deviation of 19.4.
        assertThat(world.share(1, 2_000)).isBetween(1_400, 1_600);
        assertThat(world.events(Observer.EndpointsChanged.class).get(1).changed())
                .containsExactly(World.endpoint(1).withWeight(3));
    }

    @Test
    void anEndpointOfWeightZeroGetsNothing() {
        World world = World.of(2);
        world.list(World.endpoint(1), World.endpoint(2).withWeight(0));
        assertThat(world.share(2, 100)).isZero();
        world.list(World.endpoint(1).withWeight(0), World.endpoint(2).withWeight(0));
        assertThatThrownBy(() -> world.balancer.acquire())
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("2 known, 0 eligible");
    }

    @Test
    void aHundredThousandEndpointsAreTaken() throws Exception {
        World world = new World(settings -> settings);
        Endpoint[] many = IntStream.range(0, 100_000)
                .mapToObj(i -> Endpoint.of("http://10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255) + ":80"))
                .toArray(Endpoint[]::new);
        world.list(many);
        assertThat(world.balancer.stats().endpoints()).hasSize(100_000);
        world.acquire().complete(Outcome.SUCCESS);
    }

    @Test
    void listsFromManyThreadsAtOnceLeaveTheLastWordToOneOfThem() throws Exception {
        World world = World.of(3);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (int thread = 0; thread < 4; thread++) {
                int n = thread + 3;
                threads.execute(() -> {
                    for (int i = 0; i < 200; i++) {
                        world.list(n);
                        world.acquire().complete(Outcome.SUCCESS);
                    }
                });
            }
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(world.balancer.stats().endpoints())
                .hasSizeBetween(3, 6)
                .allSatisfy(line -> assertThat(line.inFlight()).isZero());
    }

    @Test
    void theSourceIsWatchedOnceAndClosedWithTheBalancer() {
        World world = World.of(3);
        world.close();
        world.close();
        assertThat(world.watchClosed).isTrue();
        world.list(2);
        assertThat(world.balancer.stats().endpoints()).hasSize(3);
    }

    @Test
    void eventsComeInOrder() {
        World world = World.of(2);
        List<Integer> sizes = new ArrayList<>();
        for (int n = 3; n < 20; n++) {
            world.list(n);
        }
        world.events(Observer.EndpointsChanged.class).forEach(event -> sizes.add(event.size()));
        assertThat(sizes).isSorted();
    }

    @Test
    void theGuardDoubtsWhatItIsSetToAndKeepsThemForSoLong() {
        World world = World.of(
                10,
                settings ->
                        settings.guard(Guard.defaults().withMostRemoved(0.2).withLastResort(Duration.ofSeconds(5))));
        world.list(8);
        assertThat(world.events(Observer.ListHeld.class)).isEmpty();
        world.list(6);
        assertThat(world.events(Observer.ListHeld.class))
                .singleElement()
                .satisfies(event -> assertThat(event.reason())
                        .isEqualTo("the list removes 2 of 8: these stay a last resort for PT5S"));
        assertThat(world.balancer.stats().endpoints()).hasSize(8);
        world.pass(Duration.ofSeconds(5));
        assertThat(world.balancer.stats().endpoints()).hasSize(6);
    }

    @Test
    void whereTheGuardIsOffOnlyAnEmptyListIsNotObeyed() {
        World world = World.of(10, settings -> settings.guard(Guard.off()));
        world.list(1);
        assertThat(world.events(Observer.ListHeld.class)).isEmpty();
        assertThat(world.balancer.stats().endpoints()).hasSize(1);
        world.list(0);
        assertThat(world.balancer.stats().endpoints()).hasSize(1);
    }

    @Test
    void aDryRunOfTheGuardSaysWhomItWouldKeepAndKeepsNobody() {
        World world = World.of(10, settings -> settings.guard(Guard.defaults().withDryRun(true)));
        world.list(2);
        assertThat(world.balancer.stats().endpoints()).hasSize(2);
        assertThat(world.events(Observer.ListHeld.class)).singleElement().satisfies(event -> {
            assertThat(event.kept()).hasSize(8);
            assertThat(event.reason()).isEqualTo("the list removes 8 of 10");
        });
    }
}
