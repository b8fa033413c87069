package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TagsTest {

    private static final Call SECOND = Call.any().withTag("version", "2");

    /** Endpoints 1 to 3 of version 1, and 4 to 6 of version 2. */
    private static Endpoint[] versions() {
        Endpoint[] all = new Endpoint[6];
        for (int i = 0; i < 6; i++) {
            all[i] = World.endpoint(i + 1).withTag("version", i < 3 ? "1" : "2").withTag("tier", "gold");
        }
        return all;
    }

    private static World world(Policy policy) {
        World world = new World(settings -> settings.policy(policy));
        world.list(versions());
        return world;
    }

    private static List<String> ids(int from, int to) {
        List<String> ids = new ArrayList<>();
        for (int i = from; i <= to; i++) {
            ids.add(World.endpoint(i).id());
        }
        return ids;
    }

    @Test
    void aCallGoesOnlyToEndpointsThatHaveItsTags() {
        World world = world(Policy.leastRequest());
        assertThat(world.shares(600, SECOND).keySet()).containsExactlyElementsOf(ids(4, 6));
        assertThat(world.shares(600, SECOND.withTag("tier", "gold").withKey("a"))
                        .keySet())
                .isSubsetOf(ids(4, 6))
                .hasSize(1);
        assertThat(world.shares(600)).hasSize(6);
    }

    @Test
    void nobodyWithTheTagsIsAnErrorThatNamesThem() {
        World world = world(Policy.leastRequest());
        assertThatThrownBy(() -> world.balancer.acquire(Call.any().withTag("version", "3")))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("no endpoint with tags {version=3}");
    }

    @Test
    void whereNobodyHasTheTagsACallThatMayGoToAllDoesUntilSomebodyHas() {
        World world = world(Policy.leastRequest());
        Call third = Call.any().withTag("version", "3").orElseAll();
        assertThat(world.shares(600, third)).hasSize(6);
        assertThat(world.shares(600, SECOND.orElseAll()).keySet()).containsExactlyElementsOf(ids(4, 6));
        Endpoint[] changed = versions();
        changed[0] = changed[0].withTag("version", "3");
        world.list(changed);
        assertThat(world.shares(60, third)).containsOnlyKeys(World.endpoint(1).id());
        world.balancer.disable(changed[0]);
        assertThat(world.shares(600, third)).hasSize(5);
    }

    @Test
    void thatThoseWithTheTagsAreIllIsNoReasonToGoToAll() {
        World world = world(Policy.leastRequest());
        for (int i = 4; i <= 6; i++) {
            world.refuse(i);
        }
        assertThat(world.shares(300, SECOND.orElseAll()).keySet()).containsExactlyElementsOf(ids(4, 6)); // panic
    }

    @Test
    void whatACallThatMayGoToAllCannotUseCountsAsNobody() throws Exception {
        World world = new World(settings -> settings);
        world.list(
                Endpoint.of("http://10.0.0.1:80").withTag("version", "2"),
                Endpoint.of("https://10.0.0.2:443").withTag("version", "1"));
        Exchange<Endpoint> secure = new Exchange<>() {
            @Override
            public Endpoint attempt(Attempt attempt) {
                attempt.complete(Outcome.SUCCESS);
                return attempt.endpoint();
            }

            @Override
            public Set<String> schemes() {
                return Set.of("https");
            }
        };
        assertThat(world.balancer
                        .<Endpoint, RuntimeException>execute(SECOND.orElseAll(), secure)
                        .port())
                .isEqualTo(443);
        assertThatThrownBy(() -> world.balancer.execute(SECOND, secure))
                .isInstanceOf(NoEndpointException.class)
                .hasMessageContaining("no endpoint of scheme https with tags {version=2}");
    }

    @Test
    void whatIsKeptReadyIsMadeWithEveryListHoweverLongNobodyWantsIt() {
        List<Integer> sizes = new ArrayList<>();
        World world = new World(settings -> settings.policy((all, previous, now, random) -> {
            sizes.add(all.size());
            return Policy.random().selector(all, previous, now, random);
        }));
        world.balancer.keepReady(SECOND);
        world.balancer.keepReady(Call.any());
        world.list(versions());
        assertThat(sizes).containsExactly(6, 3);
        world.shares(10, SECOND);
        assertThat(sizes).hasSize(2);
        for (int minutes = 0; minutes < 3; minutes++) {
            world.pass(Duration.ofSeconds(61));
            sizes.clear();
            world.balancer.weight(World.endpoint(1), 2 + minutes);
            assertThat(sizes).containsExactly(6, 3);
        }
    }

    @Test
    void aPartIsJudgedByItself() {
        World world = world(Policy.leastRequest());
        world.shares(10, SECOND);
        for (int i = 4; i <= 6; i++) {
            world.refuse(i);
        }
        assertThat(world.shares(300, SECOND).keySet()).containsExactlyElementsOf(ids(4, 6)); // panic
        assertThat(world.shares(300).keySet()).containsExactlyElementsOf(ids(1, 3));
        assertThat(world.balancer.stats().panic()).isFalse();
    }

    @Test
    void aChangeOfTagsMovesAReplicaFromPartToPart() {
        World world = world(Policy.leastRequest());
        world.shares(10, SECOND);
        Endpoint[] changed = versions();
        changed[0] = changed[0].withTag("version", "2");
        world.list(changed);
        assertThat(world.shares(800, SECOND))
                .hasSize(4)
                .containsKey(World.endpoint(1).id());
    }

    @Test
    void theSelectorOfAPartGoesOnAfterARebuildAndNoCallWaitsForIt() {
        List<Optional<Selector>> before = new ArrayList<>();
        World world = world((all, previous, now, random) -> {
            before.add(previous);
            return Policy.roundRobin().selector(all, previous, now, random);
        });
        List<String> first = served(world, 3);
        before.clear();
        world.balancer.weight(World.endpoint(1), 2);
        assertThat(before).hasSize(2).allMatch(Optional::isPresent); // all, and the part
        assertThat(served(world, 3)).isEqualTo(first);
        assertThat(before).hasSize(2);
    }

    private static List<String> served(World world, int calls) {
        List<String> served = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            Lease lease = world.acquire(SECOND);
            served.add(lease.endpoint().id());
            lease.complete(Outcome.SUCCESS);
        }
        return served;
    }

    @Test
    void aPartThatNobodyWantsIsMadeAnewForAMinuteOnly() {
        List<Integer> sizes = new ArrayList<>();
        World world = world((all, previous, now, random) -> {
            sizes.add(all.size());
            return Policy.random().selector(all, previous, now, random);
        });
        world.shares(1, SECOND);
        world.balancer.weight(World.endpoint(1), 2);
        world.pass(Duration.ofSeconds(59));
        sizes.clear();
        world.balancer.weight(World.endpoint(1), 3);
        assertThat(sizes).containsExactly(6, 3);
        world.pass(Duration.ofSeconds(2));
        sizes.clear();
        world.balancer.weight(World.endpoint(1), 4);
        assertThat(sizes).containsExactly(6);
        assertThat(world.shares(60, SECOND)).hasSize(3);
    }

    @Test
    void moreCombinationsThanAreKeptStillWork() {
        World world = new World(settings -> settings);
        Endpoint[] all = new Endpoint[200];
        for (int i = 0; i < 200; i++) {
            all[i] = World.endpoint(i + 1).withTag("shard", "" + i);
        }
        world.list(all);
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < 200; i++) {
                Lease lease = world.acquire(Call.any().withTag("shard", "" + i));
                assertThat(lease.endpoint()).isEqualTo(all[i]);
                lease.complete(Outcome.SUCCESS);
            }
        }
    }

    @Test
    void peopleAreToldWhichTagsAReplicaLacks() {
        World world = world(Policy.leastRequest());
        assertThat(world.balancer.explain(SECOND).candidates())
                .filteredOn(line -> !line.eligible())
                .hasSize(3)
                .allMatch(line -> line.reason().equals("not with tags {version=2}"));
    }
}
