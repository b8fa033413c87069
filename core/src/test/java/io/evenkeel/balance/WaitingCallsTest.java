package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.EndpointStats;
import io.evenkeel.Limit;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.OverloadedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Calls that wait while every replica has as many as it may. */
class WaitingCallsTest {

    private final List<String> begun = new ArrayList<>();
    private final List<CompletableFuture<String>> underWay = new ArrayList<>();

    private static World world(int replicas, int queue) {
        return World.of(replicas, settings -> settings.limit(Limit.perReplica(1).withQueue(queue)));
    }

    private CompletableFuture<String> call(World world, String name) {
        return call(world, name, Call.any());
    }

    private CompletableFuture<String> call(World world, String name, Call call) {
        return world.balancer.callAsync(call, endpoint -> {
            begun.add(name);
            CompletableFuture<String> answer = new CompletableFuture<>();
            underWay.add(answer);
            return answer;
        });
    }

    private void end(World world, int attempt) {
        underWay.get(attempt).complete("");
        world.time.settle();
    }

    /** What other threads ask for runs on this one, in no time. */
    private static void settleUntil(World world, BooleanSupplier so) {
        while (!so.getAsBoolean()) {
            world.time.settle();
            Thread.onSpinWait();
        }
    }

    @Test
    void whoeverHasWaitedLongestGoesFirst() {
        World world = world(1, 10);
        for (String name : List.of("a", "b", "c")) {
            call(world, name);
        }
        assertThat(begun).containsExactly("a");
        end(world, 0);
        assertThat(begun).containsExactly("a", "b");
        end(world, 1);
        assertThat(begun).containsExactly("a", "b", "c");
    }

    @Test
    void onceOneHasWaitedLongWhoeverCameLastGoesFirst() {
        World world = world(1, 10);
        for (String name : List.of("a", "b", "c", "d")) {
            call(world, name);
        }
        world.pass(Duration.ofMillis(101));
        end(world, 0);
        assertThat(begun).containsExactly("a", "d");
    }

    @Test
    void whoTriesInVainHasItsPlaceStill() {
        World world = world(1, 10);
        for (String name : List.of("a", "b", "c", "d")) {
            call(world, name);
        }
        world.pass(Duration.ofMillis(101));
        Lease quicker = takeAsItEnds(world, 0); // d tries in vain
        world.time.settle();
        quicker.close();
        world.time.settle();
        assertThat(begun).containsExactly("a", "d");
    }

    /** The place of the call that ends, before whoever waits can have it. */
    private Lease takeAsItEnds(World world, int attempt) {
        underWay.get(attempt).complete("");
        return world.acquire(Call.any().withPriority(100));
    }

    @Test
    void whoComesLaterDoesNotGoBeforeThoseThatWait() {
        World world = world(1, 10);
        call(world, "running");
        call(world, "waiting");
        underWay.get(0).complete("");
        call(world, "newcomer");
        call(world, "important", Call.any().withPriority(1));
        world.time.settle();
        assertThat(begun).containsExactly("running", "important");
        end(world, 1);
        assertThat(begun).containsExactly("running", "important", "waiting");
    }

    @Test
    void whoWantsWhatHasRoomDoesNotWaitBehindOneThatWantsWhatHasNot() {
        World world = new World(settings -> settings.limit(Limit.perReplica(1).withQueue(10)));
        world.list(World.endpoint(1).withTag("version", "1"), World.endpoint(2).withTag("version", "2"));
        Call one = Call.any().withTag("version", "1");
        Call two = Call.any().withTag("version", "2");
        call(world, "1a", one);
        call(world, "2a", two);
        call(world, "1b", one);
        call(world, "2b", two);
        end(world, 1);
        assertThat(begun).containsExactly("1a", "2a", "2b");
        end(world, 2);
        call(world, "2c", two);
        assertThat(begun).containsExactly("1a", "2a", "2b", "2c");
    }

    @Test
    void ofAsManyAsMayWaitEachBeginsInFramesOfItsOwn() {
        World world = world(1, 10_000);
        AtomicInteger ended = new AtomicInteger();
        Lease running = world.acquire();
        for (int i = 0; i < 10_000; i++) {
            world.balancer.callAsync(endpoint -> {
                ended.incrementAndGet();
                return CompletableFuture.completedFuture("at once");
            });
        }
        running.close();
        world.time.settle();
        assertThat(ended).hasValue(10_000);
    }

    @Test
    void whoWaitsAsTheBalancerIsClosedFailsAtOnce() {
        World world = world(1, 10);
        world.acquire();
        CompletableFuture<String> waiting = call(world, "waiting");
        world.balancer.close();
        world.time.settle();
        assertThat(waiting)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(NoEndpointException.class)
                .withMessageContaining("orders is closed");
    }

    @Test
    void theHighestPriorityGoesFirst() {
        World world = world(1, 10);
        call(world, "running");
        call(world, "usual");
        call(world, "important", Call.any().withPriority(5));
        call(world, "cheap", Call.any().withPriority(-5));
        for (int i = 0; i < 3; i++) {
            end(world, i);
        }
        assertThat(begun).containsExactly("running", "important", "usual", "cheap");
    }

    @Test
    void whoFindsItFullIsTurnedAwayOrTakesThePlaceOfOneOfLowerPriority() {
        World world = world(1, 2);
        call(world, "running");
        CompletableFuture<String> first = call(world, "first");
        CompletableFuture<String> second = call(world, "second");
        assertThat(call(world, "third"))
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(OverloadedException.class);
        CompletableFuture<String> important =
                call(world, "important", Call.any().withPriority(1));
        world.time.settle();
        assertThat(second).isCompletedExceptionally();
        assertThat(first).isNotDone();
        assertThat(important).isNotDone();
        end(world, 0);
        end(world, 1);
        assertThat(begun).containsExactly("running", "important", "first");
    }

    @Test
    void nobodyWaitsBeyondItsDeadlineOrFiveSeconds() {
        World world = world(1, 10);
        call(world, "running");
        CompletableFuture<String> hurried = call(world, "hurried", Call.any().withDeadline(Duration.ofMillis(300)));
        CompletableFuture<String> patient = call(world, "patient");
        world.pass(Duration.ofMillis(299));
        assertThat(hurried).isNotDone();
        world.pass(Duration.ofMillis(1));
        assertThat(hurried).isCompletedExceptionally();
        world.pass(Duration.ofSeconds(5));
        assertThat(patient).isCompletedExceptionally();
        end(world, 0);
        assertThat(begun).containsExactly("running");
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void whoIsCancelledGivesItsPlaceToTheNext() {
        World world = world(1, 10);
        call(world, "running");
        CompletableFuture<String> gone = call(world, "gone");
        call(world, "next");
        gone.cancel(true);
        end(world, 0);
        assertThat(begun).containsExactly("running", "next");
        end(world, 1);
        assertThat(world.balancer.stats().endpoints())
                .extracting(EndpointStats::inFlight)
                .containsOnly(0);
    }

    @Test
    void aListThatBringsRoomLetsAllInThatItHasRoomFor() {
        World world = world(1, 10);
        for (String name : List.of("a", "b", "c", "d")) {
            call(world, name);
        }
        world.list(3);
        world.time.settle();
        assertThat(begun).containsExactly("a", "b", "c");
    }

    @Test
    void aBlockingCallAndALeaseByHandWaitToo() throws Exception {
        World world = world(1, 10);
        Lease first = world.balancer.acquire();
        CompletableFuture<Lease> second = new CompletableFuture<>();
        CompletableFuture<String> third = new CompletableFuture<>();
        Thread one = Thread.ofVirtual().start(() -> {
            try {
                second.complete(world.balancer.acquire());
            } catch (Exception e) {
                second.completeExceptionally(e);
            }
        });
        Thread other = Thread.ofVirtual().start(() -> {
            try {
                third.complete(world.balancer.call(endpoint -> "called"));
            } catch (Exception e) {
                third.completeExceptionally(e);
            }
        });
        first.complete(Outcome.SUCCESS);
        second.thenAccept(Lease::close);
        settleUntil(world, third::isDone);
        assertThat(third.get()).isEqualTo("called");
        one.join();
        other.join();
    }

    /** Time stands still, so whoever is forgotten waits for ever. */
    @Test
    @Timeout(60)
    void manyThreadsShareFewPlacesAndNobodyIsForgotten() throws Exception {
        World world = World.of(2, settings -> settings.limit(Limit.perReplica(2).withQueue(100)));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> all = new ArrayList<>();
            for (int caller = 0; caller < 16; caller++) {
                all.add(callers.submit(() -> {
                    int calls = 0;
                    for (; calls < 500; calls++) {
                        world.balancer.call(endpoint -> endpoint);
                    }
                    return calls;
                }));
            }
            settleUntil(world, () -> all.stream().allMatch(Future::isDone));
            for (Future<Integer> caller : all) {
                assertThat(caller.get()).isEqualTo(500);
            }
        }
        assertThat(world.balancer.stats().endpoints())
                .extracting(EndpointStats::inFlight)
                .containsOnly(0);
    }

    @Test
    void whoGaveUpAsItsTurnCameGivesThePlaceBack() {
        World world = world(1, 10);
        Lease lease = world.acquire();
        CompletableFuture<Lease> room = CompletableFuture.completedFuture(lease);
        WaitingCalls.giveBack(room);
        assertThat(world.stats(1).inFlight()).isZero();
        WaitingCalls.giveBack(new CompletableFuture<>());
        WaitingCalls.giveBack(CompletableFuture.failedFuture(new IllegalStateException()));
    }

    @Test
    void withoutAQueueACallFailsAtOnce() {
        World world = world(1, 0);
        world.acquire();
        assertThatThrownBy(() -> world.balancer.acquire()).isInstanceOf(OverloadedException.class);
    }

    @Test
    void whoIsTurnedAwayTakesNoPlaceThatOneOfThoseWhoWaitIsAboutToHave() {
        World world = world(1, 1);
        call(world, "running");
        call(world, "waiting");
        underWay.get(0).complete("");
        assertThat(call(world, "newcomer")).isCompletedExceptionally();
        world.time.settle();
        assertThat(begun).containsExactly("running", "waiting");
    }

    @Test
    void whoLosesItsPlaceToOneOfHigherPriorityTakesNoneOnItsWay() {
        World world = world(1, 1);
        call(world, "running");
        CompletableFuture<String> usual = call(world, "usual", Call.any().withPriority(1));
        CompletableFuture<String> important =
                call(world, "important", Call.any().withPriority(2));
        world.time.settle();
        assertThat(usual)
                .failsWithin(Duration.ZERO)
                .withThrowableOfType(ExecutionException.class)
                .withCauseInstanceOf(OverloadedException.class)
                .withMessageContaining("a call of higher priority");
        assertThat(important).isNotDone();
    }

    @Test
    void aLimitThatRisesWhileBodiesAreReadLetsSomebodyIn() {
        World world = World.of(1, settings -> settings.limit(Limit.aimd().withQueue(10)));
        List<Lease> reading = Stream.generate(world::acquire).limit(20).toList(); // at first it may have so many
        call(world, "next");
        world.time.settle();
        assertThat(begun).isEmpty();
        reading.forEach(lease -> lease.answered(Outcome.SUCCESS));
        world.time.settle();
        assertThat(begun).containsExactly("next");
    }
}
