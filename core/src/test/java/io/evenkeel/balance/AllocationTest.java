package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.sun.management.ThreadMXBean;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Stream;
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
        World world = World.of(replicas, settings -> settings.policy(policy));
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
