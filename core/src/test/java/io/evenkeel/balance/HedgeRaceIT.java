package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.EndpointStats;
import io.evenkeel.Hedge;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.Retry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call and its hedge, on which two threads act at the same moment. */
@Timeout(120)
class HedgeRaceIT {

    private static final Duration WAIT = Duration.ofMillis(50);
    /** Longer than the wait, and long enough for the budget to allow a hedge each time. */
    private static final Duration BUDGETED = Duration.ofMillis(200);

    private static final int ROUNDS = 3_000;

    /** An attempt under way. */
    private record Started(Attempt attempt, CompletableFuture<Integer> answer) {}

    @FunctionalInterface
    private interface Deed {
        void to(CompletableFuture<Integer> result, List<Started> started);
    }

    private final CyclicBarrier together = new CyclicBarrier(2);

    /** Whatever the two do: the call ends, and what it brought is all that is left in flight. */
    private void race(Deed one, Deed other) throws Exception {
        try (World world = World.of(
                        3,
                        settings -> settings.hedge(Hedge.after(WAIT))
                                .retry(Retry.none())
                                .outliers(Outliers.off())
                                .breaker(Breaker.off()));
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < ROUNDS; round++) {
                List<Started> started = new ArrayList<>();
                CompletableFuture<Integer> result =
                        world.balancer.executeAsync(Call.any().idempotent(), attempt -> {
                            started.add(new Started(attempt, new CompletableFuture<>()));
                            return started.getLast().answer;
                        });
                world.pass(BUDGETED);
                assertThat(started).hasSize(2);
                Future<?> first = threads.submit(() -> act(one, result, started));
                Future<?> second = threads.submit(() -> act(other, result, started));
                first.get();
                second.get();
                assertThat(result).isDone();
                int left = result.isCompletedExceptionally() ? 0 : 1;
                assertThat(inFlight(world)).isEqualTo(left);
                if (left > 0) {
                    started.get(result.join()).attempt.complete(Outcome.SUCCESS);
                }
                assertThat(inFlight(world)).isZero();
            }
        }
    }

    private void act(Deed deed, CompletableFuture<Integer> result, List<Started> started) {
        try {
            together.await();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        deed.to(result, started);
    }

    private static int inFlight(World world) {
        return world.balancer.stats().endpoints().stream()
                .mapToInt(EndpointStats::inFlight)
                .sum();
    }

    private static Deed answers(int attempt) {
        return (result, started) -> started.get(attempt).answer.complete(attempt);
    }

    private static Deed fails(int attempt) {
        return (result, started) -> started.get(attempt).answer.completeExceptionally(new IOException("broken"));
    }

    private static Deed cancels() {
        return (result, started) -> result.cancel(true);
    }

    @Test
    void ofTwoAnsweredAtOnceOneIsTheCallers() throws Exception {
        race(answers(0), answers(1));
    }

    @Test
    void ofTwoThatEndAtOnceTheOneThatIsAnsweredCounts() throws Exception {
        race(fails(0), answers(1));
        race(answers(0), fails(1));
    }

    @Test
    void twoThatFailAtOnceEndTheCall() throws Exception {
        race(fails(0), fails(1));
    }

    @Test
    void aCallThatIsCancelledAsItIsAnsweredEndsEitherWay() throws Exception {
        race(cancels(), answers(1));
        race(cancels(), fails(0));
    }
}
