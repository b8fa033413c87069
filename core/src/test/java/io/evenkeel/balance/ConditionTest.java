package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Condition;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionTest {

    private static List<Observer.ConditionChanged> told(World world) {
        return world.events(Observer.ConditionChanged.class);
    }

    @Test
    void aBalancerWithoutAListFailsAndWithOneIsHealthyWithoutAWord() {
        World world = new World(settings -> settings);
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.FAILING);
        world.list(3);
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.HEALTHY);
        assertThat(told(world)).isEmpty();
        world.close();
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.FAILING);
    }

    @Test
    void eachChangeIsOneEventWithItsReason() {
        World world = World.of(
                3,
                settings -> settings.outliers(
                        Outliers.defaults().withEjectFor(Duration.ofMinutes(1), Duration.ofMinutes(1))));
        for (int i = 1; i <= 3; i++) {
            world.refuse(i);
        }
        world.accepting.add(World.endpoint(1).id());
        world.pass(Duration.ofSeconds(3));
        assertThat(told(world))
                .extracting(Observer.ConditionChanged::to)
                .containsExactly(Condition.DEGRADED, Condition.FAILING, Condition.DEGRADED);
        assertThat(told(world).get(0).reason()).isEqualTo("2 of 3 replicas in service are usable");
        assertThat(told(world).get(1).reason())
                .isEqualTo("0 of 3 replicas in service are usable, so those that are not are used, too");
        assertThat(told(world).get(1).from()).isEqualTo(Condition.DEGRADED);
    }

    @Test
    void fewerThanHalfUsableIsPanic() {
        World world = World.of(5);
        world.calls(5, 1, Outcome.FAILURE);
        world.calls(5, 2, Outcome.FAILURE);
        world.balancer.disable(World.endpoint(4));
        world.balancer.disable(World.endpoint(5));
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.PANIC);
        world.balancer.enable(World.endpoint(4));
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.DEGRADED);
    }

    @Test
    void aSourceInTroubleDegradesUntilItsNextList() {
        World world = World.of(3);
        world.listener.failed(new IOException("registry down"));
        assertThat(told(world)).hasSize(1);
        assertThat(told(world).get(0).to()).isEqualTo(Condition.DEGRADED);
        assertThat(told(world).get(0).reason())
                .isEqualTo("3 of 3 replicas in service are usable; source: java.io.IOException: registry down");
        world.listener.failed(new IOException("registry still down"));
        assertThat(told(world)).hasSize(1);
        world.list(3);
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.HEALTHY);
    }

    @Test
    void withoutAnyReplicaInServiceItFails() {
        World world = World.of(1);
        world.balancer.disable(World.endpoint(1));
        assertThat(world.balancer.stats().condition()).isEqualTo(Condition.FAILING);
    }
}
