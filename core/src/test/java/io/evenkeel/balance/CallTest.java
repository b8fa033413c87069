package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.BalancerStats;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Retry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallTest {

    private static final Call REPEATABLE = Call.any().idempotent();

    @Test
    void aCallGivesWhatItsFunctionGives() throws Exception {
        World world = World.of(3);
        String answer = world.balancer.call(endpoint -> "from " + endpoint.uri().getHost());
        assertThat(answer).startsWith("from 10.0.0.");
        assertThat(successes(world)).isEqualTo(1);
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void aCallThatCouldNotConnectIsRepeatedElsewhere() throws Exception {
        World world = World.of(3);
        List<Endpoint> asked = new ArrayList<>();
        String answer = world.balancer.call(endpoint -> {
            asked.add(endpoint);
            if (asked.size() == 1) {
                throw new ConnectException("refused");
            }
            return "answer";
        });
        assertThat(answer).isEqualTo("answer");
        assertThat(asked).hasSize(2).doesNotHaveDuplicates();
        world.settle();
        assertThat(world.balancer.stats().endpoints())
                .anySatisfy(line -> assertThat(line.state()).isEqualTo(EndpointState.EJECTED));
    }

    @Test
    void aCallThatMayHaveRunIsNotRepeated() {
        World world = World.of(3);
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> world.balancer.call(endpoint -> {
                    runs.incrementAndGet();
                    throw new IOException("broken");
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("broken");
        assertThat(runs).hasValue(1);
    }

    @Test
    void anIdempotentCallIsAttemptedThreeTimesOnThreeReplicas() {
        World world = World.of(5, settings -> settings.retry(Retry.upTo(3).withBackoff(Duration.ofNanos(1))));
        List<Endpoint> asked = new ArrayList<>();
        Throwable error = failing(world, REPEATABLE, asked);
        assertThat(error).hasMessage("failure 3");
        assertThat(error.getSuppressed()).hasSize(1);
        assertThat(error.getSuppressed()[0]).hasMessage("failure 2");
        assertThat(error.getSuppressed()[0].getSuppressed()[0]).hasMessage("failure 1");
        assertThat(asked).hasSize(3).doesNotHaveDuplicates();
        assertThat(world.balancer.stats().repeats()).isEqualTo(2);
    }

    /** Whatever the outcomes say: who is interrupted wants an end. */
    @Test
    void anInterruptIsNotRepeatedAlsoWhereEveryErrorIsAFailure() {
        World world = World.of(
                3,
                settings -> settings.retry(Retry.upTo(2))
                        .outcomes(Outcomes.defaults().withErrors(error -> Outcome.FAILURE)));
        AtomicInteger runs = new AtomicInteger();
        assertThatThrownBy(() -> world.balancer.call(REPEATABLE, endpoint -> {
                    runs.incrementAndGet();
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(runs).hasValue(1);
        assertThat(inFlight(world)).isZero();
    }

    /** Runs a call that always fails; virtual time passes on another thread's behalf while it waits. */
    private static Throwable failing(World world, Call call, List<Endpoint> asked) {
        CompletableFuture<Object> future = world.balancer.callAsync(call, endpoint -> {
            asked.add(endpoint);
            return CompletableFuture.failedFuture(new IOException("failure " + asked.size()));
        });
        world.pass(Duration.ofSeconds(1));
        return catchThrowable(future::join).getCause();
    }

    @Test
    void whatIsNotTheReplicasFaultIsNotRepeatedNorBooked() {
        World world = World.of(3);
        assertThatThrownBy(() -> world.balancer.call(REPEATABLE, endpoint -> {
                    throw new IllegalStateException("ours");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(world.balancer.stats().repeats()).isZero();
        assertThat(sum(world, EndpointStats::failures)).isZero();
        assertThat(sum(world, EndpointStats::ignored)).isEqualTo(1);
    }

    @Test
    void whenAllWereTriedTheyAreTriedAgain() throws Exception {
        World world = World.of(1, settings -> settings.retry(Retry.upTo(3).withBackoff(Duration.ofNanos(1))));
        List<Endpoint> asked = new ArrayList<>();
        failing(world, REPEATABLE, asked);
        assertThat(asked).hasSize(3);
        assertThat(new HashSet<>(asked)).hasSize(1);
    }

    @Test
    void aCallThatHoldsAnOlderListOfReplicasThatAreOutGoesByTheNewer() throws Exception {
        World world = World.of(1);
        Snapshot older = world.balancer.snapshot(1);
        world.list(2);
        world.balancer.disable(World.endpoint(1));
        assertThat(older.admit(Call.any(), null, Set.of()).endpoint()).isEqualTo(World.endpoint(2));
    }

    @Test
    void aCallThatHoldsAnOlderListGoesWhereItHasNotBeenWhileItCan() throws Exception {
        World world = World.of(20);
        Snapshot older = world.balancer.snapshot(1);
        for (int i = 2; i <= 19; i++) {
            world.balancer.disable(World.endpoint(i));
        }
        Call once = Call.any().withTried(World.endpoint(1));
        for (int i = 0; i < 100; i++) {
            assertThat(older.admit(once, null, Set.of()).endpoint()).isEqualTo(World.endpoint(20));
        }
        world.balancer.disable(World.endpoint(20));
        assertThat(older.admit(once, null, Set.of()).endpoint()).isEqualTo(World.endpoint(1));
    }

    @Test
    void repeatsStayWithinTheBudgetWhateverFails() {
        World world = World.of(3);
        for (int i = 0; i < 5_000; i++) {
            CompletableFuture<Object> future = world.balancer.callAsync(
                    REPEATABLE, endpoint -> CompletableFuture.failedFuture(new IOException("down")));
            world.pass(Duration.ofMillis(10));
            assertThat(future).isNotCancelled();
        }
        world.pass(Duration.ofSeconds(1));
        BalancerStats stats = world.balancer.stats();
        // 50 s: at most 0.2 x 5,000 + 10 x 50, and the window's own 100.
        assertThat(stats.repeats()).isLessThanOrEqualTo(1_600).isGreaterThan(1_000);
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void aDeadReplicaCostsNobodyAnErrorWhileTheBreakerOfAnotherIsOpen() {
        World world = World.of(3);
        for (int i = 0; i < 16; i++) {
            world.calls(1, 3, i % 2 == 0 ? Outcome.SUCCESS : Outcome.FAILURE);
        }
        assertThat(world.state(3)).isEqualTo(EndpointState.OPEN);
        int errors = 0;
        for (int i = 0; i < 2_000; i++) { // 200 per second; the third is well again, the second is dead
            CompletableFuture<String> future = world.balancer.callAsync(
                    REPEATABLE,
                    endpoint -> endpoint.id().equals(World.endpoint(2).id())
                            ? CompletableFuture.failedFuture(new ConnectException("refused"))
                            : CompletableFuture.completedFuture("answer"));
            world.pass(Duration.ofMillis(5));
            errors += future.isCompletedExceptionally() ? 1 : 0;
        }
        assertThat(errors).isZero();
    }

    /** On the real scheduler: a wait, and code of the user's that waits in turn, must not wait for each other. */
    @Test
    void whatACallGoesOnWithMayCallAgainAndWait() {
        try (LoadBalancer balancer =
                LoadBalancer.builder("orders").endpoints("http://10.0.0.1:80").build()) {
            CompletableFuture<String> answer = balancer.callAsync(
                            Call.any().withDeadline(Duration.ofMillis(20)), endpoint -> new CompletableFuture<String>())
                    .exceptionally(error -> failingCall(balancer));
            assertThat(answer.orTimeout(60, TimeUnit.SECONDS).join()).isEqualTo("failed 3 times");
        }
    }

    private static String failingCall(LoadBalancer balancer) {
        AtomicInteger times = new AtomicInteger();
        assertThatThrownBy(() -> balancer.call(REPEATABLE, endpoint -> {
                    times.incrementAndGet();
                    throw new IOException("down");
                }))
                .isInstanceOf(IOException.class);
        return "failed " + times + " times";
    }

    @Test
    void nothingStartsAfterTheDeadline() {
        World world = World.of(3);
        List<Endpoint> asked = new ArrayList<>();
        CompletableFuture<Object> future =
                world.balancer.callAsync(REPEATABLE.withDeadline(Duration.ofMillis(400)), endpoint -> {
                    asked.add(endpoint);
                    return new CompletableFuture<>();
                });
        world.pass(Duration.ofMillis(199));
        assertThat(asked).hasSize(1);
        world.pass(Duration.ofMillis(2)); // half of 400 ms is over
        assertThat(asked).hasSize(2);
        world.pass(Duration.ofSeconds(10));
        assertThat(asked).hasSizeLessThanOrEqualTo(3);
        assertThat(catchThrowable(future::join).getCause())
                .isInstanceOf(SocketTimeoutException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("10.0.0.");
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void theBalancersDeadlineCountsForCallsThatBringNone() {
        World world = World.of(3, settings -> settings.deadline(Duration.ofMillis(100)));
        CompletableFuture<Object> future = world.balancer.callAsync(endpoint -> new CompletableFuture<>());
        world.pass(Duration.ofMillis(101));
        assertThat(future).isCompletedExceptionally();
    }

    @Test
    void anAttemptTimeoutCutsAHangingAttempt() {
        World world = World.of(3, settings -> settings.retry(Retry.upTo(2).withAttemptTimeout(Duration.ofMillis(50))));
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<String> future = world.balancer.callAsync(
                REPEATABLE,
                endpoint -> asked.incrementAndGet() == 1
                        ? new CompletableFuture<>()
                        : CompletableFuture.completedFuture("second"));
        world.pass(Duration.ofMillis(51));
        assertThat(future).isCompletedWithValue("second");
        assertThat(sum(world, EndpointStats::failures)).isEqualTo(1);
    }

    @Test
    void cancellingTheFutureCancelsTheFunctionsAndBooksNothing() {
        World world = World.of(3);
        CompletableFuture<String> inner = new CompletableFuture<>();
        CompletableFuture<String> outer = world.balancer.callAsync(endpoint -> inner);
        assertThat(inFlight(world)).isEqualTo(1);
        outer.cancel(true);
        assertThat(inner).isCancelled();
        assertThat(inFlight(world)).isZero();
        assertThat(sum(world, EndpointStats::ignored)).isEqualTo(1);
    }

    @Test
    void cancellingAStageThatDependsOnTheFutureCancelsToo() {
        World world = World.of(3);
        CompletableFuture<String> inner = new CompletableFuture<>();
        CompletableFuture<Integer> dependent = world.balancer
                .callAsync(endpoint -> inner)
                .thenApply(String::length)
                .thenApply(length -> length + 1);
        dependent.cancel(true);
        assertThat(inner).isCancelled();
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void completingTheFutureCancelsTheFunctionsAndBooksNothing() {
        World world = World.of(1);
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> future = world.balancer.callAsync(endpoint -> work);
        future.completeExceptionally(new IOException("changed my mind"));
        assertThat(work).isCancelled();
        assertThat(inFlight(world)).isZero();
        assertThat(world.stats(1).ignored()).isEqualTo(1);
    }

    @Test
    void aStageThatCannotBeCancelledRunsToItsEnd() {
        World world = World.of(1);
        CompletableFuture<String> work = new CompletableFuture<>();
        CompletableFuture<String> future = world.balancer.executeAsync(Call.any(), attempt -> new Uncancellable(work));
        assertThat(future.cancel(true)).isTrue();
        assertThat(inFlight(world)).isEqualTo(1);
        work.complete("late");
        assertThat(inFlight(world)).isZero();
    }

    /** The least that a stage of another make may be. */
    private static final class Uncancellable extends CompletableFuture<String> {

        Uncancellable(CompletableFuture<String> work) {
            work.thenAccept(this::complete);
        }

        @Override
        public CompletableFuture<String> toCompletableFuture() {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void anInterruptAfterAnAnswerThatIsToBeReplacedEndsTheCall() {
        World world = World.of(2);
        List<Endpoint> asked = new ArrayList<>();
        assertThatThrownBy(() -> world.balancer.execute(REPEATABLE, attempt -> {
                    asked.add(attempt.endpoint());
                    attempt.answered(Outcome.OVERLOADED, true);
                    throw new InterruptedException();
                }))
                .isInstanceOf(InterruptedException.class);
        assertThat(asked).hasSize(1);
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void anErrorAfterAnAnswerThatIsToBeReplacedTakesNoSecondRepeat() {
        World world = World.of(3);
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<String> future = world.balancer.executeAsync(REPEATABLE, attempt -> {
            if (asked.incrementAndGet() == 1) {
                assertThat(attempt.answered(Outcome.OVERLOADED, true)).isTrue();
                return CompletableFuture.failedFuture(new IOException("reset"));
            }
            attempt.complete(Outcome.SUCCESS);
            return CompletableFuture.completedFuture("second");
        });
        assertThat(future).isCompletedWithValue("second");
        assertThat(world.balancer.stats().repeats()).isEqualTo(1);
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void cancellingDuringAWaitStartsNothingMore() {
        World world = World.of(1, settings -> settings.retry(Retry.upTo(3).withBackoff(Duration.ofSeconds(10))));
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<String> future = world.balancer.callAsync(REPEATABLE, endpoint -> {
            asked.incrementAndGet();
            return CompletableFuture.failedFuture(new IOException("down"));
        });
        future.cancel(true);
        world.pass(Duration.ofMinutes(1));
        assertThat(asked).hasValue(1);
    }

    @Test
    void aFunctionThatThrowsInsteadOfFailingItsFutureIsTheSame() {
        World world = World.of(3);
        CompletableFuture<String> future = world.balancer.callAsync(endpoint -> {
            throw new IllegalStateException("at once");
        });
        assertThat(catchThrowable(future::join))
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining("at once");
        assertThat(inFlight(world)).isZero();
    }

    @Test
    void aCallBeforeTheFirstListWaitsForIt() {
        World world = new World(settings -> settings);
        CompletableFuture<String> future =
                world.balancer.callAsync(endpoint -> CompletableFuture.completedFuture("answer"));
        assertThat(future).isNotDone();
        world.list(3);
        assertThat(future).isCompletedWithValue("answer");
    }

    @Test
    void aCallThatIsCancelledBeforeTheFirstListIsNeverMade() {
        World world = new World(settings -> settings);
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<String> future = world.balancer.callAsync(endpoint -> {
            asked.incrementAndGet();
            return CompletableFuture.completedFuture("answer");
        });
        future.cancel(true);
        world.list(3);
        assertThat(asked).hasValue(0);
        assertThat(sum(world, EndpointStats::ignored)).isZero();
    }

    @Test
    void aCallBeforeTheFirstListWaitsFiveSecondsAtMostAndSaysWhyThereIsNone() {
        World world = new World(settings -> settings);
        world.listener.failed(new IOException("registry is down"));
        CompletableFuture<String> future =
                world.balancer.callAsync(endpoint -> CompletableFuture.completedFuture("answer"));
        world.pass(Duration.ofMillis(4_999));
        assertThat(future).isNotDone();
        world.pass(Duration.ofMillis(2));
        assertThat(catchThrowable(future::join).getCause())
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("registry is down");
    }

    @Test
    void aCallBeforeTheFirstListWaitsNoLongerThanItsDeadline() {
        World world = new World(settings -> settings);
        CompletableFuture<String> future = world.balancer.callAsync(
                Call.any().withDeadline(Duration.ofMillis(300)),
                endpoint -> CompletableFuture.completedFuture("answer"));
        world.pass(Duration.ofMillis(301));
        assertThat(catchThrowable(future::join).getCause()).isInstanceOf(NoEndpointException.class);
    }

    @Test
    void nothingStartsWhenTheFirstListComesAfterTheDeadline() {
        World world = new World(settings -> settings);
        AtomicInteger asked = new AtomicInteger();
        CompletableFuture<String> future =
                world.balancer.callAsync(Call.any().withDeadline(Duration.ofMillis(300)), endpoint -> {
                    asked.incrementAndGet();
                    return CompletableFuture.completedFuture("late");
                });
        world.time.jump(Duration.ofMillis(400)); // the timer is late
        world.list(3);
        assertThat(future).isCompletedExceptionally();
        assertThat(asked).hasValue(0);
    }

    @Test
    void anEmptyFirstListIsNoList() {
        World world = new World(settings -> settings);
        world.list(0);
        assertThat(world.balancer.stats().ready()).isFalse();
        world.list(1);
        assertThat(world.balancer.stats().ready()).isTrue();
    }

    @Test
    void afterCloseEveryUseSaysSo() {
        World world = World.of(3);
        Lease before = world.acquire();
        world.close();
        assertThatThrownBy(() -> world.balancer.acquire())
                .isInstanceOf(NoEndpointException.class)
                .hasMessage("orders is closed");
        assertThatThrownBy(() -> world.balancer.call(endpoint -> "x")).hasMessage("orders is closed");
        assertThat(catchThrowable(() -> world.balancer
                        .callAsync(endpoint -> CompletableFuture.completedFuture("x"))
                        .join()))
                .hasMessageContaining("orders is closed");
        assertThatThrownBy(() -> world.balancer.drain(World.endpoint(1))).isInstanceOf(IllegalStateException.class);
        before.complete(Outcome.SUCCESS);
        assertThat(inFlight(world)).isZero();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void closingEndsTheWaitForAFirstList() {
        World world = new World(settings -> settings);
        CompletableFuture<String> future =
                world.balancer.callAsync(endpoint -> CompletableFuture.completedFuture("answer"));
        world.close();
        assertThat(catchThrowable(future::join).getCause()).hasMessage("orders is closed");
    }

    @Test
    void aCallWithAKeyGoesToTheSameReplicaUntilThatIsOut() {
        World world = World.of(5);
        Call keyed = Call.any().withKey("user-42");
        Lease first = world.acquire(keyed);
        Endpoint home = first.endpoint();
        first.close();
        assertThat(world.shares(100, keyed)).containsOnlyKeys(home.id());
        world.balancer.disable(home);
        assertThat(world.shares(100, keyed)).hasSize(1).doesNotContainKey(home.id());
        world.balancer.enable(home);
        assertThat(world.shares(100, keyed)).containsOnlyKeys(home.id());
    }

    @Test
    void aHotKeySpillsOverOnceItsReplicaHasMoreThanItsBound() {
        World world = World.of(4);
        Call hot = Call.any().withKey("hot");
        for (int i = 0; i < 40; i++) {
            world.acquire(hot);
        }
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.inFlight()).isLessThanOrEqualTo(13));
    }

    private static int inFlight(World world) {
        return (int) sum(world, EndpointStats::inFlight);
    }

    private static long successes(World world) {
        return sum(world, EndpointStats::successes);
    }

    private static long sum(World world, java.util.function.ToLongFunction<EndpointStats> field) {
        return world.balancer.stats().endpoints().stream().mapToLong(field).sum();
    }

    @Test
    void anErrorThatIsTheAnswerIsNotRepeated() {
        World world =
                World.of(3, settings -> settings.outcomes(Outcomes.defaults().withErrors(error -> Outcome.SUCCESS)));
        List<String> called = new ArrayList<>();
        assertThatThrownBy(() -> world.balancer.call(Call.any().idempotent(), endpoint -> {
                    called.add(endpoint.id());
                    throw new IOException("no such order");
                }))
                .hasMessage("no such order");
        assertThat(called).hasSize(1);
    }
}
