package io.evenkeel.benchmarks.sim;

import static io.evenkeel.benchmarks.sim.Aim.ADAPTIVE;
import static io.evenkeel.benchmarks.sim.Aim.TOLD;

import io.evenkeel.Limit;
import io.evenkeel.Retry;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.benchmarks.sim.Aim.Figure;
import io.evenkeel.benchmarks.sim.Script.Condition;
import io.evenkeel.benchmarks.sim.Script.Course;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * The scenarios by which policies are judged. If nothing else is said a call is 10 ms of work, one unit, exponentially
 * distributed, on a replica of speed 1, at each of which calls queue for one slot; and the network takes no time.
 */
public final class Suite {

    /** The steps of Prequal's ramp, each a ninth more than the one before. */
    public static final List<Double> RAMP = List.of(0.75, 0.83, 0.93, 1.03, 1.14, 1.27, 1.41, 1.57, 1.74);

    /** A balancer with all defaults, by calls that may be repeated. */
    public static final String BALANCER = "default balancer, idempotent calls";

    private static final String ONE_REPEAT = "default balancer, one repeat, idempotent calls";
    private static final String LIMITED = "balancer, at most 2 in flight at a replica, idempotent calls";
    private static final String ONCE = "default balancer, no repeats";
    private static final Variant ORACLE = Variant.oracle();
    private static final Variant TWO = Variant.allKnowingTwoChoices();
    private static final Variant RANDOM = Variant.policy(Policy.random());
    private static final double UNIT = 10e6;
    private static final String LOST_IN_THE_RUSH = "lost in the rush of what could be done, share";

    private final double scale;
    private final List<Part> parts = new ArrayList<>();

    private Suite(double scale) {
        this.scale = scale;
    }

    /** A scenario, who takes part, and what is aimed at; the first variant is what the others are compared with. */
    public record Part(Scenario scenario, List<Variant> variants, List<Aim> aims) {}

    /**
     * All parts.
     *
     * @param scale so many times the calls
     */
    public static List<Part> parts(double scale) {
        Suite suite = new Suite(scale);
        suite.sparsity();
        suite.mixedHardware();
        suite.neighbours();
        suite.ramp();
        suite.oneSlow();
        suite.failFast();
        suite.hanging();
        suite.rollingDeploy();
        suite.buoyant();
        suite.zoneOutage();
        suite.flashCrowd();
        suite.subsets();
        suite.wholeSubsets();
        suite.pauses();
        suite.herd();
        suite.lateReports();
        suite.lightLoad();
        suite.mixedCalls();
        suite.network();
        return suite.parts;
    }

    private void sparsity() {
        for (int clients : List.of(1, 10, 100, 1_000)) {
            List<Aim> aims = switch (clients) {
                case 1 -> Aim.ours("mean / oracle", Figure.ratio(ORACLE, Figures::mean), 1.4, 1.1);
                case 100 ->
                    List.of(
                            Aim.of(
                                    ADAPTIVE,
                                    "mean / two choices, all-knowing",
                                    Figure.ratio(TWO, Figures::mean),
                                    1.5,
                                    1.3),
                            Aim.of(TOLD, "mean / two choices, all-knowing", Figure.ratio(TWO, Figures::mean), 1.2, 1));
                default -> List.of();
            };
            Scenario scenario = scenario("1. 100 replicas, 90 %, " + clients(clients), 1_000_000)
                    .replicas(100, Script.of(1))
                    .clients(clients)
                    .load(0.9);
            add(scenario, withParts(clients == 100, policies(TWO, ORACLE)), aims);
        }
    }

    private void mixedHardware() {
        Scenario scenario = scenario("2. half at speed 0.5, half at 1.5, 75 %, 100 clients", 1_000_000)
                .replicas(50, Script.of(1).speed(0.5))
                .replicas(50, Script.of(1).speed(1.5))
                .clients(100)
                .load(0.75);
        add(
                scenario,
                policies(ORACLE, TWO),
                Aim.ours("mean / oracle", Figure.ratio(ORACLE, Figures::mean), 2.2, 1.6),
                Aim.ours("p99 / oracle", Figure.ratio(ORACLE, Figures::p99), 2.5, 1.8));
    }

    /** Speeds of which a fifth are 0.5 and the others 1.125, so that the mean is 1. */
    private void neighbours() {
        Course course = Course.neighbours(units(30), random -> random.nextDouble() < 0.2 ? 0.5 : 1.125);
        Scenario scenario = scenario("3. speeds drawn anew every 300 ms, 80 %, 100 clients", 1_000_000)
                .replicas(100, Script.of(1).through(course))
                .clients(100)
                .load(0.8);
        add(scenario, policies(ORACLE, TWO), Aim.ours("mean / oracle", Figure.ratio(ORACLE, Figures::mean), 3, 2.2));
    }

    /** Each replica is sure of four slots' worth of work, and mostly gets 2.2 times as much. */
    private void ramp() {
        Course course = Course.neighbours(units(60), random -> random.nextDouble() < 0.2 ? 1 : 2.2);
        for (double step : RAMP) {
            Scenario scenario = scenario(ramp(step), 400_000)
                    .work(Work.normal(units(1)))
                    .replicas(100, Script.of(4).through(course))
                    .clients(100)
                    .callsPerSecond(step * 400 * 100)
                    .timeout(units(67));
            add(
                    scenario,
                    policies(ORACLE),
                    Aim.ours("p99 / oracle", Figure.ratio(ORACLE, Figures::p99), 1.6, 1.3),
                    List.of(Aim.of(ADAPTIVE, "lost, share", Figure.value(Figures::lost), 0, 0)));
        }
    }

    /** The name of a step of the ramp. */
    public static String ramp(double step) {
        return "3. ramp, " + step + " of what is allotted, 100 clients";
    }

    private void oneSlow() {
        for (int clients : List.of(1, 20, 100)) {
            Scenario scenario = scenario("4. one of 20 at speed 0.1, 60 %, " + clients(clients), 500_000)
                    .replicas(1, Script.of(1).speed(0.1))
                    .replicas(19, Script.of(1))
                    .clients(clients)
                    .load(0.6);
            double fair = 0.1 / 19.1;
            add(
                    scenario,
                    withParts(clients == 20, policies(ORACLE)),
                    Aim.ours("p99 / oracle", Figure.ratio(ORACLE, Figures::p99), 2.2, 1.5),
                    Aim.ours(
                            "share of the slow one / its capacity's",
                            Figure.value(f -> f.shares().getFirst() / fair),
                            2,
                            2));
        }
    }

    /** The load is that of the 19 that work. Whoever forgets over 10 s may try the failing one once a client in that time. */
    private void failFast() {
        double perSecond = 0.6 * 19 * 100;
        for (int clients : List.of(1, 20, 100)) {
            Scenario scenario = scenario("5. one of 20 fails in 0.2 ms, 60 %, " + clients(clients), 500_000)
                    .replicas(1, Script.of(1).starting(Condition.failing(Duration.ofNanos(200_000))))
                    .replicas(19, Script.of(1))
                    .clients(clients)
                    .callsPerSecond(perSecond);
            double decays = (scenario.calls() - scenario.unmeasured()) / perSecond / 10;
            List<Aim> aims =
                    new ArrayList<>(Aim.ours("lost calls of a client", perClient(clients), 2 + decays, 1 + decays));
            aims.addAll(Aim.ours("lost, share", Figure.value(Figures::lost), 0.01, 0.001));
            aims.add(Aim.of(ONE_REPEAT, "lost, share", Figure.value(Figures::lost), 0.0001, 0.0001));
            aims.add(Aim.of(BALANCER, "lost, share", Figure.value(Figures::lost), 0.0001, 0.0001));
            List<Variant> variants = withBalancers(withParts(clients == 20, policies(ORACLE)));
            variants.add(Variant.repeating(ONE_REPEAT, settings -> settings.retry(Retry.upTo(2))));
            variants.add(Variant.engine(
                    "default balancer, no repeats, told calls", settings -> settings, Reports.ofCalls()));
            add(scenario, variants, aims);
        }
    }

    private static Figure perClient(int clients) {
        return Figure.value(figures -> figures.lost() * figures.calls() / clients);
    }

    /** One that takes calls and never answers, from 2 s on, for 20 s. */
    private void hanging() {
        for (int clients : List.of(1, 20, 100)) {
            Scenario scenario = Scenario.of("6. one of 20 hangs, 60 %, " + clients(clients))
                    .calls((long) (0.6 * 19 * 100 * 22))
                    .warmUp(0)
                    .replicas(1, Script.of(1).at(Duration.ofSeconds(2), Condition.STOPPED))
                    .replicas(19, Script.of(1))
                    .clients(clients)
                    .callsPerSecond(0.6 * 19 * 100)
                    .timeout(Duration.ofSeconds(1));
            Figure later = Figure.value(figures -> figures.lostLater() * figures.calls() / clients);
            Variant calm =
                    Variant.policy("adaptive, nobody hangs", Policy.adaptive()).undisturbed();
            List<Variant> variants = withBalancers(withParts(clients == 20, policies(ORACLE)));
            variants.add(calm);
            add(
                    scenario,
                    variants,
                    Aim.ours("lost calls of a client", perClient(clients), 3, 2),
                    Aim.ours("lost calls of a client, begun after its first evidence", later, 2, 2),
                    Aim.ours("p99 of those answered / where nobody hangs", Figure.ratio(calm, Figures::p99), 1.1, 1.1));
        }
    }

    /** Every 60 units one is replaced by one that is cold for 40. */
    private void rollingDeploy() {
        int rounds = (int) Math.max(5, 100 * scale);
        Scenario scenario = Scenario.of("7. one of 20 replaced every 600 ms, cold for 400, 70 %, 50 clients")
                .work(Work.exponential(units(1)))
                .clients(50)
                .load(0.7)
                .calls((long) (0.7 * 80 * 60 * (rounds + 1)))
                .warmUp(0.05);
        for (int i = 0; i < 20 + rounds; i++) {
            Script script = Script.of(4).leaving(units(60 * (i + 1)));
            int joins = 60 * (i - 19);
            scenario.replicas(
                    1,
                    joins <= 0
                            ? script
                            : script.joining(units(joins)).speed(0.2).at(units(joins + 40), Condition.WELL));
        }
        List<Variant> variants = withBalancers(policies(ORACLE));
        String ramped = "balancer, slow start over 400 ms";
        variants.add(Variant.engine(ramped, settings -> settings.slowStart(SlowStart.over(units(40)))));
        Figure mean = Figure.ratio(ORACLE, Figures::mean);
        Figure p99 = Figure.ratio(ORACLE, Figures::p99);
        Figure p999 = Figure.ratio(ORACLE, Figures::p999);
        add(
                scenario,
                variants,
                Aim.ours("mean / oracle", mean, 1.3, 1.15),
                Aim.ours("p99 / oracle", p99, 1.3, 1.15),
                Aim.ours("p99.9 / oracle", p999, 2, 1.4),
                List.of(
                        Aim.of(ramped, "mean / oracle", mean, 1.3, 1.15),
                        Aim.of(ramped, "p99 / oracle", p99, 1.3, 1.15),
                        Aim.of(ramped, "p99.9 / oracle", p999, 2, 1.4)));
    }

    private void buoyant() {
        Duration usual = Duration.ofMillis(167);
        Script slowed = Script.of(Script.UNLIMITED)
                .at(Duration.ofSeconds(15), Condition.slow(2_000.0 / 167))
                .at(Duration.ofSeconds(45), Condition.WELL);
        Scenario scenario = Scenario.of("8. one of 11 takes 2 s for half a minute, the others 167 ms, 1 client")
                .replicas(1, slowed)
                .replicas(10, Script.of(Script.UNLIMITED))
                .work(Work.constant(usual))
                .callsPerSecond(1_000)
                .calls(60_000)
                .warmUp(0)
                .late(Duration.ofSeconds(1));
        add(
                scenario,
                policies(RANDOM),
                Aim.ours("not answered within 1 s, share", Figure.value(Figures::lost), 0.002, 0.0007));
    }

    /** One of three zones hangs for a minute, or in a short run for less. That 3 % go to other zones to try them is meant. */
    private void zoneOutage() {
        int start = 20;
        int end = start + (int) Math.max(10, 60 * Math.min(1, scale));
        int settled = end + (scale < 0.1 ? 15 : 70);
        double perSecond = 0.55 * 90 * 100;
        Script hangs = Script.of(1)
                .dropping()
                .at(Duration.ofSeconds(start), Condition.STOPPED)
                .at(Duration.ofSeconds(end), Condition.WELL);
        Scenario scenario = Scenario.of("9. one of 3 zones hangs, 30 replicas and 10 clients in each, 55 %")
                .replicas(30, hangs.zone("a"))
                .replicas(30, Script.of(1).zone("b"))
                .replicas(30, Script.of(1).zone("c"))
                .clients(30)
                .zones("a", "b", "c")
                .callsPerSecond(perSecond)
                .calls((long) (perSecond * (settled + 10)))
                .warmUp(0)
                .timeout(Duration.ofSeconds(1))
                .part(Duration.ofSeconds(5), Duration.ofSeconds(start))
                .part(Duration.ofSeconds(start), Duration.ofSeconds(start + 1))
                .part(Duration.ofSeconds(start), Duration.ofSeconds(start + 2))
                .part(Duration.ofSeconds(start + 2), Duration.ofSeconds(end))
                .part(Duration.ofSeconds(settled), Duration.ofSeconds(settled + 10));
        List<Variant> variants = withBalancers(List.of(ORACLE, RANDOM, Variant.policy(Policy.adaptive())));
        Figure p99 = Figure.ratio(ORACLE, figures -> figures.parts().get(3).p99());
        add(
                scenario,
                variants,
                List.of(
                        Aim.of(BALANCER, "lost in the first 2 s, share", part(2, Figures.Part::lost), 0.01, 0.01),
                        Aim.of(BALANCER, "lost in the first second, share", part(1, Figures.Part::lost), 0.01, 0.005),
                        Aim.of(BALANCER, "lost after 2 s, share", part(3, Figures.Part::lost), 0.0005, 0.0005),
                        Aim.of(BALANCER, "p99 after 2 s / oracle", p99, 2, 2),
                        Aim.of(BALANCER, "to other zones before, share", part(0, Figures.Part::abroad), 0.04, 0.04),
                        Aim.of(BALANCER, "to other zones later, share", part(4, Figures.Part::abroad), 0.04, 0.04)));
    }

    private static Figure part(int number, ToDoubleFunction<Figures.Part> figure) {
        return Figure.value(figures -> figure.applyAsDouble(figures.parts().get(number)));
    }

    /** Twice what the fleet can do comes for 5 s. */
    private void flashCrowd() {
        int seconds = scale < 0.1 ? 45 : 150;
        for (int percent : List.of(70, 80, 90)) {
            double base = percent / 100.0;
            Scenario scenario = Scenario.of("10. a rush of 100 % more for 5 s, " + percent + " %, 20 clients")
                    .replicas(10, Script.of(10).dropping())
                    .work(Work.exponential(Duration.ofMillis(100)))
                    .clients(20)
                    .callsPerSecond(1_000 * base)
                    .calls((long) (1_000 * base * seconds))
                    .warmUp(0)
                    .timeout(Duration.ofSeconds(1))
                    .rush(Duration.ofSeconds(20), Duration.ofSeconds(5), (base + 1) / base);
            add(
                    scenario,
                    repeating(),
                    List.of(
                            Aim.of(BALANCER, "recovery, s", Figure.value(Figures::recovery), 5, 1),
                            Aim.of(BALANCER, "repeats, share", Figure.value(Figures::repeats), 0.1, 0.1),
                            Aim.of(BALANCER, LOST_IN_THE_RUSH, lostInTheRush(base), 0.15, 0.15),
                            Aim.of(LIMITED, "recovery, s", Figure.value(Figures::recovery), 5, 1),
                            Aim.of(LIMITED, "repeats, share", Figure.value(Figures::repeats), 0.1, 0.1),
                            Aim.of(LIMITED, LOST_IN_THE_RUSH, lostInTheRush(base), 0.15, 0.15)));
        }
    }

    private static Figure lostInTheRush(double base) {
        return Figure.value(f -> 1 - f.inRush() * (1 + base));
    }

    private static List<Variant> repeating() {
        Variant.Bare once = Variant.policy(Policy.adaptive());
        Repeats three = Repeats.unlimited(3);
        return List.of(
                once.named("no repeats").repeating(Repeats.NONE.silently()),
                once.named("no repeats, cancels"),
                once.named("3 attempts, no budget").repeating(three.silently()),
                once.named("3 attempts, no budget, cancels").repeating(three),
                once.named("3 attempts, budget 20 %")
                        .repeating(three.withBudget(0.2).silently()),
                once.named("3 attempts, budget 10 %")
                        .repeating(three.withBudget(0.1).silently()),
                once.named("3 attempts, budget 20 %, cancels").repeating(three.withBudget(0.2)),
                once.named("3 attempts, budget 10 %, cancels").repeating(three.withBudget(0.1)),
                Variant.engine("default balancer, no repeats", settings -> settings),
                Variant.repeating(BALANCER, settings -> settings),
                Variant.repeating(LIMITED, settings -> settings.limit(Limit.perReplica(2))));
    }

    /** A thousand clients need not know a thousand replicas each. */
    private void subsets() {
        Scenario scenario = scenario("12. 1000 replicas, 80 %, 1000 clients, 20 replicas each", 1_000_000)
                .replicas(1_000, Script.of(1))
                .clients(1_000)
                .load(0.8);
        List<Variant> all =
                new ArrayList<>(List.of(TWO, Variant.policy("least request among all", Policy.leastRequest())));
        List<Variant.Bare> of20 = List.of(
                Variant.policy(Policy.random()),
                Variant.policy(Policy.roundRobin()),
                Variant.policy(Policy.leastRequest()),
                Variant.policy(Policy.peakEwma()),
                Variant.policy(ADAPTIVE, Policy.adaptive()),
                Variant.policy(TOLD, Policy.adaptive()).told(Reports.ofCalls()));
        of20.forEach(variant -> all.add(variant.among(20)));
        add(
                scenario,
                all,
                List.of(
                        Aim.of(
                                ADAPTIVE,
                                "mean / two choices of all, all-knowing",
                                Figure.ratio(TWO, Figures::mean),
                                1.45,
                                1.45),
                        Aim.of(
                                TOLD,
                                "mean / two choices of all, all-knowing",
                                Figure.ratio(TWO, Figures::mean),
                                1.45,
                                1.15)));
    }

    /** The same by whole balancers, with the subsets that they make themselves, of fewer replicas since each balancer keeps a record of each. */
    private void wholeSubsets() {
        int clients = 200;
        Scenario scenario = scenario("12. 200 replicas, 80 %, 200 clients, whole balancers", 400_000)
                .replicas(200, Script.of(1))
                .clients(clients)
                .load(0.8);
        String drawn = "default balancer, 20 drawn";
        String ring = "balancer that knows its place, 20 of a ring";
        List<Variant> all = List.of(
                TWO,
                Variant.engine("balancer, all replicas", settings -> settings.subset(Subset.off())),
                Variant.engine(drawn, settings -> settings),
                Variant.engines(ring, number -> settings -> settings.subset(Subset.ofClient(number, clients))));
        Figure mean = Figure.ratio(TWO, Figures::mean);
        add(
                scenario,
                all,
                List.of(
                        Aim.of(drawn, "mean / two choices of all, all-knowing", mean, 1.45, 1.45),
                        Aim.of(ring, "mean / two choices of all, all-knowing", mean, 1.45, 1.15)));
    }

    /** Each stops for 20 units after every 1,000 or so. What hedging reaches is compared with a fleet in which nobody stops. */
    private void pauses() {
        Scenario scenario = scenario("13. each stops for 200 ms every 10 s, 8 slots, 70 %, 50 clients", 1_000_000)
                .replicas(
                        50,
                        Script.of(8)
                                .through(Course.pauses(units(1_000), units(20)))
                                .dropping())
                .clients(50)
                .load(0.7);
        Variant calm = Variant.oracle().undisturbed().named("shortest queue, nobody stops");
        Variant hedging =
                Variant.policy("adaptive, hedging at p95", Policy.adaptive()).hedging(Hedges.defaults());
        List<Variant> variants = policies(ORACLE, calm);
        variants.add(hedging);
        add(
                scenario,
                variants,
                Aim.ours("p99 / oracle", Figure.ratio(ORACLE, Figures::p99), 1.5, 1.5),
                List.of(
                        Aim.of(hedging.name(), "p99.9 / oracle, nobody stops", Figure.ratio(calm, Figures::p999), 3, 2),
                        Aim.of(hedging.name(), "repeats, share", Figure.value(Figures::repeats), 0.05, 0.05)));
    }

    /** Clients that know nothing yet. */
    private void herd() {
        Scenario scenario = Scenario.of("14. the first 20 calls of 100 clients, 100 replicas, 80 %")
                .replicas(100, Script.of(1))
                .clients(100)
                .load(0.8)
                .calls(2_000)
                .warmUp(0);
        add(scenario, policies(RANDOM, ORACLE), Aim.ours("mean / random", Figure.ratio(RANDOM, Figures::mean), 1, 1));
    }

    private void lateReports() {
        Scenario scenario = scenario("14. reports that come late, 100 replicas, 90 %, 100 clients", 500_000)
                .replicas(100, Script.of(1))
                .clients(100)
                .load(0.9);
        List<Variant> variants = new ArrayList<>(List.of(RANDOM, Variant.policy(ADAPTIVE, Policy.adaptive())));
        List<Aim> aims = new ArrayList<>();
        for (double late : List.of(0.1, 1.0, 5.0, 20.0)) {
            for (Reports reports : List.of(Reports.ofCalls(), Reports.ofLatency())) {
                String name = ADAPTIVE + ", told " + (reports.latency() ? "latency " : "calls ") + late + " units late";
                variants.add(Variant.policy(name, Policy.adaptive()).told(reports.delayed(units(late))));
                aims.add(Aim.of(name, "mean / random", Figure.ratio(RANDOM, Figures::mean), 1, 1));
            }
        }
        add(scenario, variants, aims);
    }

    private void lightLoad() {
        for (int clients : List.of(1, 10, 100)) {
            Scenario scenario = scenario("15. 100 replicas, 10 %, " + clients(clients), 500_000)
                    .replicas(100, Script.of(1))
                    .clients(clients)
                    .load(0.1);
            add(
                    scenario,
                    policies(ORACLE),
                    Aim.ours(
                            "largest share / mean share",
                            Figure.value(Figures::evenness),
                            clients == 1 ? 3 : 1.5,
                            1.25),
                    Aim.ours("mean / oracle", Figure.ratio(ORACLE, Figures::mean), 1.02, 1.02));
        }
    }

    private void mixedCalls() {
        Work usual = Work.constant(Duration.ofMillis(5));
        Work rare = Work.constant(Duration.ofMillis(55));
        Scenario scenario = scenario("16. one call in ten takes 55 ms, the others 5, 70 %, 100 clients", 1_000_000)
                .work(Work.mixed(0.1, rare, usual))
                .replicas(100, Script.of(1))
                .clients(100)
                .load(0.7);
        Variant byClass =
                Variant.policy("adaptive, by class", Policy.adaptive()).byClass(Duration.ofMillis(55));
        List<Variant> variants = policies(TWO, ORACLE);
        variants.add(byClass);
        Figure mean = Figure.ratio(TWO, Figures::mean);
        add(
                scenario,
                variants,
                Aim.ours("mean / two choices, all-knowing", mean, 1.25, 1.1),
                List.of(Aim.of(byClass.name(), "mean / two choices, all-knowing", mean, 1.25, 1.1)));
    }

    /** The headlines again, with a fortieth of a unit on the way there, and as much on the way back. */
    private void network() {
        Set<String> headlines = Set.of(
                "1. 100 replicas, 90 %, 100 ",
                "2. half at", "4. one of 20 at speed 0.1, 60 %, 100", "5. one of 20 fails in 0.2 ms, 60 %, 100");
        for (Part part : List.copyOf(parts)) {
            if (headlines.stream().anyMatch(part.scenario().name()::startsWith)) {
                Scenario distant = part.scenario()
                        .copy(part.scenario().name() + ", over a network")
                        .network(units(0.025));
                parts.add(new Part(distant, part.variants(), part.aims()));
            }
        }
    }

    private Scenario scenario(String name, long calls) {
        return Scenario.of(name).work(Work.exponential(units(1))).calls((long) (calls * scale));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void add(Scenario scenario, List<Variant> variants, List<Aim>... aims) {
        List<Aim> all = new ArrayList<>();
        for (List<Aim> each : aims) {
            all.addAll(each);
        }
        parts.add(new Part(scenario, variants, all));
    }

    private static Duration units(double units) {
        return Duration.ofNanos(Math.round(units * UNIT));
    }

    private static String clients(int n) {
        return n == 1 ? "1 client" : n + " clients";
    }

    /** What needs no balancer around it: {@code first}, {@code more}, and those to compare. */
    private static List<Variant> policies(Variant first, Variant... more) {
        List<Variant> all = new ArrayList<>(List.of(first));
        all.addAll(List.of(more));
        if (first != RANDOM) {
            all.add(RANDOM);
        }
        all.add(Variant.policy(Policy.roundRobin()));
        all.add(Variant.policy(Policy.leastRequest()));
        all.add(Variant.policy(Policy.peakEwma()));
        all.add(Variant.prequal(3));
        all.add(Variant.policy(ADAPTIVE, Policy.adaptive()));
        all.add(Variant.policy(TOLD, Policy.adaptive()).told(Reports.ofCalls()));
        all.add(Variant.policy("adaptive, told latency", Policy.adaptive()).told(Reports.ofLatency()));
        return all;
    }

    /** And the default policy without one part of it each, if that is asked for: what each buys. */
    private static List<Variant> withParts(boolean asked, List<Variant> variants) {
        List<Variant> all = new ArrayList<>(variants);
        if (asked) {
            all.add(Variant.policy("adaptive, no memory", Policy.adaptive().withMemory(false)));
            all.add(Variant.policy(
                    "adaptive, ages of open calls not seen", Policy.adaptive().withCensoring(false)));
            all.add(Variant.policy(
                    "adaptive, not shrunk towards the mean", Policy.adaptive().withShrinkage(false)));
            all.add(Variant.policy(
                    "adaptive, failures not charged", Policy.adaptive().withFailureCharge(0)));
            all.add(Variant.policy(
                            "adaptive, told calls and not heeding",
                            Policy.adaptive().withReports(false))
                    .told(Reports.ofCalls()));
        }
        return all;
    }

    private static List<Variant> withBalancers(List<Variant> variants) {
        List<Variant> all = new ArrayList<>(variants);
        all.add(Variant.engine(ONCE, settings -> settings));
        all.add(Variant.repeating(BALANCER, settings -> settings));
        return all;
    }
}
