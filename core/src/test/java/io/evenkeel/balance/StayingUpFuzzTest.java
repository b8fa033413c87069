package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointStats;
import io.evenkeel.Guard;
import io.evenkeel.HealthCheck;
import io.evenkeel.Hedge;
import io.evenkeel.Limit;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lists, health checks, hints, limits with a queue, hedges, repeats, cancels and operator's verbs, in any order: every call ends, nothing
 * starts after its deadline, repeats keep to their budget, and nothing is left.
 */
class StayingUpFuzzTest {

    private static final int STEPS = 600;
    private static final int MOST = 12;
    private static final List<Policy> POLICIES = EveryPolicyTest.policies();

    /** An attempt under way. */
    private record Started(Attempt attempt, CompletableFuture<String> answer) {}

    private final List<CompletableFuture<String>> calls = new ArrayList<>();
    private final List<Started> underWay = new ArrayList<>();
    private final List<Attempt> bodies = new ArrayList<>();
    private Random random;
    private World world;
    /** Attempts that began when the call's deadline had passed. */
    private int late;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void everyCallEndsAndNothingIsLeft(long seed) {
        random = new Random(seed);
        world = new World(this::set);
        list();
        for (int step = 0; step < STEPS; step++) {
            step();
            assertThat((double) world.balancer.stats().repeats()).isLessThanOrEqualTo(granted());
        }
        endAll();
        assertThat(calls).allMatch(CompletableFuture::isDone);
        assertThat(late).isZero();
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.inFlight()).isZero());
        world.balancer.close();
        world.pass(Duration.ofMinutes(10));
        assertThat(world.time.waiting()).isZero();
    }

    private LoadBalancer.Builder set(LoadBalancer.Builder settings) {
        Limit limit = switch (random.nextInt(4)) {
            case 0 -> Limit.off();
            case 1 -> Limit.adaptive().withQueue(5);
            case 2 -> Limit.perReplica(2);
            default -> Limit.perReplica(2).withQueue(random.nextInt(10));
        };
        HealthCheck check = HealthCheck.of(this::ask).withInterval(Duration.ofSeconds(1));
        return settings.policy(POLICIES.get(random.nextInt(POLICIES.size())))
                .limit(limit)
                .hedge(random.nextBoolean() ? Hedge.off() : Hedge.after(Duration.ofMillis(20)))
                .healthCheck(check.withDryRun(random.nextInt(4) == 0))
                .guard(random.nextBoolean() ? Guard.defaults() : Guard.off())
                .outliers(Outliers.defaults().withDryRun(random.nextInt(4) == 0))
                .deadline(Duration.ofSeconds(2));
    }

    private CompletionStage<Boolean> ask(Endpoint endpoint) {
        return switch (random.nextInt(8)) {
            case 0 -> CompletableFuture.completedFuture(false);
            case 1 -> new CompletableFuture<>();
            case 2 -> CompletableFuture.failedFuture(new IOException("broken"));
            case 3 -> throw new IllegalStateException("broken");
            default -> CompletableFuture.completedFuture(true);
        };
    }

    /** By invariant 8, from the begin on: the first 10 s count, too. */
    private double granted() {
        double seconds = world.time.getAsLong() / 1e9;
        return 0.2 * world.balancer.stats().calls() + 10 * (seconds + 10);
    }

    private void step() {
        switch (random.nextInt(16)) {
            case 0 -> list();
            case 1 -> world.pass(Duration.ofMillis(random.nextInt(3_000)));
            case 2 -> operate();
            case 3 -> cancel();
            case 4 -> endBody();
            case 5, 6 -> world.pass(Duration.ofMillis(random.nextInt(50)));
            case 7, 8, 9, 10 -> end();
            default -> begin();
        }
    }

    private void list() {
        List<Endpoint> list = new ArrayList<>();
        for (int i = 1; i <= MOST; i++) {
            if (random.nextInt(3) > 0) {
                list.add(World.endpoint(i).withPriority(i % 5 == 0 ? 1 : 0).withTag("version", "" + i % 2));
            }
        }
        if (random.nextInt(10) == 0) {
            world.listener.failed(new IOException("the registry is down"));
        } else {
            world.listener.endpoints(random.nextInt(10) == 0 ? List.of() : list);
        }
    }

    private void operate() {
        List<EndpointStats> known = world.balancer.stats().endpoints();
        if (known.isEmpty()) {
            return;
        }
        Endpoint some = known.get(random.nextInt(known.size())).endpoint();
        switch (random.nextInt(4)) {
            case 0 -> world.balancer.disable(some);
            case 1 -> world.balancer.drain(some);
            default -> world.balancer.enable(some);
        }
    }

    private void begin() {
        Call call = random.nextBoolean() ? Call.any().idempotent() : Call.any();
        call = random.nextInt(3) == 0 ? call.withPriority(random.nextInt(5) - 2) : call;
        call = random.nextInt(3) == 0 ? call.withTag("version", "" + random.nextInt(3)) : call;
        call = random.nextInt(4) == 0 ? call.withKey("key-" + random.nextInt(50)) : call;
        Duration deadline = Duration.ofMillis(1 + random.nextInt(2_000));
        long end = world.time.getAsLong() + deadline.toNanos();
        calls.add(world.balancer.executeAsync(call.withDeadline(deadline), attempt -> {
            late += world.time.getAsLong() < end ? 0 : 1; // an error thrown here would be the call's
            Started started = new Started(attempt, new CompletableFuture<>());
            underWay.add(started);
            return started.answer;
        }));
    }

    private void cancel() {
        if (!calls.isEmpty()) {
            calls.get(random.nextInt(calls.size())).cancel(true);
        }
    }

    private void end() {
        underWay.removeIf(started -> started.answer.isDone());
        if (!underWay.isEmpty()) {
            end(underWay.remove(random.nextInt(underWay.size())));
        }
    }

    private void end(Started started) {
        Attempt attempt = started.attempt;
        switch (random.nextInt(8)) {
            case 0 -> attempt.pause(Duration.ofSeconds(random.nextInt(5)));
            case 1 -> attempt.leaving();
            case 2 -> attempt.closing(random.nextBoolean());
            case 3 -> attempt.reported(random.nextInt(3) - 1, random.nextInt(3) - 1);
            default -> {}
        }
        switch (random.nextInt(8)) {
            case 0 -> started.answer.completeExceptionally(new IOException("broken"));
            case 1 -> started.answer.completeExceptionally(new ConnectException("refused"));
            case 2 -> started.answer.completeExceptionally(new IllegalStateException("the caller's own"));
            case 3 -> {
                attempt.answered(Outcome.OVERLOADED, true);
                endInOneGo(started);
            }
            case 4 -> {
                attempt.answered(Outcome.SUCCESS, false);
                bodies.add(attempt);
                started.answer.complete("and a body");
            }
            default -> {
                attempt.complete(Outcome.SUCCESS);
                endInOneGo(started);
            }
        }
    }

    private static void endInOneGo(Started started) {
        if (!started.attempt.isRepeated()) {
            started.attempt.close();
        }
        started.answer.complete("");
    }

    private void endBody() {
        if (!bodies.isEmpty()) {
            bodies.remove(random.nextInt(bodies.size()))
                    .complete(random.nextBoolean() ? Outcome.SUCCESS : Outcome.FAILURE);
        }
    }

    /** Every attempt ends, and those that follow. */
    private void endAll() {
        for (int round = 0; round < 1_000 && !calls.stream().allMatch(CompletableFuture::isDone); round++) {
            List.copyOf(underWay).forEach(started -> started.answer.completeExceptionally(new IOException("over")));
            world.pass(Duration.ofMillis(100));
        }
        List.copyOf(underWay).forEach(started -> started.answer.completeExceptionally(new IOException("over")));
        bodies.forEach(attempt -> attempt.complete(Outcome.SUCCESS));
    }
}
