package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Breaker;
import io.evenkeel.EndpointStats;
import io.evenkeel.Outcome;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One call after the other: nothing is ever in flight, so nothing but ties is decided. */
class QuietClientTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    /**
     * The farm that HAProxy measured: by two draws alone a replica got 300 to 780 calls where 625 were due. By chance sigma is 25;
     * by the time of the last call alone it is sqrt(625 (2 ln 2 - 1)), 15.5, and the furthest of 1,600 are 50 and more off. A mean
     * over 16 calls remembers the luck of as many, not of one, and leaves a quarter of that sigma.
     */
    @Test
    void eachOfManyReplicasGetsItsShare() {
        try (World world = World.of(
                1_600,
                settings -> settings.policy(Policy.leastRequest())
                        .breaker(Breaker.off())
                        .subset(Subset.off()))) {
            for (int call = 0; call < 1_000_000; call++) {
                world.acquire().complete(Outcome.SUCCESS);
                world.pass(MILLI);
            }
            List<EndpointStats> all = world.balancer.stats().endpoints();
            assertThat(all).allMatch(line -> line.successes() <= 1.02 * 625 && line.successes() >= 0.92 * 625);
        }
    }

    /** A replica that is new has no past to be ahead or behind by. */
    @Test
    void aNewReplicaSoonGetsItsShare() {
        try (World world =
                World.of(10, settings -> settings.policy(Policy.leastRequest()).slowStart(SlowStart.off()))) {
            calls(world, 1_000);
            world.list(11);
            calls(world, 1_100);
            EndpointStats last = world.balancer.stats().endpoints().get(10);
            // 100 are its share; it is held back until it is as old as the mean of 16 calls of others, and not flooded
            // after.
            assertThat(last.successes()).isBetween(80L, 125L);
        }
    }

    private static void calls(World world, int calls) {
        for (int call = 0; call < calls; call++) {
            world.acquire().complete(Outcome.SUCCESS);
            world.pass(MILLI);
        }
    }
}
