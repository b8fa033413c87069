package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Calls with little time left, and replicas of which one usually takes longer. */
class ShortOfTimeTest {

    private static final Duration QUICK = Duration.ofMillis(5);
    private static final Duration SLOW = Duration.ofMillis(500);

    /** Replica 2 of three is slow, and known to be. */
    private static World world() {
        World world = World.of(
                3,
                settings -> settings.policy(Policy.roundRobin())
                        .outliers(Outliers.defaults().withSlowness(1_000)));
        learn(world, SLOW);
        return world;
    }

    private static void learn(World world, Duration ofSecond) {
        for (int round = 0; round < 100; round++) {
            for (int i = 1; i <= 3; i++) {
                Lease lease = world.acquire(i);
                world.pass(i == 2 ? ofSecond : QUICK);
                lease.complete(Outcome.SUCCESS);
            }
        }
    }

    private static Map<String, Integer> calls(World world, Call call) throws IOException, InterruptedException {
        Map<String, Integer> shares = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            world.balancer.call(call, endpoint -> shares.merge(endpoint.id(), 1, Integer::sum));
        }
        return shares;
    }

    @Test
    void aReplicaThatTakesLongerThanIsLeftIsPassedOver() throws Exception {
        World world = world();
        assertThat(calls(world, Call.any().withDeadline(Duration.ofMillis(300))))
                .doesNotContainKey(World.endpoint(2).id())
                .hasSize(2);
    }

    /** An attempt that may be repeated has half of the time. */
    @Test
    void aReplicaThatTakesLongerThanAnAttemptMayIsPassedOver() throws Exception {
        World world = world();
        assertThat(calls(world, Call.any().idempotent().withDeadline(Duration.ofMillis(900))))
                .doesNotContainKey(World.endpoint(2).id())
                .hasSize(2);
    }

    @Test
    void withTimeEnoughItGetsItsShare() throws Exception {
        World world = world();
        assertThat(calls(world, Call.any().withDeadline(Duration.ofMillis(600))))
                .containsEntry(World.endpoint(2).id(), 100);
        assertThat(calls(world, Call.any())).containsEntry(World.endpoint(2).id(), 100);
    }

    @Test
    void whereNobodyIsQuickEnoughACallIsMadeAllTheSame() throws Exception {
        World world = world();
        assertThat(calls(world, Call.any().withDeadline(Duration.ofMillis(1))).values())
                .satisfies(shares ->
                        assertThat(shares.stream().mapToInt(i -> i).sum()).isEqualTo(300));
    }

    @Test
    void aKeyStaysWhereItIs() throws Exception {
        World world = world();
        int onSecond = 0;
        for (int i = 0; i < 100; i++) {
            Call call = Call.any().withKey("key " + i);
            String home = world.balancer.call(call, endpoint -> endpoint.id());
            String inHaste = world.balancer.call(call.withDeadline(Duration.ofMillis(300)), endpoint -> endpoint.id());
            assertThat(inHaste).isEqualTo(home);
            onSecond += home.equals(World.endpoint(2).id()) ? 1 : 0;
        }
        assertThat(onSecond).isPositive();
    }

    @Test
    void oneThatBecameQuickIsBack() throws Exception {
        World world = world();
        learn(world, QUICK);
        assertThat(calls(world, Call.any().withDeadline(Duration.ofMillis(300))))
                .containsEntry(World.endpoint(2).id(), 100);
    }
}
