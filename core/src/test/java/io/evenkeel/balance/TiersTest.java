package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Explanation;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.Subset;
import io.evenkeel.balance.Tiers.Tier;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TiersTest {

    private static final SplittableRandom RANDOM = new SplittableRandom(7);

    /** So many replicas of a priority, the first of which are out, unless by a refused connection by a row of failures. */
    private static List<Replica> tier(int priority, int out, int of, boolean refused) {
        List<Replica> tier = new ArrayList<>();
        for (int i = 0; i < of; i++) {
            Endpoint endpoint = World.endpoint(priority * 100 + i + 1).withPriority(priority);
            Replica replica = Bare.replica(endpoint, Gate.NONE, Outliers.defaults());
            if (i < out) {
                replica.standing.eject(refused, "", 0, RANDOM);
                replica.settle(0);
            }
            tier.add(replica);
        }
        return tier;
    }

    private static List<Tier> tiers(int outOfFirst, int outOfSecond, boolean refused) {
        List<Replica> all = tier(0, outOfFirst, 100, refused);
        all.addAll(tier(1, outOfSecond, 100, refused));
        return Tiers.of(all).all();
    }

    private static double share(List<Tier> tiers, int priority) {
        return tiers.stream()
                .filter(tier -> tier.priority() == priority)
                .mapToDouble(Tier::share)
                .findFirst()
                .orElse(0);
    }

    /** Envoy's table of two priorities, and the sums below 100 %, which are shared out. */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 100, 0",
        "28, 0, 100, 0",
        "29, 0, 99.4, 0.6",
        "50, 0, 70, 30",
        "75, 0, 35, 65",
        "100, 0, 0, 100",
        "75, 75, 50, 50",
        "80, 70, 40, 60",
        "100, 75, 0, 100",
        "75, 50, 35, 65"
    })
    void aPriorityTakesAsMuchAsItIsAvailable(int outOfFirst, int outOfSecond, double first, double second) {
        List<Tier> tiers = tiers(outOfFirst, outOfSecond, true);
        assertThat(share(tiers, 0) * 100).isCloseTo(first, within(1e-9));
        assertThat(share(tiers, 1) * 100).isCloseTo(second, within(1e-9));
    }

    /** Envoy's table of three priorities: so many of a hundred are usable, so many per cent of the calls. */
    @ParameterizedTest
    @CsvSource({
        "100, 100, 100, 100, 0, 0",
        "72, 72, 100, 100, 0, 0",
        "71, 71, 0, 99.4, 0.6, 0",
        "50, 60, 100, 70, 30, 0",
        "25, 100, 100, 35, 65, 0",
        "25, 25, 100, 35, 35, 30",
        "0, 0, 100, 0, 0, 100",
        "10, 10, 10, 33.333333333333336, 33.333333333333336, 33.333333333333336",
        "20, 0, 30, 40, 0, 60"
    })
    void whatTwoPrioritiesCannotTakeGoesToTheThird(int a, int b, int c, double first, double second, double third) {
        List<Replica> all = tier(0, 100 - a, 100, true);
        all.addAll(tier(1, 100 - b, 100, true));
        all.addAll(tier(2, 100 - c, 100, true));
        List<Tier> tiers = Tiers.of(all).all();
        assertThat(share(tiers, 0) * 100).isCloseTo(first, within(1e-9));
        assertThat(share(tiers, 1) * 100).isCloseTo(second, within(1e-9));
        assertThat(share(tiers, 2) * 100).isCloseTo(third, within(1e-9));
    }

    /** Sums of very many weights that no binary fraction is: rounding makes no priority needed, and nobody panic. */
    @Test
    void theSharesOfVeryManyReplicasAreNotOffByRounding() {
        List<Replica> all = new ArrayList<>();
        for (int i = 0; i < 45_000; i++) {
            Endpoint endpoint = World.endpoint(i).withPriority(i % 3).withWeight(i % 2 == 0 ? 0.1 : 0.7);
            Replica replica = Bare.replica(endpoint, Gate.NONE, Outliers.defaults());
            if (i % 30 == 0 || i % 30 == 1) { // of priorities 0 and 1: a tenth of each by number
                replica.standing.eject(false, "", 0, RANDOM);
                replica.settle(0);
            }
            all.add(replica);
        }
        List<Tier> tiers = Tiers.of(all).all();
        assertThat(tiers.stream().map(Tier::share)).containsExactly(1.0, 0.0, 0.0);
        assertThat(tiers).noneMatch(Tier::panic);
        all.stream()
                .filter(replica -> replica.endpoint().priority() < 2 && !replica.standing.isOut())
                .forEach(replica -> {
                    replica.standing.eject(true, "", 0, RANDOM);
                    replica.settle(0);
                });
        List<Tier> last = Tiers.of(all).all();
        assertThat(share(last, 2)).isEqualTo(1);
        assertThat(last).noneMatch(Tier::panic);
    }

    @Test
    void aPriorityPanicsOnlyIfAllTogetherAreNotAvailable() {
        assertThat(tiers(60, 0, false)).noneMatch(Tier::panic);
        assertThat(tiers(60, 0, false).get(0).candidates()).hasSize(40);
        List<Tier> short2 = tiers(60, 80, false); // 56 % and 28 %
        assertThat(short2).allMatch(Tier::panic);
        assertThat(short2.get(1).candidates()).hasSize(100);
        assertThat(tiers(40, 90, false).get(0).panic()).isFalse(); // 84 % and 14 %, and most of the first are usable
        assertThat(tiers(40, 90, false).get(1).panic()).isTrue();
    }

    @Test
    void withNobodyUsableTheFirstThatCanBeReachedAreAsked() {
        List<Replica> all = tier(0, 10, 10, true);
        all.addAll(tier(1, 10, 10, false));
        List<Tier> tiers = Tiers.of(all).all();
        assertThat(share(tiers, 1)).isEqualTo(1);
        assertThat(tiers).filteredOn(tier -> tier.share() > 0).allMatch(Tier::panic);
        List<Tier> none = tiers(100, 100, true);
        assertThat(share(none, 0)).isEqualTo(1);
        assertThat(none.get(0).candidates()).hasSize(100);
    }

    /** One that is wholly half-open cannot take calls: only trials, and those only while they are wanted, bring it back. */
    @Test
    void aHalfOpenStandbyGetsTrialsAsSoonAsThePriorityBeforeItIsNotAvailableInFull() {
        assertThat(trials(tier(0, 28, 100, true))).isEmpty();
        assertThat(trials(tier(0, 29, 100, true))).hasSize(1);
        assertThat(trials(tier(0, 100, 100, true))).hasSize(1);
    }

    private static List<Replica> trials(List<Replica> first) {
        Replica standby = Bare.replica(World.endpoint(101).withPriority(1), Gate.NONE, Outliers.defaults());
        standby.standing.open("", 0, RANDOM);
        standby.standing.halfOpen(0);
        standby.settle(0);
        first.add(standby);
        return Eligibility.of(first, List.of()).trials();
    }

    @Test
    void nobodyInServiceMakesNoPriority() {
        assertThat(Tiers.of(List.of()).all()).isEmpty();
    }

    private static World worldOfTwoPriorities(int each) {
        World world = new World(settings -> settings.policy(Policy.random()).subset(Subset.off()));
        Endpoint[] all = new Endpoint[2 * each];
        for (int i = 0; i < each; i++) {
            all[i] = World.endpoint(i + 1);
            all[each + i] = World.endpoint(each + i + 1).withPriority(1);
        }
        world.list(all);
        return world;
    }

    @Test
    void theCallsFollowTheShares() {
        World world = worldOfTwoPriorities(4);
        assertThat(world.shares(1_000).keySet()).hasSize(4);
        world.refuse(1);
        world.refuse(2);
        // 70 % to two of priority 0: 2,800 of 4,000 with a deviation of 29.
        Map<String, Integer> shares = world.shares(4_000);
        int first = shares.get(World.endpoint(3).id())
                + shares.get(World.endpoint(4).id());
        assertThat(first).isBetween(2_800 - 145, 2_800 + 145);
        assertThat(shares).hasSize(6);
    }

    @Test
    void aCallThatHasTriedAllOfItsPriorityGoesToTheNext() {
        World world = worldOfTwoPriorities(1);
        Call call = Call.any().withTried(World.endpoint(1));
        assertThat(world.acquire(call).endpoint().priority()).isEqualTo(1);
        assertThat(world.acquire(call.withKey("a")).endpoint().priority()).isEqualTo(1);
        Call both = call.withTried(World.endpoint(2).withPriority(1));
        assertThat(world.acquire(both).endpoint().priority()).isZero();
    }

    @Test
    void keysStayWithTheirPriorityWhileTheSharesAreWhatTheyAre() {
        World world = worldOfTwoPriorities(4);
        world.refuse(1);
        world.refuse(2);
        int second = 0;
        for (int key = 0; key < 2_000; key++) {
            Call call = Call.any().withKey("user-" + key);
            Endpoint place = served(world, call);
            assertThat(served(world, call)).isEqualTo(place);
            second += place.priority();
        }
        // 30 % of 2,000: 600 with a deviation of 20.5.
        assertThat(second).isBetween(600 - 103, 600 + 103);
    }

    @Test
    void theKeysOfAPriorityAreSpreadOverAllOfIt() {
        World world = worldOfTwoPriorities(100);
        for (int i = 1; i <= 50; i++) {
            world.refuse(i);
        }
        int keys = 200_000;
        Map<Endpoint, Integer> second = new HashMap<>();
        for (int key = 0; key < keys; key++) {
            Endpoint place = served(world, Call.any().withKey("user-" + key));
            second.merge(place, place.priority(), Integer::sum);
        }
        double mean = 0.3 * keys / 100;
        double chiSquare = second.entrySet().stream()
                .filter(entry -> entry.getKey().priority() == 1)
                .mapToDouble(entry -> Math.pow(entry.getValue() - mean, 2) / mean)
                .sum();
        // Of 100 degrees of freedom: 100 with a deviation of 14.2; by 5 of them 171. The table's rounding adds less
        // than 1.
        assertThat(chiSquare).isLessThan(172);
    }

    private static Endpoint served(World world, Call call) {
        try (Lease lease = world.acquire(call)) {
            return lease.endpoint();
        }
    }

    @Test
    void aCursorSurvivesWhileItsPriorityHasNobody() {
        World world = World.of(3, settings -> settings.policy(Policy.roundRobin()));
        List<String> before = rounds(world, 3);
        for (int i = 1; i <= 3; i++) {
            world.balancer.disable(World.endpoint(i));
        }
        for (int i = 1; i <= 3; i++) {
            world.balancer.enable(World.endpoint(i));
        }
        assertThat(rounds(world, 3)).isEqualTo(before);
    }

    private static List<String> rounds(World world, int calls) {
        List<String> served = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            Lease lease = world.acquire();
            served.add(lease.endpoint().id());
            lease.complete(Outcome.SUCCESS);
        }
        return served;
    }

    /** A tenth of the one replica of priority 0, times 1.4; of 2,000 calls 280 with a deviation of 15.5. */
    @Test
    void aPriorityThatComesBackTakesItsCallsAsItsRampDoes() {
        World world = World.of(2, settings -> settings.policy(Policy.random()));
        world.list(World.endpoint(1), World.endpoint(2).withPriority(1));
        world.calls(5, 1, Outcome.FAILURE);
        assertThat(world.share(1, 100)).isZero();
        world.pass(Duration.ofMillis(1_200));
        assertThat(world.share(1, 2_000)).isBetween(280 - 78, 280 + 78);
        world.pass(Duration.ofSeconds(12));
        assertThat(world.share(1, 100)).isEqualTo(100);
    }

    @Test
    void newReplicasOnTheirRampSendNobodyToTheNextPriority() {
        World world = new World(settings -> settings);
        List<Endpoint> all = new ArrayList<>(List.of(World.endpoint(99).withPriority(1)));
        for (int i = 1; i <= 10; i++) {
            all.add(World.endpoint(i));
        }
        world.list(all.toArray(Endpoint[]::new));
        for (int i = 11; i <= 19; i++) {
            all.add(World.endpoint(i));
        }
        world.list(all.toArray(Endpoint[]::new));
        assertThat(world.state(15)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.share(99, 1_000)).isZero();
    }

    /** Its priority has no pool while it is out, since the next takes all: what was learnt is forgotten all the same. */
    @Test
    void aReplicaThatReturnsToAPriorityOfNobodyIsForgivenToo() {
        World world = World.of(3, settings -> settings.policy(Policy.adaptive()));
        world.list(
                World.endpoint(1),
                World.endpoint(2).withPriority(1),
                World.endpoint(3).withPriority(2));
        world.calls(100, 1, Outcome.SUCCESS);
        world.calls(5, 1, Outcome.FAILURE);
        world.pass(Duration.ofMillis(1_300));
        assertThat(world.state(1)).isEqualTo(EndpointState.RAMPING);
        assertThat(world.balancer.explain(Call.any()).candidates())
                .filteredOn(line -> line.endpoint().equals(World.endpoint(1)))
                .allMatch(line -> line.score().orElseThrow() * line.weight() < 2);
    }

    @Test
    void peopleAreToldWhatAPriorityGets() {
        World world = worldOfTwoPriorities(4);
        Explanation before = world.balancer.explain(Call.any());
        assertThat(before.candidates().get(4).eligible()).isFalse();
        assertThat(before.candidates().get(4).reason()).isEqualTo("priority 1 is not needed");
        assertThat(before.candidates().get(0).reason()).isEmpty();
        world.refuse(1);
        assertThat(world.events(Observer.PrioritiesChanged.class)).isEmpty();
        world.refuse(2);
        Explanation after = world.balancer.explain(Call.any());
        assertThat(after.candidates().get(4).eligible()).isTrue();
        assertThat(after.candidates().get(4).reason()).isEqualTo("priority 1 gets 30 % of the calls");
        assertThat(world.events(Observer.PrioritiesChanged.class))
                .hasSize(1)
                .allSatisfy(event -> assertThat(event.shares().get(1)).isCloseTo(0.3, within(1e-9)));
        world.accepting.add(World.endpoint(1).id());
        world.pass(Duration.ofSeconds(33)); // its ramp included
        assertThat(world.events(Observer.PrioritiesChanged.class).getLast().shares())
                .containsOnlyKeys(0);
    }
}
