package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import org.junit.jupiter.api.Test;

/** Of n draws, np(1 - p) is the variance of how many have what each has with probability p; five times its root is the tolerance. */
class DrawTest {

    private static final int CALLS = 100_000;

    private final World world = World.of(1);

    private static Call keyed(int i) {
        return Call.any().withKey("user-" + i);
    }

    private static void assertShare(int count, double share) {
        assertThat((double) count).isCloseTo(CALLS * share, within(5 * Math.sqrt(CALLS * share * (1 - share))));
    }

    @Test
    void keysAreDrawnEvenly() {
        int canaries = 0;
        int halves = 0;
        for (int i = 0; i < CALLS; i++) {
            double draw = world.balancer.draw(keyed(i), 7);
            assertThat(draw).isGreaterThanOrEqualTo(0).isLessThan(1);
            canaries += draw < 0.05 ? 1 : 0;
            halves += draw < 0.5 ? 1 : 0;
        }
        assertShare(canaries, 0.05);
        assertShare(halves, 0.5);
    }

    @Test
    void soAreCallsWithoutAKey() {
        int canaries = 0;
        for (int i = 0; i < CALLS; i++) {
            canaries += world.balancer.draw(Call.any(), 7) < 0.05 ? 1 : 0;
        }
        assertShare(canaries, 0.05);
    }

    @Test
    void aKeyIsDrawnAlikeOnEveryMachine() {
        double draw = world.balancer.draw(keyed(42), 7);
        assertThat(world.balancer.draw(keyed(42).idempotent(), 7)).isEqualTo(draw);
        assertThat(World.of(5).balancer.draw(keyed(42), 7)).isEqualTo(draw);
        assertThat(draw).isEqualTo(0.9962852795662521); // changed, all canaries of today would be others tomorrow
    }

    /** Of those below 0.05 by one seed, one in 20 is by another; and by any, of those whom a key's hash itself would put there. */
    @Test
    void bySeedsThatAreNearEachOtherAKeyIsDrawnApart() {
        for (long seed : new long[] {0, -1, 1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
            int both = 0;
            int raw = 0;
            for (int i = 0; i < CALLS; i++) {
                boolean canary = world.balancer.draw(keyed(i), seed) < 0.05;
                both += canary && world.balancer.draw(keyed(i), seed + 1) < 0.05 ? 1 : 0;
                raw += canary && Hash.unit(Hash.of("user-" + i)) < 0.05 ? 1 : 0;
            }
            assertShare(both, 0.0025);
            assertShare(raw, 0.0025);
        }
    }
}
