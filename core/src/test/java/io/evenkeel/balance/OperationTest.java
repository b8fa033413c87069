package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.Condition;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.Explanation;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Operator's verbs, what people can see, and code of the user's that misbehaves. */
class OperationTest {

    @Test
    void aDrainedReplicaFinishesItsCallsAndThenSaysSo() {
        World world = World.of(3);
        Lease first = world.acquire(2);
        Lease second = world.acquire(2);
        CompletableFuture<Void> drained = world.balancer.drain(World.endpoint(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.DRAINING);
        assertThat(world.share(2, 100)).isZero();
        first.complete(Outcome.SUCCESS);
        assertThat(drained).isNotDone();
        second.close();
        assertThat(drained).isCompleted();
    }

    @Test
    void aCallIsCountedBeforeItIsNoLongerInFlight() {
        World world = World.of(3);
        Lease lease = world.acquire(2);
        CompletableFuture<Long> counted = world.balancer
                .drain(World.endpoint(2))
                .thenApply(drained -> world.stats(2).ignored());
        lease.close();
        assertThat(counted).isCompletedWithValue(1L);
    }

    @Test
    void whoeverWaitsForADrainIsToldAlsoWhenItIsAskedForTwice() {
        World world = World.of(3);
        Lease lease = world.acquire(2);
        CompletableFuture<Void> first = world.balancer.drain(World.endpoint(2));
        CompletableFuture<Void> second = world.balancer.drain(World.endpoint(2));
        world.balancer.disable(World.endpoint(2));
        lease.close();
        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
    }

    @Test
    void enablingEndsTheWaitForADrain() {
        World world = World.of(3);
        Lease lease = world.acquire(2);
        CompletableFuture<Void> drained = world.balancer.drain(World.endpoint(2));
        world.balancer.enable(World.endpoint(2));
        assertThat(drained).isCancelled();
        lease.close();
    }

    @Test
    void anIdleReplicaIsDrainedAtOnce() {
        assertThat(World.of(3).balancer.drain(World.endpoint(2))).isCompleted();
    }

    @Test
    void theOperatorsWordLastsOverListsUntilItIsTakenBack() {
        World world = World.of(4);
        world.balancer.disable(World.endpoint(2));
        world.balancer.weight(World.endpoint(3), 5);
        world.list(4);
        world.list(World.endpoint(1), World.endpoint(3), World.endpoint(4));
        world.list(4);
        assertThat(world.state(2)).isEqualTo(EndpointState.DISABLED);
        assertThat(world.stats(3).weight()).isEqualTo(5);
        world.balancer.enable(World.endpoint(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
        assertThat(world.events(Observer.StateChanged.class))
                .extracting(Observer.StateChanged::to)
                .containsExactly(EndpointState.DISABLED, EndpointState.UP);
    }

    @Test
    void aVerbOnAnUnknownEndpointNamesTheKnownOnes() {
        World world = World.of(2);
        assertThatThrownBy(() -> world.balancer.disable(World.endpoint(7)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.7")
                .hasMessageContaining("10.0.0.1");
        assertThatThrownBy(() -> world.balancer.weight(World.endpoint(1), -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> world.balancer.weight(World.endpoint(1), Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void withEverybodyDisabledTheErrorSaysSo() {
        World world = World.of(2);
        world.refuse(1);
        world.balancer.disable(World.endpoint(1));
        world.balancer.disable(World.endpoint(2));
        assertThatThrownBy(() -> world.balancer.acquire())
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("orders")
                .hasMessageContaining("2 known")
                .hasMessageContaining("0 eligible")
                .hasMessageContaining("2 drained, disabled or of weight 0")
                .hasMessageContaining("ConnectException: refused")
                .hasStackTraceContaining("refused")
                .satisfies(error -> assertThat(error.getStackTrace()).isEmpty());
    }

    @Test
    void disabledReplicasAreNotUsedInPanicEither() {
        World world = World.of(5);
        for (int i = 1; i <= 2; i++) {
            world.calls(5, i, Outcome.FAILURE);
        }
        world.balancer.disable(World.endpoint(4));
        world.balancer.disable(World.endpoint(5));
        assertThat(world.balancer.stats().panic()).isTrue();
        assertThat(world.shares(300))
                .containsOnlyKeys(
                        World.endpoint(1).id(),
                        World.endpoint(2).id(),
                        World.endpoint(3).id());
        assertThat(world.events(Observer.ConditionChanged.class))
                .extracting(Observer.ConditionChanged::to)
                .containsExactly(Condition.DEGRADED, Condition.PANIC);
        world.balancer.enable(World.endpoint(4));
        assertThat(world.balancer.stats().panic()).isFalse();
        assertThat(world.shares(300))
                .containsOnlyKeys(World.endpoint(3).id(), World.endpoint(4).id());
    }

    @Test
    void anExplanationNamesEveryEndpointAndWhy() {
        World world = World.of(4);
        world.refuse(1);
        world.balancer.drain(World.endpoint(2));
        Lease busy = world.acquire(3);
        Explanation why = world.balancer.explain(Call.any().withTried(World.endpoint(4)));
        assertThat(why.candidates())
                .extracting(Explanation.Candidate::eligible)
                .containsExactly(false, false, true, true);
        assertThat(why.candidates().get(0).reason()).contains("EJECTED").contains("refused");
        assertThat(why.candidates().get(1).reason()).contains("DRAINING").contains("operator");
        assertThat(why.candidates().get(2).score()).hasValue(2);
        assertThat(why.candidates().get(3).reason()).contains("tried before");
        assertThat(why.toString())
                .contains("least request")
                .contains("excluded")
                .contains("10.0.0.1");
        busy.close();
    }

    @Test
    void anExplanationOfAKeyNamesItsPlace() {
        World world = World.of(8);
        Call call = Call.any().withKey("user-42");
        Explanation why = world.balancer.explain(call);
        Endpoint place = world.acquire(call).endpoint();
        assertThat(why.policy()).isEqualTo(Policy.consistentHash().name());
        assertThat(why.candidates())
                .filteredOn(line -> line.reason().contains("the key's place"))
                .extracting(Explanation.Candidate::endpoint)
                .containsExactly(place);
    }

    @Test
    void aSourceThatThrowsIsReportedByTheWait() {
        VirtualBalancer balancer = new VirtualBalancer(listener -> {
            throw new IllegalStateException("no registry");
        });
        assertThat(balancer.waiting()).isNotDone();
        balancer.world.pass(Duration.ofSeconds(6));
        assertThat(balancer.waiting().exceptionNow()).hasMessageContaining("no registry");
    }

    /** A balancer on a source of the test's own. */
    private static final class VirtualBalancer {

        final World world = new World(settings -> settings);
        private final CompletableFuture<String> waiting;

        VirtualBalancer(EndpointSource source) {
            LoadBalancer balancer = LoadBalancer.builder("orders")
                    .source(source)
                    .clock(world.time)
                    .scheduler(world.time)
                    .build();
            waiting = balancer.callAsync(endpoint -> CompletableFuture.completedFuture(""));
        }

        CompletableFuture<String> waiting() {
            return waiting;
        }
    }

    @Test
    void anObserverThatThrowsHarmsNobody() {
        Observer bad = new Observer() {
            @Override
            public void endpointsChanged(EndpointsChanged event) {
                throw new IllegalStateException("bad observer");
            }

            @Override
            public void attemptEnded(Endpoint endpoint, Outcome outcome, long latencyNanos) {
                throw new IllegalStateException("bad observer");
            }
        };
        World world = World.of(3, settings -> settings.observer(bad));
        assertThat(world.shares(30)).hasSize(3);
    }

    @Test
    void perCallEventsCarryEndpointOutcomeAndLatency() {
        List<String> seen = new ArrayList<>();
        Observer observer = new Observer() {
            @Override
            public void attemptEnded(Endpoint endpoint, Outcome outcome, long latencyNanos) {
                seen.add(endpoint.uri().getHost() + " " + outcome + " " + latencyNanos);
            }
        };
        World world = World.of(1, settings -> settings.observer(observer));
        Lease lease = world.acquire();
        world.pass(Duration.ofMillis(3));
        lease.answered(Outcome.FAILURE);
        world.pass(Duration.ofMillis(3));
        lease.complete(Outcome.SUCCESS);
        assertThat(seen).containsExactly("10.0.0.1 FAILURE 3000000");
    }

    @Test
    void aPolicyThatThrowsIsReplacedByChanceForThatCall() {
        World world = World.of(3, settings -> settings.policy(bad("select")));
        assertThat(world.shares(300)).hasSize(3);
    }

    @Test
    void aPolicyThatMakesNoSelectorIsReplacedByChance() {
        World world = World.of(3, settings -> settings.policy(bad("selector")));
        assertThat(world.shares(300)).hasSize(3);
        assertThat(World.of(3, settings -> settings.policy(bad("newState"))).shares(30))
                .isNotEmpty();
        assertThat(World.of(3, settings -> settings.policy((all, previous, now, random) -> null))
                        .shares(300))
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 99, Integer.MAX_VALUE, -1, -2, Integer.MIN_VALUE})
    void aPolicyThatChoosesOutOfRangeIsReplacedByChanceForThatCall(int wild) {
        World world = World.of(3, settings -> settings.policy(always(() -> wild)));
        assertThat(world.shares(300)).hasSize(3);
    }

    private static Policy always(IntSupplier index) {
        return (all, previous, now, random) -> (call, nowNanos, chance) -> index.getAsInt();
    }

    /** Nor by chance in its place. */
    @Test
    void noPolicySendsACallTwiceToTheSameWhileAnotherIsLeft() {
        IntSupplier throwing = () -> {
            throw new IllegalStateException("bad policy");
        };
        List<IntSupplier> answers = List.of(() -> 0, () -> 2, () -> -1, () -> Integer.MIN_VALUE, () -> 99, throwing);
        for (IntSupplier answer : answers) {
            World world = World.of(4, settings -> settings.policy(always(answer)));
            for (int i = 0; i < 50; i++) {
                Call call = Call.any();
                for (int attempt = 0; attempt < 4; attempt++) {
                    Endpoint next = world.acquire(call).endpoint();
                    assertThat(call.tried(next)).isFalse();
                    call = call.withTried(next);
                }
                assertThat(call.tried(world.acquire(call).endpoint())).isTrue();
            }
        }
    }

    private static Policy bad(String where) {
        return new Policy() {
            @Override
            public Object newState(Endpoint endpoint) {
                failIf("newState");
                return endpoint;
            }

            @Override
            public Selector selector(
                    List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
                failIf("selector");
                return (call, now, chance) -> {
                    failIf("select");
                    return 0;
                };
            }

            private void failIf(String here) {
                if (here.equals(where)) {
                    throw new IllegalStateException("bad policy");
                }
            }
        };
    }

    @Test
    void outcomesThatThrowFallBackToTheDefaults() {
        World world = World.of(
                3,
                settings -> settings.outcomes(Outcomes.defaults().withErrors(error -> {
                    throw new IllegalStateException("bad outcomes");
                })));
        assertThat(world.acquire().fail(new IOException("x"))).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void outcomesThatAreNullFallBackToTheDefaults() {
        World world =
                World.of(3, settings -> settings.outcomes(Outcomes.defaults().withErrors(error -> null)));
        assertThat(world.acquire().fail(new IOException("x"))).isEqualTo(Outcome.FAILURE);
    }

    @Test
    void aLeaseThatIsOverEjectsNobody() {
        World world = World.of(3);
        Lease lease = world.acquire(2);
        lease.complete(Outcome.SUCCESS);
        lease.fail(new java.net.ConnectException("refused"));
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.UP);
    }

    @Test
    void aBalancerIsReadyOnlyOnceItsFirstSnapshotIsMade() {
        List<Boolean> readyWhileMaking = new ArrayList<>();
        World[] made = new World[1];
        made[0] = new World(settings -> settings.policy((all, previous, now, random) -> {
            readyWhileMaking.add(made[0].balancer.stats().ready());
            return Policy.random().selector(all, previous, now, random);
        }));
        made[0].list(3);
        assertThat(readyWhileMaking).containsExactly(false);
        assertThat(made[0].balancer.stats().ready()).isTrue();
    }

    @Test
    void anExchangeThatMisbehavesHangsNobodyAndLeaksNothing() {
        World world = World.of(3);
        CompletableFuture<String> noStage = world.balancer.executeAsync(Call.any(), attempt -> null);
        assertThat(noStage).isCompletedExceptionally();
        CompletableFuture<String> badJudge = world.balancer.executeAsync(Call.any(), new Exchange<>() {
            @Override
            public CompletableFuture<String> attempt(Attempt attempt) {
                return CompletableFuture.failedFuture(new IOException("down"));
            }

            @Override
            public Outcome judge(Throwable error, Attempt attempt) {
                throw new IllegalStateException("bad judge");
            }
        });
        assertThat(badJudge).isCompletedExceptionally();
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.inFlight()).isZero());
    }

    @Test
    void anErrorInASelectorLeaksNothing() {
        World world = World.of(
                3,
                settings -> settings.policy((all, previous, now, random) -> new Selector() {
                    @Override
                    public int select(Call call, long nowNanos, RandomGenerator chance) {
                        throw new AssertionError("bad selector");
                    }

                    @Override
                    public void started(Candidate candidate, long nowNanos) {
                        throw new AssertionError("bad selector");
                    }

                    @Override
                    public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {
                        throw new AssertionError("bad selector");
                    }
                }));
        assertThat(world.shares(300)).hasSize(3);
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.inFlight()).isZero());
    }

    @Test
    void aLeaseIsBookedOnceWhateverIsSaidLater() {
        World world = World.of(1);
        Lease lease = world.acquire();
        lease.complete(Outcome.SUCCESS);
        lease.complete(Outcome.FAILURE);
        lease.answered(Outcome.FAILURE);
        lease.close();
        lease.fail(new IOException("late"));
        assertThat(world.stats(1).successes()).isEqualTo(1);
        assertThat(world.stats(1).failures()).isZero();
        assertThat(world.stats(1).inFlight()).isZero();
    }

    @Test
    void aLeaseIsInFlightToTheEndOfItsBody() {
        World world = World.of(1);
        Lease lease = world.acquire();
        lease.answered(Outcome.SUCCESS);
        assertThat(world.stats(1).inFlight()).isEqualTo(1);
        lease.close();
        assertThat(world.stats(1).inFlight()).isZero();
        assertThat(world.stats(1).ignored()).isZero();
    }

    @Test
    void anAttemptWhoseBodyBreaksOffIsOneFailureAndFiveInARowEject() {
        World world = World.of(3);
        for (int i = 0; i < 5; i++) {
            Lease lease = world.acquire(2);
            lease.answered(Outcome.SUCCESS);
            lease.complete(Outcome.FAILURE);
        }
        world.settle();
        assertThat(world.stats(2).successes()).isZero();
        assertThat(world.stats(2).failures()).isEqualTo(5);
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void anAnswerThatWasBadStaysBadWhenItsBodyEndsWell() {
        World world = World.of(3);
        for (int i = 0; i < 5; i++) {
            Lease lease = world.acquire(2);
            lease.answered(Outcome.FAILURE);
            lease.complete(Outcome.SUCCESS);
        }
        world.settle();
        assertThat(world.stats(2).failures()).isEqualTo(5);
        assertThat(world.state(2)).isEqualTo(EndpointState.EJECTED);
    }

    @Test
    void anExchangeGetsOnlyEndpointsOfItsSchemes() throws Exception {
        World world = new World(settings -> settings);
        world.list(World.endpoint(1), Endpoint.of("https://10.0.0.2"), Endpoint.of("https://10.0.0.3"));
        Exchange<Endpoint> secure = only("https");
        for (int i = 0; i < 100; i++) {
            Endpoint used = world.balancer.<Endpoint, Exception>execute(Call.any(), secure);
            assertThat(used.uri().getScheme()).isEqualTo("https");
        }
        assertThatThrownBy(() -> world.balancer.<Endpoint, Exception>execute(Call.any(), only("tcp")))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("no endpoint of scheme tcp");
    }

    @Test
    void thePartOfASchemeIsJudgedByItself() throws Exception {
        World world = new World(settings -> settings);
        Endpoint secure = Endpoint.of("https://10.0.0.9");
        world.list(World.endpoint(1), World.endpoint(2), World.endpoint(3), secure);
        Lease lease = world.balancer.snapshot(1).of(Set.of("https"), Call.any()).admit(Call.any(), null, Set.of());
        lease.fail(new ConnectException("refused"));
        world.settle();
        assertThat(world.events(Observer.ConditionChanged.class))
                .extracting(Observer.ConditionChanged::to)
                .containsExactly(Condition.DEGRADED);
        assertThat(world.balancer.<Endpoint, Exception>execute(Call.any(), only("https")))
                .isEqualTo(secure); // out, but the only one: in panic
    }

    private static Exchange<Endpoint> only(String scheme) {
        Set<String> schemes = Set.of(scheme);
        return new Exchange<>() {
            @Override
            public Endpoint attempt(Attempt attempt) {
                attempt.complete(Outcome.SUCCESS);
                return attempt.endpoint();
            }

            @Override
            public Set<String> schemes() {
                return schemes;
            }
        };
    }

    @Test
    void anAbandonedBodyEndsSixtySecondsAfterItWasLastTouched() {
        World world = World.of(1);
        CompletableFuture<Attempt> held = new CompletableFuture<>();
        CompletableFuture<String> answer = world.balancer.executeAsync(Call.any(), attempt -> {
            attempt.answered(Outcome.SUCCESS, false);
            attempt.endWhenAbandoned();
            held.complete(attempt);
            return CompletableFuture.completedFuture("headers");
        });
        assertThat(answer).isCompletedWithValue("headers");
        world.pass(Duration.ofSeconds(50));
        held.join().touch();
        world.pass(Duration.ofSeconds(58));
        assertThat(world.stats(1).inFlight()).isEqualTo(1);
        world.pass(Duration.ofSeconds(5));
        assertThat(world.stats(1).inFlight()).isZero();
        assertThat(world.time.waiting()).isZero();
    }

    @Test
    void inFlightReturnsToZeroWhateverHappens() {
        RandomGenerator random = new SplittableRandom(7);
        World world = World.of(8);
        List<Lease> held = new ArrayList<>();
        for (int step = 0; step < 20_000; step++) {
            switch (random.nextInt(12)) {
                case 0 -> world.list(1 + random.nextInt(12));
                case 1 -> world.pass(Duration.ofMillis(random.nextInt(3_000)));
                case 2 -> world.listener.failed(new IOException("down"));
                case 3, 4, 5, 6 ->
                    held.add(world.acquire(random.nextBoolean() ? Call.any().idempotent() : Call.any()));
                default -> {
                    if (!held.isEmpty()) {
                        end(held.remove(random.nextInt(held.size())), random);
                    }
                }
            }
        }
        held.forEach(Lease::close);
        world.list(12);
        assertThat(world.balancer.stats().endpoints())
                .hasSize(12)
                .allSatisfy(line -> assertThat(line.inFlight()).isZero());
    }

    private static void end(Lease lease, RandomGenerator random) {
        switch (random.nextInt(6)) {
            case 0 -> lease.complete(Outcome.SUCCESS);
            case 1 -> lease.fail(new java.net.ConnectException("refused"));
            case 2 -> lease.close();
            case 3 -> {
                lease.answered(Outcome.SUCCESS);
                lease.complete(Outcome.FAILURE);
            }
            case 4 -> {
                lease.complete(Outcome.OVERLOADED);
                lease.close();
            }
            default -> lease.complete(Outcome.FAILURE);
        }
    }

    @Test
    void atNoMomentAreMoreOutThanTheShareAllows() {
        RandomGenerator random = new SplittableRandom(11);
        World world = World.of(9);
        for (int step = 0; step < 5_000; step++) {
            world.acquire(Call.any().idempotent()).complete(random.nextInt(3) == 0 ? Outcome.SUCCESS : Outcome.FAILURE);
            world.pass(Duration.ofMillis(random.nextInt(40)));
            long out = world.balancer.stats().endpoints().stream()
                    .filter(line -> line.state() == EndpointState.EJECTED
                            || line.state() == EndpointState.OPEN
                            || line.state() == EndpointState.HALF_OPEN)
                    .count();
            assertThat(out).isLessThanOrEqualTo(4);
        }
    }
}
