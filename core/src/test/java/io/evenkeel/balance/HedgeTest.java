package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class HedgeTest {

    private static final Duration WAIT = Duration.ofMillis(50);

    /** An attempt under way. */
    private record Started(String id, CompletableFuture<String> answer) {}

    private final List<Started> started = new ArrayList<>();

    private static World world(int n) {
        return World.of(n, settings -> settings.hedge(Hedge.after(WAIT)).retry(Retry.none()));
    }

    private CompletableFuture<String> call(World world) {
        return call(world, Call.any().idempotent());
    }

    private CompletableFuture<String> call(World world, Call call) {
        return world.balancer.callAsync(call, endpoint -> {
            started.add(new Started(endpoint.id(), new CompletableFuture<>()));
            return started.getLast().answer;
        });
    }

    private static void assertNothingInFlight(World world) {
        assertThat(world.balancer.stats().endpoints())
                .extracting(EndpointStats::inFlight)
                .containsOnly(0);
    }

    @Test
    void whatIsAnsweredInTimeIsAttemptedOnce() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT.minusNanos(1));
        started.get(0).answer.complete("first");
        assertThat(answer).isCompletedWithValue("first");
        int waiting = world.time.waiting();
        world.pass(WAIT);
        assertThat(started).hasSize(1);
        assertThat(world.time.waiting()).isLessThanOrEqualTo(waiting);
        assertThat(world.balancer.stats().repeats()).isZero();
    }

    @Test
    void whatIsNotStartsOnAnotherReplicaTooAndTheFirstAnswerCounts() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT);
        assertThat(started).hasSize(2);
        assertThat(started.get(1).id).isNotEqualTo(started.get(0).id);
        started.get(1).answer.complete("second");
        assertThat(answer).isCompletedWithValue("second");
        assertThat(started.get(0).answer).isCancelled();
        assertNothingInFlight(world);
        assertThat(world.balancer.stats().endpoints())
                .allMatch(line -> line.ignored() == (line.endpoint().id().equals(started.get(0).id) ? 1 : 0));
        assertThat(world.balancer.stats().repeats()).isEqualTo(1);
        assertThat(world.balancer.stats().calls()).isEqualTo(1);
    }

    @Test
    void theFirstMayStillWin() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT);
        started.get(0).answer.complete("first");
        assertThat(answer).isCompletedWithValue("first");
        assertThat(started.get(1).answer).isCancelled();
        assertNothingInFlight(world);
    }

    /** An exchange with a word of its own on hedges. */
    private Exchange<CompletableFuture<String>> hedged(Hedge hedge) {
        return new Exchange<>() {
            @Override
            public CompletableFuture<String> attempt(Attempt attempt) {
                started.add(new Started(attempt.endpoint().id(), new CompletableFuture<>()));
                return started.getLast().answer;
            }

            @Override
            public Optional<Hedge> hedge() {
                return Optional.of(hedge);
            }
        };
    }

    @Test
    void anExchangeMayWaitForAnotherTimeThanTheBalancerSays() {
        World world = world(3);
        world.balancer.executeAsync(Call.any().idempotent(), hedged(Hedge.after(WAIT.dividedBy(2))));
        world.pass(WAIT.dividedBy(2).minusNanos(1));
        assertThat(started).hasSize(1);
        world.pass(Duration.ofNanos(1));
        assertThat(started).hasSize(2);
    }

    @Test
    void anExchangeMayTurnHedgesOffOrOn() {
        World hedging = world(3);
        hedging.balancer.executeAsync(Call.any().idempotent(), hedged(Hedge.off()));
        hedging.pass(WAIT.multipliedBy(10));
        assertThat(started).hasSize(1);
        World not = World.of(3);
        not.balancer.executeAsync(Call.any().idempotent(), hedged(Hedge.atPercentile(0.9)));
        not.pass(WAIT.multipliedBy(10));
        assertThat(started).hasSize(2); // there is no percentile to go by
        not.balancer.executeAsync(Call.any().idempotent(), hedged(Hedge.after(WAIT)));
        not.pass(WAIT);
        assertThat(started).hasSize(4);
    }

    @Test
    void whatMayNotBeRepeatedIsNotHedged() {
        World world = world(3);
        call(world, Call.any());
        world.pass(WAIT.multipliedBy(10));
        assertThat(started).hasSize(1);
    }

    @Test
    void whereNobodyElseIsLeftNothingIsHedged() {
        World world = world(1);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT.multipliedBy(10));
        assertThat(started).hasSize(1);
        started.get(0).answer.complete("only");
        assertThat(answer).isCompletedWithValue("only");
    }

    @Test
    void ifOneFailsTheOtherCounts() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT);
        started.get(1).answer.completeExceptionally(new IOException("broken"));
        assertThat(answer).isNotDone();
        started.get(0).answer.complete("first");
        assertThat(answer).isCompletedWithValue("first");
        assertNothingInFlight(world);
    }

    @Test
    void ifBothFailTheLaterErrorTellsOfTheEarlier() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT);
        IOException one = new IOException("one");
        IOException two = new IOException("two");
        started.get(0).answer.completeExceptionally(one);
        started.get(1).answer.completeExceptionally(two);
        assertThat(answer)
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .havingCause()
                .isSameAs(two);
        assertThat(two.getSuppressed()).containsExactly(one);
        assertNothingInFlight(world);
    }

    @Test
    void aFailureBeforeTheWaitIsOverEndsTheCall() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        started.get(0).answer.completeExceptionally(new IOException("broken"));
        assertThat(answer).isCompletedExceptionally();
        world.pass(WAIT.multipliedBy(2));
        assertThat(started).hasSize(1);
    }

    @Test
    void aHedgeThatCannotStartLeavesTheCallToTheFirst() {
        World world = world(3);
        CompletableFuture<String> answer = new CompletableFuture<>();
        CompletableFuture<String> result =
                world.balancer.executeAsync(Call.any().idempotent(), new Exchange<CompletableFuture<String>>() {
                    @Override
                    public CompletableFuture<String> attempt(Attempt attempt) {
                        return answer.whenComplete((value, error) -> attempt.complete(Outcome.SUCCESS));
                    }

                    @Override
                    public Exchange<CompletableFuture<String>> another() {
                        throw new IllegalStateException("no other");
                    }
                });
        world.pass(WAIT.multipliedBy(2));
        assertThat(result).isNotDone();
        answer.complete("first");
        assertThat(result).isCompletedWithValue("first");
        assertNothingInFlight(world);
    }

    @Test
    void ofTwoAnsweredAtOnceTheOneThatLosesEndsToo() {
        World world = world(3);
        List<CompletableFuture<String>> answers = new ArrayList<>();
        CompletableFuture<String> result =
                world.balancer.executeAsync(Call.any().idempotent(), attempt -> {
                    answers.add(new CompletableFuture<>() {
                        @Override
                        public boolean cancel(boolean mayInterruptIfRunning) {
                            return complete("answered as it was cancelled");
                        }
                    });
                    return answers.getLast();
                });
        world.pass(WAIT);
        assertThat(answers).hasSize(2);
        answers.get(1).complete("second");
        assertThat(result).isCompletedWithValue("second");
        assertThat(world.balancer.stats().endpoints())
                .extracting(EndpointStats::inFlight)
                .as("the winner's body may be still to come, the loser's is nobody's")
                .containsExactlyInAnyOrder(1, 0, 0);
    }

    @Test
    void cancellingTheCallCancelsBoth() {
        World world = world(3);
        CompletableFuture<String> answer = call(world);
        world.pass(WAIT);
        answer.cancel(true);
        assertThat(started).hasSize(2).allMatch(attempt -> attempt.answer.isCancelled());
        assertNothingInFlight(world);
    }

    @Test
    void nothingStartsAfterTheDeadline() {
        World world = world(3);
        CompletableFuture<String> answer = call(world, Call.any().idempotent().withDeadline(WAIT));
        world.pass(WAIT.multipliedBy(2));
        assertThat(answer).isCompletedExceptionally();
        assertThat(started).hasSize(1);
        assertNothingInFlight(world);
    }

    /** 0.2 of 1,000 calls and 10 a second over 10 s. */
    @Test
    void hedgesAndRepeatsTogetherStayWithinTheBudget() {
        World world = World.of(3, settings -> settings.hedge(Hedge.after(WAIT)).retry(Retry.upTo(3)));
        for (int i = 0; i < 1_000; i++) {
            call(world);
        }
        world.pass(Duration.ofSeconds(5));
        assertThat(started).hasSize(1_000 + 300);
        started.forEach(attempt -> attempt.answer.completeExceptionally(new IOException("broken")));
        world.pass(Duration.ofSeconds(4));
        assertThat(started).hasSize(1_000 + 300);
        assertNothingInFlight(world);
    }

    @Test
    void aPercentileIsFollowedFromTheHundredthCallOn() {
        World world = World.of(3, settings -> settings.hedge(Hedge.atPercentile(0.9)));
        for (int i = 0; i < 100; i++) {
            CompletableFuture<String> answer = call(world);
            world.pass(Duration.ofMillis(20));
            started.getLast().answer.complete("");
            assertThat(answer.handle((value, error) -> error instanceof CompletionException))
                    .isCompletedWithValue(false);
        }
        assertThat(started).as("no hedge yet").hasSize(100);
        call(world);
        world.pass(Duration.ofMillis(15));
        assertThat(started).hasSize(101);
        world.pass(Duration.ofMillis(10));
        assertThat(started).hasSize(102);
    }

    @Test
    void aRepeatGoesNeitherWhereTheCallHasBeenNorWhereItsHedgeIs() {
        for (int i = 0; i < 20; i++) {
            started.clear();
            World world = World.of(
                    3,
                    settings -> settings.hedge(Hedge.after(WAIT))
                            .retry(Retry.upTo(2))
                            .outliers(Outliers.off()));
            call(world);
            world.pass(WAIT);
            crowdWhoIsNot(world, started.get(0).id, started.get(1).id);
            started.get(0).answer.completeExceptionally(new IOException("broken"));
            world.pass(Duration.ofSeconds(1));
            assertThat(started).extracting(Started::id).hasSize(3).doesNotHaveDuplicates();
        }
    }

    /** So that the choice, if there were one, would be another. */
    private static void crowdWhoIsNot(World world, String one, String other) {
        for (int i = 1; i <= 3; i++) {
            String id = World.endpoint(i).id();
            for (int calls = 0; calls < 20 && !id.equals(one) && !id.equals(other); calls++) {
                world.acquire(i);
            }
        }
    }

    /** As an application may have made them once and for all. */
    @Test
    void errorsThatAreThrownAgainAndAgainDoNotGrow() {
        IOException one = new IOException("one");
        IOException other = new IOException("other");
        World world = world(3);
        for (int i = 0; i < 100; i++) {
            started.clear();
            call(world);
            world.pass(WAIT);
            if (started.size() == 2) {
                started.get(0).answer.completeExceptionally(one);
                started.get(1).answer.completeExceptionally(other);
            } else {
                started.get(0).answer.complete("");
            }
            world.pass(Duration.ofSeconds(5));
        }
        assertThat(other.getSuppressed()).hasSizeBetween(1, 10);
    }
}
