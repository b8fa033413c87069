package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.balance.Lease;
import io.evenkeel.balance.LoadBalancer;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class QuickerOfTwoTest {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong clock = new AtomicLong();
    private final RandomGenerator random =
            RandomGeneratorFactory.of("L64X128MixRandom").create(42);
    private final LoadBalancer orders = LoadBalancer.builder("orders")
            .endpoints("http://10.0.0.1:80", "http://10.0.0.2:80", "http://10.0.0.3:80")
            .policy(new QuickerOfTwo())
            .clock(clock::get)
            .random(() -> random)
            .build();

    /** When it has answered once, the slow one is chosen only if both draws are it: 900 / 9 +- 5 sqrt(900 x 1/9 x 8/9). */
    @Test
    void theSlowOneIsChosenOnlyWhenItIsDrawnTwice() throws Exception {
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < 900; i++) {
            try (Lease lease = orders.acquire()) {
                String id = lease.endpoint().id();
                clock.addAndGet(id.contains("10.0.0.2") ? 10 * MILLISECOND : MILLISECOND);
                lease.complete(Outcome.SUCCESS);
                shares.merge(id, 1, Integer::sum);
            }
        }
        assertThat(shares.get("http://10.0.0.2:80")).isBetween(100 - 48, 100 + 48);
    }

    @Test
    void aReplicaThatWasTriedIsNotChosenWhileAnotherIsLeft() throws Exception {
        Call call = Call.any();
        for (int i = 0; i < 3; i++) {
            try (Lease lease = orders.acquire(call)) {
                assertThat(call.tried(lease.endpoint())).isFalse();
                call = call.withTried(lease.endpoint());
            }
        }
        orders.acquire(call).close();
    }
}
