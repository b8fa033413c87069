package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Explanation;
import io.evenkeel.Hedge;
import io.evenkeel.Limit;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.OverloadedException;
import io.evenkeel.Retry;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls that ask for one endpoint: because a session lives there, mostly. */
class PinnedCallsTest {

    private static final double BOUND = 2;

    private static final Exchange<String> OVER_TLS = new Exchange<>() {
        @Override
        public String attempt(Attempt attempt) {
            attempt.complete(Outcome.SUCCESS);
            return attempt.endpoint().id();
        }

        @Override
        public Set<String> schemes() {
            return Set.of("https");
        }
    };

    private static Call at(int i) {
        return Call.any().withEndpoint(World.endpoint(i).id(), BOUND);
    }

    private static Call onlyAt(int i) {
        return Call.any().withOnlyEndpoint(World.endpoint(i).id());
    }

    private static Map<String, Integer> allAt(int i, int n) {
        return Map.of(World.endpoint(i).id(), n);
    }

    /** What takes endpoint 2 of three away. */
    enum Loss {
        UNLISTED,
        DRAINED,
        DISABLED,
        REFUSING,
        FAILING,
        OPEN,
        OF_WEIGHT_0_AND_REFUSING;

        void to(World world) {
            Endpoint two = World.endpoint(2);
            switch (this) {
                case UNLISTED -> world.list(World.endpoint(1), World.endpoint(3));
                case DRAINED -> assertThat(world.balancer.drain(two)).isCompleted();
                case DISABLED -> world.balancer.disable(two);
                case REFUSING -> world.refuse(2);
                case FAILING -> world.calls(5, 2, Outcome.FAILURE);
                case OPEN -> breakOpen(world);
                case OF_WEIGHT_0_AND_REFUSING -> {
                    world.refuse(2);
                    world.balancer.weight(two, 0);
                }
            }
        }

        private static void breakOpen(World world) {
            for (int i = 0; i < 32; i++) {
                world.acquire(2).complete(i % 2 == 0 ? Outcome.FAILURE : Outcome.SUCCESS);
            }
            world.settle();
        }
    }

    @Test
    void aCallGoesToTheEndpointThatItAsksFor() {
        World world = World.of(5);
        for (int i = 1; i <= 5; i++) {
            assertThat(world.shares(20, at(i))).isEqualTo(allAt(i, 20));
            assertThat(world.shares(20, onlyAt(i))).isEqualTo(allAt(i, 20));
        }
    }

    @Test
    void neitherPriorityNorZoneNorSubsetKeepsItAway() {
        World world = new World(settings -> settings.zone("eu-1a"));
        Endpoint[] all = new Endpoint[200];
        Arrays.setAll(
                all,
                i -> World.endpoint(i + 1)
                        .withZone(i % 2 == 0 ? "eu-1a" : "eu-1b")
                        .withPriority(i % 3));
        world.list(all);
        for (int i = 1; i <= 200; i++) {
            assertThat(world.shares(1, at(i))).isEqualTo(allAt(i, 1));
            assertThat(world.shares(1, onlyAt(i))).isEqualTo(allAt(i, 1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCallWhoseEndpointIsGoneGoesElsewhere(Loss loss) {
        World world = World.of(3);
        loss.to(world);
        assertThat(world.shares(100, at(2)))
                .containsOnlyKeys(World.endpoint(1).id(), World.endpoint(3).id());
    }

    @ParameterizedTest
    @EnumSource
    void aCallForWhichNoOtherWillDoFailsAndSaysWhichIsGone(Loss loss) {
        World world = World.of(3);
        loss.to(world);
        assertThatThrownBy(() -> world.balancer.acquire(onlyAt(2)))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageStartingWith(
                        "orders: endpoint " + World.endpoint(2).id() + ", the only one for this call, is ")
                .hasMessageContaining(loss == Loss.UNLISTED ? "not listed: 2 known" : ": 3 known");
    }

    @Test
    void anEndpointThatComesBackIsUsedAgain() {
        World world = World.of(3);
        world.balancer.disable(World.endpoint(2));
        world.balancer.enable(World.endpoint(2));
        assertThat(world.shares(10, at(2))).isEqualTo(allAt(2, 10));
        world.refuse(2);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.shares(10, onlyAt(2))).isEqualTo(allAt(2, 10));
    }

    @Test
    void aKeyPlacesWhatTheEndpointDoesNot() {
        World world = World.of(10);
        Call keyed = Call.any().withKey("user-42");
        Endpoint home = world.acquire(keyed).endpoint();
        assertThat(world.shares(50, keyed.withEndpoint("http://nobody", BOUND))).containsOnlyKeys(home.id());
    }

    @Test
    void itGoesOnlyWhereTheTagsAre() {
        World world = new World(settings -> settings);
        world.list(World.endpoint(1).withTag("version", "1"), World.endpoint(2).withTag("version", "2"));
        assertThat(world.shares(10, at(1).withTag("version", "2"))).isEqualTo(allAt(2, 10));
        assertThatThrownBy(() -> world.balancer.acquire(onlyAt(1).withTag("version", "2")))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("is not one with tags {version=2}");
    }

    @Test
    void itGoesOnlyWhereTheSchemeIs() {
        World world = World.of(3);
        world.list(World.endpoint(1), World.endpoint(2), Endpoint.of("https://10.0.0.3"));
        assertThat(execute(world, at(2), OVER_TLS)).isEqualTo("https://10.0.0.3:443");
        assertThat(catchThrowable(() -> world.balancer.execute(onlyAt(2), OVER_TLS)))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("is not one of scheme https");
    }

    /** Where all that are in use are of the scheme, a snapshot is not looked at by schemes. */
    @Test
    void itGoesOnlyWhereTheSchemeIsAlsoIfNobodyOfAnotherIsInUse() {
        World world = new World(settings -> settings);
        Endpoint overTls = Endpoint.of("https://10.0.0.1");
        world.list(overTls, World.endpoint(2).withWeight(0));
        assertThat(execute(world, at(2), OVER_TLS)).isEqualTo(overTls.id());
        assertThat(catchThrowable(() -> world.balancer.execute(onlyAt(2), OVER_TLS)))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("is not one of scheme https");
    }

    private static <T> T execute(World world, Call call, Exchange<T> exchange) {
        try {
            return world.balancer.<T, RuntimeException>execute(call, exchange);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void whoHoldsAnOlderListGoesByTheNewer() throws Exception {
        World world = World.of(2);
        Snapshot older = world.balancer.snapshot(1);
        Endpoint overTls =
                Endpoint.of("https://10.0.0.2").withId(World.endpoint(2).id());
        world.list(World.endpoint(1), overTls);
        assertThat(older.admit(onlyAt(2), null, Set.of()).endpoint()).isEqualTo(overTls);
    }

    // Weight 0: sessions that are there stay, others do not come.

    @Test
    void anEndpointOfWeight0GetsTheCallsThatAskForItAndNoOthers() {
        World world = World.of(3);
        world.balancer.weight(World.endpoint(2), 0);
        assertThat(world.shares(100)).doesNotContainKey(World.endpoint(2).id());
        assertThat(world.shares(100, Call.any().withKey("user-42")))
                .doesNotContainKey(World.endpoint(2).id());
        assertThat(world.shares(100, at(2))).isEqualTo(allAt(2, 100));
        assertThat(world.shares(100, onlyAt(2))).isEqualTo(allAt(2, 100));
    }

    @Test
    void soDoesOneThatTheListGivesWeight0() {
        World world = World.of(3);
        world.list(World.endpoint(1), World.endpoint(2).withWeight(0), World.endpoint(3));
        assertThat(world.shares(100)).doesNotContainKey(World.endpoint(2).id());
        assertThat(world.shares(100, at(2))).isEqualTo(allAt(2, 100));
        world.list(
                World.endpoint(1).withWeight(0),
                World.endpoint(2).withWeight(0),
                World.endpoint(3).withWeight(0));
        assertThat(world.shares(100, at(2))).isEqualTo(allAt(2, 100));
        assertThat(catchThrowable(() -> world.balancer.acquire())).isInstanceOf(NoEndpointException.class);
    }

    @Test
    void panicDoesNotUseOneOfWeight0() {
        World world = World.of(5);
        world.calls(5, 1, Outcome.FAILURE);
        world.calls(5, 2, Outcome.FAILURE);
        world.balancer.disable(World.endpoint(4));
        world.balancer.weight(World.endpoint(5), 0);
        assertThat(world.balancer.stats().panic()).isTrue();
        assertThat(world.shares(300)).doesNotContainKey(World.endpoint(5).id());
        assertThat(world.shares(10, at(5))).isEqualTo(allAt(5, 10));
    }

    @Test
    void oneThatIsDrainedGetsNobodyAnyMoreAsSoonAsThatIsSaid() {
        World world = World.of(3);
        world.balancer.weight(World.endpoint(2), 0);
        Lease session = world.acquire(at(2));
        CompletableFuture<Void> drained = world.balancer.drain(World.endpoint(2));
        assertThat(world.shares(100, at(2))).doesNotContainKey(World.endpoint(2).id());
        assertThat(drained).isNotDone();
        session.complete(Outcome.SUCCESS);
        assertThat(drained).isCompleted();
    }

    @Test
    void oneOfWeight0KeepsAsManyCallsAsItMightHaveHadOtherwise() {
        World world = World.of(2);
        hold(world, 100, Call.any());
        world.balancer.weight(World.endpoint(2), 0);
        hold(world, 40, at(2));
        assertThat(world.stats(2).inFlight()).isEqualTo(90);
    }

    // Out, and on the way back.

    @Test
    void inPanicItGoesThereAlthoughItIsOut() {
        World world = World.of(5);
        for (int i = 1; i <= 2; i++) {
            world.calls(5, i, Outcome.FAILURE);
        }
        assertThat(world.shares(10, at(2))).doesNotContainKey(World.endpoint(2).id());
        world.balancer.disable(World.endpoint(4));
        world.balancer.disable(World.endpoint(5));
        assertThat(world.balancer.stats().panic()).isTrue();
        assertThat(world.shares(10, at(2))).isEqualTo(allAt(2, 10));
        assertThat(world.shares(10, onlyAt(2))).isEqualTo(allAt(2, 10));
    }

    private static World halfOpen() {
        World world = World.of(3, settings -> settings.outliers(Outliers.off()).breaker(Breaker.defaults()));
        Loss.OPEN.to(world);
        world.pass(Duration.ofSeconds(7));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        return world;
    }

    @Test
    void itMayBeTheTrialOfItsEndpoint() {
        World world = halfOpen();
        assertThat(world.shares(3, onlyAt(2).idempotent())).isEqualTo(allAt(2, 3));
        world.settle();
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
    }

    @Test
    void itIsNoTrialOfAnother() {
        World world = halfOpen();
        assertThat(world.shares(20, at(1).idempotent())).isEqualTo(allAt(1, 20));
        assertThat(world.shares(1, Call.any().idempotent())).isEqualTo(allAt(2, 1));
    }

    // How much it may get.

    /** Leases that nobody ends. */
    private static Map<String, Integer> hold(World world, int n, Call call) {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < n; i++) {
            shares.merge(world.acquire(call).endpoint().id(), 1, Integer::sum);
        }
        return shares;
    }

    @Test
    void aFewCallsStayWhateverTheOthersHave() {
        World world = World.of(4);
        assertThat(hold(world, 16, at(2))).isEqualTo(allAt(2, 16));
        assertThat(hold(world, 1, at(2))).doesNotContainKey(World.endpoint(2).id());
    }

    /**
     * Of 1,000 calls in flight that all ask for one of four endpoints x stay, as long as x < m + 4 sqrt(m), where m is twice the mean of
     * the others, which is (1,000 - x) / 3: for x = 454, m = 364 and the bound is 440.3; for 445, 370 and 446.9.
     */
    @Test
    void aCrowdIsSpreadOverTheOthers() {
        World world = World.of(4);
        Map<String, Integer> shares = hold(world, 1_000, at(2));
        assertThat(shares.get(World.endpoint(2).id())).isBetween(440, 454);
        for (int i : new int[] {1, 3, 4}) {
            assertThat(shares.get(World.endpoint(i).id())).isBetween(170, 200);
        }
    }

    /** By the weights: three times the weight, and m is six times the mean of the others. */
    @Test
    void aHeavierOneMayHaveMore() {
        World world = new World(settings -> settings);
        world.list(World.endpoint(1), World.endpoint(2).withWeight(3), World.endpoint(3), World.endpoint(4));
        Map<String, Integer> shares = hold(world, 1_000, at(2));
        int there = shares.get(World.endpoint(2).id());
        double most = 6 * (1_000 - there) / 3.0;
        assertThat((double) there).isBetween(most * 0.95, most + 5 * Math.sqrt(most));
    }

    @Test
    void ofManyEndpointsSomeStandForAll() {
        World world = World.of(1_000, settings -> settings.subset(Subset.off()));
        hold(world, 5_000, Call.any());
        int before = world.stats(2).inFlight();
        Map<String, Integer> shares = hold(world, 200, at(2));
        // The others have five each: m is 10, and 10 + 4 sqrt(10) = 22.6; of those sampled a little more or less.
        assertThat(shares.get(World.endpoint(2).id()) + before).isBetween(20, 28);
    }

    @Test
    void oneOnItsWayBackIsAskedForLikeTheOthers() {
        World world = World.of(2, settings -> settings.slowStart(SlowStart.over(Duration.ofSeconds(30))));
        world.refuse(2);
        world.pass(Duration.ofSeconds(2));
        assertThat(world.state(2)).isEqualTo(EndpointState.RAMPING);
        hold(world, 50, onlyAt(1));
        int there = 60; // of the 100 and more that it may have when it is back; of its share now, a fifth
        assertThat(hold(world, there, at(2))).isEqualTo(allAt(2, there));
    }

    @Test
    void whereNoOtherWillDoThereIsNoBound() {
        World world = World.of(4);
        assertThat(hold(world, 1_000, onlyAt(2))).isEqualTo(allAt(2, 1_000));
    }

    @Test
    void oneThatHasAsManyCallsAsItMayIsPassedOverOrSaysSo() {
        World world = World.of(3, settings -> settings.limit(Limit.perReplica(2)));
        assertThat(hold(world, 2, at(2))).isEqualTo(allAt(2, 2));
        assertThat(hold(world, 1, at(2))).doesNotContainKey(World.endpoint(2).id());
        assertThatThrownBy(() -> world.balancer.acquire(onlyAt(2)))
                .isInstanceOf(OverloadedException.class)
                .hasMessageContaining(World.endpoint(2).id())
                .hasMessageContaining("at its limit of calls in flight");
    }

    @Test
    void whoWaitsForOneHoldsNobodyUpWhoWouldGoAnywhere() {
        World world = World.of(2, settings -> settings.limit(Limit.perReplica(1).withQueue(10)));
        Lease one = world.acquire(at(1));
        Lease two = world.acquire(at(2));
        CompletableFuture<String> forTwo = world.balancer.executeAsync(
                Call.any(),
                new Placing(call -> call.withOnlyEndpoint(World.endpoint(2).id()), new ArrayList<>()));
        CompletableFuture<String> forAny = answer(world, Call.any());
        one.complete(Outcome.SUCCESS);
        world.settle();
        assertThat(forAny).isCompletedWithValue(World.endpoint(1).id());
        assertThat(forTwo).isNotDone();
        two.complete(Outcome.SUCCESS);
        world.settle();
        assertThat(forTwo).isCompletedWithValue(World.endpoint(2).id());
    }

    private static CompletableFuture<String> answer(World world, Call call) {
        return world.balancer.callAsync(call, endpoint -> CompletableFuture.completedFuture(endpoint.id()));
    }

    // Repeats and hedges.

    private static List<String> attempts(World world, Call call) {
        List<String> asked = new ArrayList<>();
        CompletableFuture<Object> future = world.balancer.callAsync(call, endpoint -> {
            asked.add(endpoint.id());
            return CompletableFuture.failedFuture(new IOException("failure " + asked.size()));
        });
        world.pass(Duration.ofSeconds(1));
        assertThat(future).isCompletedExceptionally();
        return asked;
    }

    @Test
    void aRepeatGoesElsewhere() {
        World world = World.of(5);
        assertThat(attempts(world, at(2).idempotent()))
                .hasSize(3)
                .doesNotHaveDuplicates()
                .startsWith(World.endpoint(2).id());
    }

    @Test
    void aRepeatForWhichNoOtherWillDoGoesToTheSameAfterABackoff() {
        World world = World.of(5, settings -> settings.retry(Retry.upTo(3).withBackoff(Duration.ofMillis(100))));
        List<Long> times = new ArrayList<>();
        CompletableFuture<Object> future = world.balancer.callAsync(onlyAt(2).idempotent(), endpoint -> {
            assertThat(endpoint).isEqualTo(World.endpoint(2));
            times.add(world.time.getAsLong());
            return CompletableFuture.failedFuture(new IOException("failure " + times.size()));
        });
        world.pass(Duration.ofSeconds(1));
        assertThat(catchThrowable(future::join)).hasRootCauseMessage("failure 3");
        assertThat(times).hasSize(3).doesNotHaveDuplicates();
    }

    @Test
    void whatCouldNotConnectFailsAsSoonAsTheEndpointIsGone() {
        World world = World.of(5, settings -> settings.retry(Retry.upTo(3).withBackoff(Duration.ofMillis(500))));
        CompletableFuture<Object> future = world.balancer.callAsync(
                onlyAt(2), endpoint -> CompletableFuture.failedFuture(new ConnectException("refused")));
        world.pass(Duration.ofSeconds(1));
        assertThat(catchThrowable(future::join))
                .cause()
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining(World.endpoint(2).id())
                .hasMessageContaining("ejected")
                .hasSuppressedException(new ConnectException("refused"));
    }

    @Test
    void aCallForWhichNoOtherWillDoIsNotHedged() {
        World world = World.of(3, settings -> settings.hedge(Hedge.after(Duration.ofMillis(50))));
        assertThat(startedWithin(world, onlyAt(2).idempotent()))
                .containsExactly(World.endpoint(2).id());
        assertThat(startedWithin(world, at(2).idempotent()))
                .hasSize(2)
                .startsWith(World.endpoint(2).id())
                .doesNotHaveDuplicates();
    }

    private static List<String> startedWithin(World world, Call call) {
        List<String> asked = new ArrayList<>();
        CompletableFuture<Object> future = world.balancer.callAsync(call, endpoint -> {
            asked.add(endpoint.id());
            return new CompletableFuture<>();
        });
        world.pass(Duration.ofSeconds(1));
        future.cancel(true);
        return asked;
    }

    // What an exchange may say and learn.

    /** One that is asked to place each attempt. */
    private record Placing(UnaryOperator<Call> where, List<Boolean> stoodIn)
            implements Exchange<CompletionStage<String>> {

        @Override
        public CompletionStage<String> attempt(Attempt attempt) {
            stoodIn.add(attempt.standsIn());
            attempt.complete(Outcome.SUCCESS);
            return CompletableFuture.completedFuture(attempt.endpoint().id());
        }

        @Override
        public Call place(Call call) {
            return where.apply(call);
        }
    }

    private static String placed(World world, UnaryOperator<Call> where, List<Boolean> stoodIn) {
        return world.balancer
                .executeAsync(Call.any(), new Placing(where, stoodIn))
                .join();
    }

    @Test
    void anExchangePlacesItsAttempts() {
        World world = World.of(5);
        assertThat(placed(world, call -> call.withOnlyEndpoint(World.endpoint(4).id()), new ArrayList<>()))
                .isEqualTo(World.endpoint(4).id());
    }

    @Test
    void itIsAskedWhenThereIsAList() {
        World world = new World(settings -> settings);
        CompletableFuture<String> answer = world.balancer.executeAsync(
                Call.any(),
                new Placing(
                        call -> call.withOnlyEndpoint(
                                world.balancer.endpoints().getLast().id()),
                        new ArrayList<>()));
        assertThat(world.balancer.endpoints()).isEmpty();
        world.list(3);
        world.settle();
        assertThat(answer).isCompletedWithValue(World.endpoint(3).id());
    }

    @Test
    void whatItThrowsEndsTheCall() {
        World world = World.of(3);
        Exchange<String> refusing = new Exchange<>() {
            @Override
            public String attempt(Attempt attempt) {
                return "";
            }

            @Override
            public Call place(Call call) throws IOException {
                throw new NoEndpointException("nowhere", null);
            }
        };
        assertThatThrownBy(() -> world.balancer.execute(Call.any(), refusing)).hasMessage("nowhere");
        assertThat(world.stats(1).inFlight()
                        + world.stats(2).inFlight()
                        + world.stats(3).inFlight())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void anAttemptStandsInForOneThatIsGone(Loss loss) {
        World world = World.of(3);
        List<Boolean> stoodIn = new ArrayList<>();
        placed(world, call -> call, stoodIn);
        placed(world, call -> call.withEndpoint(World.endpoint(2).id(), BOUND), stoodIn);
        loss.to(world);
        placed(world, call -> call.withEndpoint(World.endpoint(2).id(), BOUND), stoodIn);
        assertThat(stoodIn).containsExactly(false, false, true);
    }

    @Test
    void itDoesNotForOneThatIsBusyOrWasTriedOrKeepsItsSessions() {
        World world = World.of(3);
        List<Boolean> stoodIn = new ArrayList<>();
        hold(world, 16, at(2));
        String elsewhere =
                placed(world, call -> call.withEndpoint(World.endpoint(2).id(), BOUND), stoodIn);
        assertThat(elsewhere).isNotEqualTo(World.endpoint(2).id());
        placed(
                world,
                call -> call.withTried(World.endpoint(3))
                        .withEndpoint(World.endpoint(3).id(), BOUND),
                stoodIn);
        world.balancer.weight(World.endpoint(2), 0);
        placed(world, call -> call.withEndpoint(World.endpoint(2).id(), BOUND), stoodIn);
        assertThat(stoodIn).containsExactly(false, false, false);
    }

    @Test
    void theListIsTheSameObjectUntilItChanges() {
        World world = World.of(3);
        List<Endpoint> listed = world.balancer.endpoints();
        assertThat(listed).containsExactly(World.endpoint(1), World.endpoint(2), World.endpoint(3));
        world.list(3);
        world.refuse(1);
        assertThat(world.balancer.endpoints()).isSameAs(listed);
        world.list(World.endpoint(1), World.endpoint(2).withWeight(2), World.endpoint(3));
        assertThat(world.balancer.endpoints())
                .isNotSameAs(listed)
                .element(1)
                .extracting(Endpoint::weight)
                .isEqualTo(2.0);
    }

    @Test
    void anExplanationSaysWhatIsAskedFor() {
        World world = World.of(3);
        assertThat(world.balancer.explain(at(2)).candidates())
                .extracting(Explanation.Candidate::reason)
                .containsExactly("", "asked for by the call", "");
        assertThat(world.balancer.explain(onlyAt(2)).candidates().get(1).reason())
                .isEqualTo("the only one for this call");
    }

    // Keys, for what is not pinned.

    private static Map<String, String> places(World world, int keys) {
        Map<String, String> places = new HashMap<>();
        for (int i = 0; i < keys; i++) {
            Lease lease = world.acquire(Call.any().withKey("user-" + i));
            places.put("user-" + i, lease.endpoint().id());
            lease.close();
        }
        return places;
    }

    /** 20,000 keys, each of which the eleventh gets with a chance of 1/11: 1,818 with a standard deviation of 40.7; five of these are 203. */
    @Test
    void aReplicaThatJoinsTenTakesAnEleventhOfTheKeysAndNoOtherKeyMoves() {
        World world = World.of(10, settings -> settings.policy(Policy.roundRobin()));
        Map<String, String> before = places(world, 20_000);
        world.list(11);
        world.pass(Duration.ofSeconds(31)); // its ramp
        Map<String, String> after = places(world, 20_000);
        List<String> moved = before.keySet().stream()
                .filter(key -> !before.get(key).equals(after.get(key)))
                .toList();
        assertThat(moved).hasSizeBetween(1_818 - 203, 1_818 + 203);
        assertThat(moved)
                .allSatisfy(key ->
                        assertThat(after).containsEntry(key, World.endpoint(11).id()));
    }

    @Test
    void ofAReplicaThatLeavesTenOnlyItsKeysMove() {
        World world = World.of(10);
        Map<String, String> before = places(world, 20_000);
        world.list(9);
        Map<String, String> after = places(world, 20_000);
        before.forEach((key, place) -> assertThat(after.get(key).equals(place))
                .as("%s stays", key)
                .isEqualTo(!place.equals(World.endpoint(10).id())));
    }
}
