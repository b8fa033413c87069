package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.EndpointState;
import io.evenkeel.Outcome;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What people read of a replica that gets fewer calls than others, and of what has changed. */
class WordsTest {

    private static String why(World world, int i) {
        return world.balancer.explain(Call.any()).candidates().stream()
                .filter(line -> line.endpoint().equals(World.endpoint(i)))
                .findFirst()
                .orElseThrow()
                .reason();
    }

    @Test
    void aStateIsFollowedByItsCause() {
        World world = World.of(4);
        world.refuse(2);
        world.balancer.disable(World.endpoint(3));
        world.list(5);
        assertThat(why(world, 1)).isEmpty();
        assertThat(why(world, 2)).isEqualTo("EJECTED: no connection: java.net.ConnectException: refused");
        assertThat(why(world, 3)).isEqualTo("DISABLED: by the operator");
        assertThat(why(world, 5)).isEqualTo("RAMPING: newly listed");
    }

    @Test
    void oneThatIsUpAndGetsNothingIsNotCalledUp() {
        World world = World.of(2);
        world.balancer.weight(World.endpoint(2), 0);
        assertThat(why(world, 2)).isEqualTo("weight 0");
    }

    @Test
    void aHalfOpenOneMayGetATrialCall() {
        World world = World.of(3, World.onlyBreaker());
        world.calls(16, 2, Outcome.FAILURE);
        assertThat(why(world, 2)).isEqualTo("OPEN: too many of the last calls failed");
        world.pass(Duration.ofSeconds(6));
        assertThat(world.state(2)).isEqualTo(EndpointState.HALF_OPEN);
        assertThat(why(world, 2))
                .isEqualTo("HALF_OPEN: too many of the last calls failed, gets one trial call at a time");
    }

    @Test
    void sharesAreToldInPercent() {
        TreeMap<Integer, Double> shares = new TreeMap<>();
        shares.put(0, 0.7);
        shares.put(2, 0.1 + 0.2);
        assertThat(News.inWords(shares)).isEqualTo("70 % to priority 0, 30 % to priority 2");
    }
}
