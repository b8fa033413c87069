package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Explanation;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.Subset;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists, health, operator's verbs, zones, priorities, tags and calls, in any order: what must always be true is. */
class PoolsFuzzTest {

    private static final int STEPS = 400;
    private static final int MOST = 60;
    private static final List<Policy> POLICIES = EveryPolicyTest.policies();

    private final List<Lease> leases = new ArrayList<>();
    private Random random;
    private World world;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void whatMustAlwaysBeTrueIs(long seed) throws Exception {
        random = new Random(seed);
        Subset subset = seed % 3 == 0 ? Subset.ofClient(2, 5).withSize(12) : Subset.defaults();
        world = new World(settings -> {
            LoadBalancer.Builder some = settings.policy(POLICIES.get((int) seed / 2 % POLICIES.size()))
                    .subset(subset);
            return seed % 2 == 0 ? some.zone("a") : some;
        });
        list();
        for (int step = 0; step < STEPS; step++) {
            step();
        }
        leases.forEach(Lease::close);
        assertThat(world.balancer.stats().endpoints())
                .allSatisfy(line -> assertThat(line.inFlight()).isZero());
    }

    private void step() throws IOException, InterruptedException {
        switch (random.nextInt(12)) {
            case 0 -> list();
            case 1 -> world.balancer.disable(any());
            case 2 -> world.balancer.enable(any());
            case 3 -> world.balancer.weight(any(), random.nextInt(3));
            case 4 -> world.pass(Duration.ofMillis(random.nextInt(20_000)));
            case 5, 6, 7 -> end();
            default -> begin();
        }
    }

    private void list() {
        List<Endpoint> list = new ArrayList<>();
        int most = 1 + random.nextInt(MOST);
        for (int i = 1; i <= most; i++) {
            if (random.nextInt(4) > 0) {
                list.add(World.endpoint(i)
                        .withZone(i % 3 == 0 ? "a" : "b")
                        .withPriority(i % 7 == 0 ? 1 : 0)
                        .withTag("version", "" + i % 2)
                        .withWeight(random.nextInt(10) == 0 ? 3 : 1));
            }
        }
        world.listener.endpoints(list);
    }

    private Endpoint any() {
        List<EndpointStats> known = world.balancer.stats().endpoints();
        return known.isEmpty()
                ? World.endpoint(1)
                : known.get(random.nextInt(known.size())).endpoint();
    }

    private void end() {
        for (int i = 0; i < 5 && !leases.isEmpty(); i++) {
            Lease lease = leases.remove(random.nextInt(leases.size()));
            switch (random.nextInt(4)) {
                case 0 -> lease.fail(new ConnectException("refused"));
                case 1 -> lease.complete(Outcome.FAILURE);
                case 2 -> lease.answered(Outcome.SUCCESS);
                default -> {}
            }
            lease.complete(Outcome.SUCCESS);
        }
    }

    private void begin() throws IOException, InterruptedException {
        Call call = call();
        Explanation explanation = world.balancer.explain(call);
        try {
            Lease lease = world.balancer.acquire(call);
            leases.add(lease);
            check(call, explanation, lease.endpoint());
        } catch (NoEndpointException e) {
            assertThat(explanation.candidates())
                    .as(e.getMessage())
                    .noneMatch(line -> hasTags(line.endpoint(), call) && isInService(line));
        }
    }

    private Call call() {
        Call call = random.nextBoolean() ? Call.any() : Call.any().idempotent();
        call = random.nextInt(3) == 0 ? call.withKey("key-" + random.nextInt(50)) : call;
        call = random.nextInt(3) == 0 ? call.withTag("version", "" + random.nextInt(3)) : call;
        for (int tried = random.nextInt(4); tried > 1; tried--) {
            call = call.withTried(any());
        }
        return call;
    }

    private void check(Call call, Explanation explanation, Endpoint chosen) {
        assertThat(hasTags(chosen, call)).isTrue();
        Optional<Explanation.Candidate> line = line(explanation, chosen);
        assertThat(line).as("%s is not known: %s", chosen, explanation).isPresent();
        assertThat(isInService(line.get())).as("%s", line.get()).isTrue();
        boolean othersLeft =
                explanation.candidates().stream().anyMatch(other -> other.eligible() && !call.tried(other.endpoint()));
        boolean trial = line.get().reason().startsWith(EndpointState.HALF_OPEN.name());
        assertThat(trial || line.get().eligible() || !othersLeft)
                .as("%s was chosen of %s", chosen.id(), explanation)
                .isTrue();
        assertThat(othersLeft && call.tried(chosen))
                .as("%s, %s", call, explanation)
                .isFalse();
    }

    private static boolean hasTags(Endpoint endpoint, Call call) {
        return endpoint.tags().entrySet().containsAll(call.tags().entrySet());
    }

    private static boolean isInService(Explanation.Candidate line) {
        return line.weight() > 0 && !line.reason().startsWith(EndpointState.DISABLED.name());
    }

    private static Optional<Explanation.Candidate> line(Explanation explanation, Endpoint endpoint) {
        return explanation.candidates().stream()
                .filter(line -> line.endpoint().id().equals(endpoint.id()))
                .findFirst();
    }
}
