package io.evenkeel.benchmarks.sim;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** What is compared: a kind of client. */
public final class Variant {

    private final String name;
    /** For one run: its clients by number. */
    private final Function<World, IntFunction<Client>> clients;

    private Variant(String name, Function<World, IntFunction<Client>> clients) {
        this.name = name;
        this.clients = clients;
    }

    /** A policy alone: the cheapest to simulate. */
    public static Variant policy(Policy policy) {
        return policy(policy.name(), policy);
    }

    /** A policy alone, under another name. */
    public static Variant policy(String name, Policy policy) {
        return knowing(name, world -> policy);
    }

    /** A policy alone, which is told what replicas report with their answers. */
    public static Variant reporting(String name, Policy policy, Reports reports) {
        return new Variant(name, world -> {
            world.gauge();
            return number -> new PolicyClient(world, policy, reports, number);
        });
    }

    /** Google's Prequal, with so many probes a call, and without its error penalties. */
    public static Variant prequal(int probes) {
        return new Variant("Prequal, " + probes + (probes == 1 ? " probe a call" : " probes a call"), world -> {
            world.gauge();
            Policy policy = new Prequal(world, probes);
            return number -> new PolicyClient(world, policy, null, number);
        });
    }

    /** A balancer, whole but for repeats and deadlines. */
    public static Variant engine(String name, UnaryOperator<LoadBalancer.Builder> settings) {
        return new Variant(name, world -> number -> new LeaseClient(world, balancer(world, settings, number)));
    }

    /** A balancer, whole: calls are idempotent, and so are repeated as its settings say. */
    public static Variant repeating(String name, UnaryOperator<LoadBalancer.Builder> settings) {
        return new Variant(name, world -> number -> new CallClient(world, balancer(world, settings, number)));
    }

    /** Knows every queue and speed, and sends each call where it is served soonest: what nobody can beat by much. */
    public static Variant oracle() {
        return knowing("shortest queue (oracle)", Knowing::shortestQueue);
    }

    /** Of two random replicas the one with fewer calls, of whichever client: perfect information. */
    public static Variant allKnowingTwoChoices() {
        return knowing("two choices, all-knowing", Knowing::twoChoices);
    }

    /** A policy made for each run. */
    static Variant knowing(String name, Function<World, Policy> policies) {
        return new Variant(name, world -> {
            Policy policy = policies.apply(world);
            return number -> new PolicyClient(world, policy, null, number);
        });
    }

    private static LoadBalancer balancer(World world, UnaryOperator<LoadBalancer.Builder> settings, int number) {
        RandomGenerator random = world.streams().of(Streams.Purpose.CLIENT, number);
        Supplier<RandomGenerator> same = () -> random;
        return settings.apply(LoadBalancer.builder("client-" + number + ".sim"))
                .endpoints(world.endpoints())
                .clock(world.time())
                .scheduler(world.time())
                .random(same)
                .build();
    }

    /** What reports call it. */
    public String name() {
        return name;
    }

    IntFunction<Client> clients(World world) {
        return clients.apply(world);
    }

    @Override
    public String toString() {
        return name;
    }
}
