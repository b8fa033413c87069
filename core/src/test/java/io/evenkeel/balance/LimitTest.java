package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.EndpointStats;
import io.evenkeel.Limit;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.OverloadedException;
import io.evenkeel.policy.Policy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LimitTest {

    static List<Policy> policies() {
        return List.of(
                Policy.adaptive(),
                Policy.leastRequest(),
                Policy.leastRequest(5),
                Policy.peakEwma(),
                Policy.roundRobin(),
                Policy.random(),
                Policy.consistentHash(),
                Policy.pickFirst());
    }

    private static List<Integer> inFlight(World world) {
        return world.balancer.stats().endpoints().stream()
                .map(EndpointStats::inFlight)
                .toList();
    }

    /** Whatever the policy chooses: the last free place is found, and no more than all of them are taken. */
    @ParameterizedTest
    @MethodSource("policies")
    void everyReplicaIsFilledAndNoneBeyondItsLimit(Policy policy) throws Exception {
        try (World world = World.of(10, settings -> settings.policy(policy).limit(Limit.perReplica(3)))) {
            List<Lease> leases = new ArrayList<>();
            for (int i = 0; i < 30; i++) {
                leases.add(world.balancer.acquire(Call.any().withKey("key " + i)));
            }
            assertThat(inFlight(world)).hasSize(10).containsOnly(3);
            assertThatThrownBy(world.balancer::acquire)
                    .isInstanceOf(OverloadedException.class)
                    .isNotInstanceOf(NoEndpointException.class)
                    .hasMessageContaining("orders: every gate is shut (10 at their limit of calls in flight)");
            leases.get(17).complete(Outcome.SUCCESS);
            assertThat(world.balancer.acquire().endpoint())
                    .isEqualTo(leases.get(17).endpoint());
        }
    }

    @Test
    void aBodyThatIsStillReadCounts() throws Exception {
        try (World world = World.of(1, settings -> settings.limit(Limit.perReplica(1)))) {
            Lease lease = world.balancer.acquire();
            lease.answered(Outcome.SUCCESS);
            assertThatThrownBy(world.balancer::acquire).isInstanceOf(OverloadedException.class);
            lease.complete(Outcome.SUCCESS);
            assertThat(world.balancer.acquire()).isNotNull();
        }
    }

    @Test
    void whoIsRefusedLeavesNothingInFlight() throws Exception {
        try (World world = World.of(2, settings -> settings.limit(Limit.perReplica(1)))) {
            Lease one = world.balancer.acquire();
            Lease other = world.balancer.acquire();
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(world.balancer::acquire).isInstanceOf(OverloadedException.class);
            }
            one.complete(Outcome.SUCCESS);
            other.complete(Outcome.SUCCESS);
            assertThat(inFlight(world)).containsOnly(0);
        }
    }

    @Test
    void thereIsNoneUnlessToldSo() throws Exception {
        try (World world = World.of(1)) {
            for (int i = 0; i < 10_000; i++) {
                world.balancer.acquire();
            }
            assertThat(inFlight(world)).containsExactly(10_000);
        }
    }

    /** More threads than places: at no moment is a replica seen beyond its limit by those who hold a place there. */
    @Test
    void manyThreadsTakeNoPlaceTwice() throws Exception {
        int threads = 8;
        try (World world = World.of(2, settings -> settings.limit(Limit.perReplica(2)));
                ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            CountDownLatch all = new CountDownLatch(threads);
            List<Future<Integer>> admitted = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                admitted.add(executor.submit(() -> {
                    all.countDown();
                    all.await();
                    try {
                        world.balancer.acquire();
                        return 1;
                    } catch (OverloadedException e) {
                        return 0;
                    }
                }));
            }
            int sum = 0;
            for (Future<Integer> each : admitted) {
                sum += each.get();
            }
            // Each that is refused counts for a moment, and may turn away another meanwhile.
            assertThat(sum).isBetween(1, 4);
            assertThat(inFlight(world)).allMatch(number -> number <= 2);
        }
    }

    @Test
    void aDryRunCountsWhomItWouldTurnAwayAndTurnsNobodyAway() throws Exception {
        try (World world = World.of(
                1, settings -> settings.limit(Limit.perReplica(2).withQueue(5).withDryRun(true)))) {
            for (int i = 0; i < 10; i++) {
                world.balancer.acquire();
            }
            assertThat(world.stats(1).inFlight()).isEqualTo(10);
            assertThat(world.stats(1).turnedAway()).isEqualTo(8);
        }
        try (World world = World.of(1, settings -> settings.limit(Limit.perReplica(2)))) {
            world.balancer.acquire();
            assertThat(world.stats(1).turnedAway()).isZero();
            world.balancer.acquire();
            assertThatThrownBy(world.balancer::acquire).isInstanceOf(OverloadedException.class);
            assertThat(world.stats(1).turnedAway()).isPositive();
        }
    }
}
