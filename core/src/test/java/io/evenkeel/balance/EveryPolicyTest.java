package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Explanation;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every policy keeps within a balancer. */
class EveryPolicyTest {

    private static final long YEAR = Duration.ofDays(365).toNanos();
    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final double[] STRANGE_LOADS = {
        Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -1, 0, Double.MIN_VALUE, 5, 1e9, 1e15, 1e300
    };

    private final SplittableRandom random = new SplittableRandom(31);

    static List<Policy> policies() {
        return List.of(
                Policy.roundRobin(),
                Policy.random(),
                Policy.leastRequest(),
                Policy.leastRequest(3),
                Policy.pickFirst(),
                Policy.peakEwma(),
                Policy.adaptive(),
                Policy.consistentHash());
    }

    static List<Policy> policiesThatGoByWeights() {
        return policies().stream()
                .filter(policy -> !policy.equals(Policy.pickFirst()))
                .toList();
    }

    /**
     * A clock that stands still, goes back, jumps by years, and overflows, with zones, priorities, ejections and ramps; calls
     * of every kind, also with answers from before they began, and reports of anything.
     */
    @ParameterizedTest
    @MethodSource("policies")
    void noClockNoLatencyAndNoReportIsTooStrangeForACall(Policy policy) {
        long[] jumps = {0, -1, -Duration.ofSeconds(1).toNanos(), YEAR, -YEAR, -100 * YEAR, 250 * YEAR};
        for (long jump : jumps) {
            try (World world = new World(settings -> settings.policy(policy).zone("a"))) {
                list(world, 12);
                List<Lease> leases = new ArrayList<>();
                for (int step = 0; step < 400; step++) {
                    if (step % 10 == 9) {
                        world.time.jump(Duration.ofNanos(jump));
                        world.time.settle();
                    } else if (jump != 0) {
                        world.pass(Duration.ofMillis(random.nextInt(10)));
                    }
                    if (step % 50 == 49) {
                        list(world, random.nextInt(8, 16));
                    }
                    begin(world, leases);
                    end(leases);
                }
                leases.forEach(Lease::close);
                assertThat(world.balancer.stats().endpoints())
                        .allSatisfy(line -> assertThat(line.inFlight()).isZero());
            }
        }
    }

    private void begin(World world, List<Lease> leases) {
        List<EndpointStats> listed = world.balancer.stats().endpoints();
        Call call = random.nextBoolean() ? Call.any() : Call.any().idempotent();
        call = random.nextInt(4) == 0 ? call.withKey("key-" + random.nextInt(20)) : call;
        for (int tried = random.nextInt(4); tried > 1; tried--) {
            call = call.withTried(listed.get(random.nextInt(listed.size())).endpoint());
        }
        List<Explanation.Candidate> lines =
                call.triedAny() ? world.balancer.explain(call).candidates() : List.of();
        Lease lease = world.acquire(call);
        assertThat(listed).anyMatch(line -> line.endpoint().equals(lease.endpoint()));
        if (call.tried(lease.endpoint())) {
            Call tried = call;
            assertThat(lines).noneMatch(line -> line.eligible() && !tried.tried(line.endpoint()));
        }
        leases.add(lease);
    }

    private void end(List<Lease> leases) {
        if (random.nextInt(3) > 0) {
            Lease lease = leases.remove(random.nextInt(leases.size()));
            lease.reported(strangeLoad(), strangeLoad());
            if (random.nextInt(10) == 0) {
                lease.fail(new ConnectException("refused"));
            }
            lease.complete(OUTCOMES[random.nextInt(OUTCOMES.length)]);
        }
    }

    private double strangeLoad() {
        return STRANGE_LOADS[random.nextInt(STRANGE_LOADS.length)];
    }

    private static void list(World world, int n) {
        Endpoint[] all = new Endpoint[n];
        for (int i = 0; i < n; i++) {
            all[i] = World.endpoint(i + 1)
                    .withZone(i % 3 == 0 ? "a" : "b")
                    .withPriority(i % 4 == 3 ? 1 : 0)
                    .withWeight(i % 5 == 0 ? 1e6 : 1);
        }
        world.list(all);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void theOnlyReplicaServesEveryCall(Policy policy) {
        World world = World.of(1, settings -> settings.policy(policy));
        for (int i = 0; i < 200; i++) {
            Call call = i % 2 == 0 ? Call.any() : Call.any().withKey("key-" + i);
            Lease lease = world.acquire(i % 3 == 0 ? call.withTried(World.endpoint(1)) : call);
            assertThat(lease.endpoint()).isEqualTo(World.endpoint(1));
            lease.complete(OUTCOMES[random.nextInt(OUTCOMES.length)]);
            world.pass(Duration.ofMillis(20));
        }
    }

    /** Nobody has a weight: the call is told so, and served again as soon as somebody has. */
    @ParameterizedTest
    @MethodSource("policies")
    void withoutAnyWeightThereIsNobodyToSendTo(Policy policy) {
        World world = World.of(3, settings -> settings.policy(policy));
        for (int i = 1; i <= 3; i++) {
            world.balancer.weight(World.endpoint(i), 0);
        }
        for (Call call : List.of(Call.any(), Call.any().withKey("a"), Call.any().withTried(World.endpoint(2)))) {
            assertThatExceptionOfType(NoEndpointException.class).isThrownBy(() -> world.balancer.acquire(call));
        }
        world.balancer.weight(World.endpoint(2), Double.MIN_VALUE);
        assertThat(world.shares(10)).containsOnlyKeys(World.endpoint(2).id());
        world.list();
        assertThat(world.shares(10)).containsOnlyKeys(World.endpoint(2).id());
    }

    /**
     * A fifth replica on its ramp, whose line is w = 0.1 to 1 in ten steps of 3 s: it gets w / (4 + w) of a quiet client's calls,
     * all of which take as long, in each step, so in the first one too, and over the whole ramp; five sigma of chance.
     */
    @ParameterizedTest
    @MethodSource("policiesThatGoByWeights")
    void aNewReplicaGetsTheCallsUnderItsRampAndNoMore(Policy policy) {
        World world = World.of(4, settings -> settings.policy(policy));
        calls(world, 400);
        world.list(5);
        assertThat(world.stats(5).weight()).isEqualTo(0.1);
        assertTheRamp(world);
    }

    /** The same of one that was ejected for more than three seconds. */
    @ParameterizedTest
    @MethodSource("policiesThatGoByWeights")
    void aReplicaThatReturnsGetsTheCallsUnderItsRampAndNoMore(Policy policy) {
        World world = World.of(5, settings -> settings.policy(policy));
        calls(world, 400);
        for (int doubling = 0; doubling < 3; doubling++) {
            world.refuse(5); // out for 1, 2, 4 s, or a fifth longer
            while (world.state(5) == EndpointState.EJECTED) {
                world.pass(Duration.ofMillis(10));
            }
        }
        assertThat(world.stats(5).weight()).isEqualTo(0.1);
        assertTheRamp(world);
    }

    private static void assertTheRamp(World world) {
        double sum = 0;
        double expected = 0;
        double variance = 0;
        for (int step = 1; step <= 10; step++) {
            double weight = world.stats(5).weight();
            assertThat(weight).isEqualTo(step / 10.0);
            double due = 300 * weight / (4 + weight);
            double deviation = Math.sqrt(due * 4 / (4 + weight));
            double got = calls(world, 300);
            assertThat(got).as("at weight %s", weight).isCloseTo(due, within(5 * deviation + 1));
            sum += got;
            expected += due;
            variance += deviation * deviation;
        }
        assertThat(world.state(5)).isEqualTo(EndpointState.UP);
        assertThat(sum).isCloseTo(expected, within(5 * Math.sqrt(variance)));
    }

    /** A list that comes anew before each call, equal to the last one: the shares are the weights', and no start is from the top. */
    @ParameterizedTest
    @MethodSource("policiesThatGoByWeights")
    void aListThatComesBeforeEveryCallChangesNoShares(Policy policy) {
        for (double[] weights : List.of(new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, new double[] {1, 20, 79})) {
            World world = new World(settings -> settings.policy(policy));
            Endpoint[] list = new Endpoint[weights.length];
            Arrays.setAll(list, i -> World.endpoint(i + 1).withWeight(weights[i]));
            Map<String, Integer> counts = new HashMap<>();
            for (int call = 0; call < 2_000; call++) {
                world.list(list);
                Lease lease = world.acquire();
                counts.merge(lease.endpoint().id(), 1, Integer::sum);
                world.pass(Duration.ofMillis(1));
                lease.complete(Outcome.SUCCESS);
            }
            double sum = Arrays.stream(weights).sum();
            for (int i = 0; i < weights.length; i++) {
                double share = weights[i] / sum;
                assertThat((double) counts.getOrDefault(list[i].id(), 0))
                        .as("%s of %s", list[i], counts)
                        .isCloseTo(2_000 * share, within(5 * Math.sqrt(2_000 * share * (1 - share)) + 1));
            }
        }
    }

    // Finagle's LoadDistributionTest with whole balancers, ramps included.

    private static final int CALLS_EACH = 150;

    private static World client(Policy policy, long seed) {
        RandomGenerator own = new SplittableRandom(seed);
        return new World(settings -> settings.policy(policy).random(() -> own));
    }

    private static List<World> clients(Policy policy) {
        return LongStream.range(0, 5).mapToObj(seed -> client(policy, seed)).toList();
    }

    /**
     * No server gets more than its weight's share, on whatever ramps others are, and five sigma. Sigma is by chance, times
     * sqrt(2): an adaptive client, until it knows what that pays, sends every second call where the one before it went.
     */
    private static void send(List<World> clients, int first, int last) {
        Endpoint[] list = new Endpoint[last - first + 1];
        Arrays.setAll(list, i -> World.endpoint(first + i));
        Map<String, Integer> loads = new HashMap<>();
        clients.forEach(client -> client.list(list));
        List<EndpointStats> stats = clients.get(0).balancer.stats().endpoints();
        for (World client : clients) {
            for (int i = 0; i < CALLS_EACH; i++) {
                Lease lease = client.acquire();
                loads.merge(lease.endpoint().id(), 1, Integer::sum);
                client.pass(Duration.ofMillis(1));
                lease.complete(Outcome.SUCCESS);
            }
        }
        int calls = CALLS_EACH * clients.size();
        double sum = stats.stream().mapToDouble(EndpointStats::weight).sum();
        assertThat(stats).hasSize(list.length).allSatisfy(line -> {
            double share = line.weight() / sum;
            assertThat((double) loads.getOrDefault(line.endpoint().id(), 0))
                    .isLessThanOrEqualTo(calls * share + 5 * Math.sqrt(2 * calls * share * (1 - share)) + 1);
        });
        assertThat(loads.values().stream().mapToInt(load -> load).sum()).isEqualTo(calls);
    }

    @ParameterizedTest
    @MethodSource("policiesThatGoByWeights")
    void callsAreSpreadOverServersWhileClientsAreDeployed(Policy policy) {
        List<World> clients = new ArrayList<>(clients(policy));
        send(clients, 1, 10);
        for (int restarted = 0; restarted < 5; restarted++) {
            clients.set(restarted, client(policy, 10 + restarted));
            send(clients, 1, 10);
        }
    }

    @ParameterizedTest
    @MethodSource("policiesThatGoByWeights")
    void callsAreSpreadOverServersWhileServersAreDeployed(Policy policy) {
        List<World> clients = clients(policy);
        send(clients, 1, 10);
        send(clients, 6, 15);
        send(clients, 11, 20);
    }

    @ParameterizedTest
    @MethodSource("policiesThatGoByWeights")
    void callsAreSpreadOverFewerServersAndOverMore(Policy policy) {
        List<World> clients = clients(policy);
        send(clients, 1, 10);
        send(clients, 1, 5);
        send(clients, 1, 10);
        send(clients, 1, 15);
    }

    /** One after the other, each of 5 ms, every 10 ms: how many of them endpoint 5 got. */
    private static int calls(World world, int calls) {
        int fifth = 0;
        for (int i = 0; i < calls; i++) {
            Lease lease = world.acquire();
            fifth += lease.endpoint().equals(World.endpoint(5)) ? 1 : 0;
            world.pass(Duration.ofMillis(5));
            lease.complete(Outcome.SUCCESS);
            world.pass(Duration.ofMillis(5));
        }
        return fifth;
    }
}
