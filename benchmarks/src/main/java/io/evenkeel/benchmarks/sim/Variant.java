package io.evenkeel.benchmarks.sim;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.benchmarks.sim.PolicyClient.Habits;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/** What is compared: a kind of client. */
public sealed class Variant permits Variant.Bare {

    private final String name;
    /** For one run: its clients by number. */
    private final Function<World, IntFunction<Client>> clients;

    private Variant(String name, Function<World, IntFunction<Client>> clients) {
        this.name = name;
        this.clients = clients;
    }

    /** A policy alone: the cheapest to simulate. */
    public static Bare policy(Policy policy) {
        return policy(policy.name(), policy);
    }

    /** A policy alone, under another name. */
    public static Bare policy(String name, Policy policy) {
        return knowing(name, world -> policy);
    }

    /** Google's Prequal, with so many probes a call, and without its error penalties. */
    public static Bare prequal(int probes) {
        return knowing("Prequal, " + probes + (probes == 1 ? " probe a call" : " probes a call"), world -> {
            world.gauge();
            return new Prequal(world, probes);
        });
    }

    /** A balancer, whole but for repeats and deadlines. */
    public static Variant engine(String name, UnaryOperator<LoadBalancer.Builder> settings) {
        return new Variant(name, world -> number -> new LeaseClient(world, balancer(world, settings, number), null));
    }

    /** The same, with settings that go by the client's number. */
    public static Variant engines(String name, IntFunction<UnaryOperator<LoadBalancer.Builder>> settings) {
        return new Variant(
                name, world -> number -> new LeaseClient(world, balancer(world, settings.apply(number), number), null));
    }

    /** The same, told what replicas report with their answers, without delay. */
    public static Variant engine(String name, UnaryOperator<LoadBalancer.Builder> settings, Reports reports) {
        return new Variant(name, world -> {
            world.gauge();
            return number -> new LeaseClient(world, balancer(world, settings, number), reports);
        });
    }

    /** A balancer, whole: calls are idempotent, and so are repeated as its settings say. */
    public static Variant repeating(String name, UnaryOperator<LoadBalancer.Builder> settings) {
        return new Variant(name, world -> number -> new CallClient(world, balancer(world, settings, number)));
    }

    /** Knows every queue and speed, and sends each call where it is served soonest: what nobody can beat by much. */
    public static Bare oracle() {
        return knowing("shortest queue (oracle)", Knowing::shortestQueue);
    }

    /** Of two random replicas the one with fewer calls, of whichever client: perfect information. */
    public static Bare allKnowingTwoChoices() {
        return knowing("two choices, all-knowing", Knowing::twoChoices);
    }

    /** A policy made for each run. */
    static Bare knowing(String name, Function<World, Policy> policies) {
        return new Bare(name, policies, Habits.NONE, false);
    }

    private static LoadBalancer balancer(World world, UnaryOperator<LoadBalancer.Builder> settings, int number) {
        RandomGenerator random = world.streams().of(Streams.Purpose.CLIENT, number);
        Supplier<RandomGenerator> same = () -> random;
        LoadBalancer.Builder builder = LoadBalancer.builder("client-" + number + ".sim");
        if (!world.zoneOf(number).isEmpty()) {
            builder.zone(world.zoneOf(number));
        }
        return settings.apply(builder)
                .source(world.source())
                .clock(world.time())
                .scheduler(world.time())
                .random(same)
                .build();
    }

    /** What a replica of the scenario is for it. */
    Script replica(Script script) {
        return script;
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

    /** A policy without a balancer around it: no health, no deadline. */
    public static final class Bare extends Variant {

        private final Function<World, Policy> policies;
        private final Habits habits;
        private final boolean undisturbed;

        private Bare(String name, Function<World, Policy> policies, Habits habits, boolean undisturbed) {
            super(name, world -> {
                Policy policy = policies.apply(world);
                if (habits.reports() != null) {
                    world.gauge();
                }
                return number -> new PolicyClient(world, policy, habits, number);
            });
            this.policies = policies;
            this.habits = habits;
            this.undisturbed = undisturbed;
        }

        @Override
        Script replica(Script script) {
            return undisturbed ? script.undisturbed() : script;
        }

        /** The same under another name. */
        public Bare named(String name) {
            return new Bare(name, policies, habits, undisturbed);
        }

        /** A copy for which all replicas stay as they start: what a fleet could do to which nothing happens. */
        public Bare undisturbed() {
            return new Bare(name(), policies, habits, true);
        }

        /** A copy that is told what replicas report with their answers. */
        public Bare told(Reports reports) {
            return with(new Habits(reports, habits.replicas(), habits.repeats(), habits.hedges(), habits.heavyNanos()));
        }

        /** A copy that chooses among {@code replicas} only, each client among others: those that rendezvous hashing says. */
        public Bare among(int replicas) {
            return with(new Habits(habits.reports(), replicas, habits.repeats(), habits.hedges(), habits.heavyNanos()));
        }

        /** A copy that repeats calls that fail. */
        public Bare repeating(Repeats repeats) {
            return with(new Habits(habits.reports(), habits.replicas(), repeats, habits.hedges(), habits.heavyNanos()));
        }

        /** A copy that sends calls that take long to another replica, too. */
        public Bare hedging(Hedges hedges) {
            return with(new Habits(habits.reports(), habits.replicas(), habits.repeats(), hedges, habits.heavyNanos()));
        }

        /** A copy that knows calls of at least so much work as a class of their own, and tells the policy latencies for the
         * class. */
        public Bare byClass(Duration heavy) {
            return with(new Habits(
                    habits.reports(), habits.replicas(), habits.repeats(), habits.hedges(), heavy.toNanos()));
        }

        private Bare with(Habits changed) {
            return new Bare(name(), policies, changed, undisturbed);
        }
    }
}
