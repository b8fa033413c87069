package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Hedge;
import io.evenkeel.Limit;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the caller's thread knows is known wherever its call goes on: here, its trace. */
class ContextTest {

    private static final ThreadLocal<String> TRACE = ThreadLocal.withInitial(() -> "none");

    private final List<String> seen = new ArrayList<>();
    private final List<CompletableFuture<String>> answers = new ArrayList<>();

    private static Executor carry(Executor executor) {
        String trace = TRACE.get();
        return task -> executor.execute(() -> {
            String before = TRACE.get();
            TRACE.set(trace);
            try {
                task.run();
            } finally {
                TRACE.set(before);
            }
        });
    }

    private CompletableFuture<String> call(World world, String trace) {
        TRACE.set(trace);
        try {
            return world.balancer.callAsync(Call.any().idempotent(), endpoint -> {
                seen.add(TRACE.get());
                answers.add(new CompletableFuture<>());
                return answers.getLast();
            });
        } finally {
            TRACE.set("none");
        }
    }

    @AfterEach
    void nothingIsLeftBehind() {
        assertThat(TRACE.get()).isEqualTo("none");
        TRACE.remove();
    }

    @Test
    void repeatsAtOnceAndAfterAWaitSeeIt() {
        World world = World.of(2, settings -> settings.context(ContextTest::carry));
        call(world, "a");
        answers.get(0).completeExceptionally(new IOException("broken"));
        answers.get(1).completeExceptionally(new IOException("broken"));
        world.pass(Duration.ofSeconds(1));
        assertThat(seen).containsExactly("a", "a", "a");
    }

    @Test
    void hedgesSeeIt() {
        World world =
                World.of(2, settings -> settings.context(ContextTest::carry).hedge(Hedge.after(Duration.ofMillis(10))));
        call(world, "a");
        call(world, "b");
        world.pass(Duration.ofMillis(10));
        assertThat(seen).containsExactlyInAnyOrder("a", "b", "a", "b");
    }

    @Test
    void whoWaitsForAListOrForRoomSeesIt() {
        World world = new World(settings ->
                settings.context(ContextTest::carry).limit(Limit.perReplica(1).withQueue(5)));
        call(world, "a");
        call(world, "b");
        assertThat(seen).isEmpty();
        world.list(1);
        assertThat(seen).hasSize(1);
        answers.get(0).complete("");
        world.time.settle();
        assertThat(seen).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void withoutACarrierRepeatsSeeNothing() {
        World world = World.of(2);
        call(world, "a");
        answers.get(0).completeExceptionally(new IOException("broken"));
        assertThat(seen).containsExactly("a", "none");
    }
}
