package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class AllocationTest {

    private static final int CALLS = 20_000;

    /** So that the compiler cannot spare the object. */
    @SuppressWarnings("UnusedVariable")
    private Lease held;

    static List<Arguments> policiesAndSizes() {
        return Stream.of(Policy.leastRequest(), Policy.leastRequest(5), Policy.peakEwma(), Policy.adaptive())
                .flatMap(policy -> Stream.of(arguments(policy, 3), arguments(policy, 1_000)))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("policiesAndSizes")
    void aCallMakesOneObjectOfFortyBytesAtMost(Policy policy, int replicas) {
        assertOneObject(World.of(replicas, settings -> settings.policy(policy)));
    }

    @Test
    void zonesAndPrioritiesMakeNoObjects() {
        World world = new World(settings -> settings.zone("eu-1a"));
        Endpoint[] all = new Endpoint[12];
        Arrays.setAll(
                all,
                i -> World.endpoint(i + 1)
                        .withZone(i % 2 == 0 ? "eu-1a" : "eu-1b")
                        .withPriority(i / 10));
        world.list(all);
        for (int i = 1; i <= 4; i++) {
            world.refuse(i);
        }
        assertThat(world.shares(1_000)).hasSize(8); // two pools of one priority, one of the other
        assertOneObject(world);
    }

    private void assertOneObject(World world) {
        calls(world); // until the breakers' windows are filled and everything is loaded
        calls(world);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().threadId();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 5; round++) {
            long before = threads.getThreadAllocatedBytes(thread);
            calls(world);
            least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
        }
        // The reading itself costs some hundred bytes.
        assertThat(least).isBetween(40L * CALLS, 40L * CALLS + 10_000);
    }

    private void calls(World world) {
        for (int i = 0; i < CALLS; i++) {
            held = world.acquire();
            if (i % 2 == 0) {
                held.answered(Outcome.SUCCESS);
            }
            held.complete(Outcome.SUCCESS);
        }
    }
}
