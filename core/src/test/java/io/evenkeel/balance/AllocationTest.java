package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationTest {

    private static final int CALLS = 20_000;

    @ParameterizedTest
    @ValueSource(ints = {3, 1_000})
    void aCallMakesOneObjectOfFortyBytesAtMost(int replicas) {
        World world = World.of(replicas, settings -> settings.policy(Policy.leastRequest()));
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
        // The compiler may spare the object altogether; the reading itself costs some hundred bytes.
        assertThat(least).isLessThanOrEqualTo(40L * CALLS + 10_000);
    }

    private static void calls(World world) {
        for (int i = 0; i < CALLS; i++) {
            world.acquire().complete(Outcome.SUCCESS);
        }
    }
}
