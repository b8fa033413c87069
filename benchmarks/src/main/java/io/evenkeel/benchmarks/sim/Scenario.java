package io.evenkeel.benchmarks.sim;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A fleet, its clients and their calls. Collects settings, each with a default; then {@link #compare} runs it.
 *
 * <p>{@snippet :
 * Scenario.of("one of five takes twice as long")
 *         .replicas(4, Script.of(8))
 *         .replicas(1, Script.of(8).at(Duration.ofSeconds(20), Condition.slow(2)))
 *         .clients(10)
 *         .work(Work.exponential(Duration.ofMillis(20)))
 *         .callsPerSecond(1_000)
 *         .timeout(Duration.ofMillis(500))
 *         .calls(100_000)
 *         .compare(5, Variant.repeating("defaults", settings -> settings.retry(Retry.upTo(3))),
 *                 Variant.repeating("round robin", settings -> settings.policy(Policy.roundRobin())));
 * }
 *
 * <p>Not thread-safe.
 */
public final class Scenario {

    private final String name;
    private final List<Script> replicas = new ArrayList<>();
    private int clients = 1;
    private List<String> zones = List.of("");
    private final List<Part> parts = new ArrayList<>();
    private Work work = Work.exponential(Duration.ofMillis(10));
    private double load = 0.5;
    private double callsPerSecond;
    private Gaps gaps = Gaps.poisson();
    private final List<Rush> rushes = new ArrayList<>();
    private long calls = 100_000;
    private double warmUp = 0.2;
    private long networkNanos;
    private long timeoutNanos = Long.MAX_VALUE;
    private long lateNanos = Long.MAX_VALUE;

    private Scenario(String name) {
        this.name = name;
    }

    /** A scenario without replicas yet; one client, exponential work of 10 ms, half loaded, 100,000 calls. */
    public static Scenario of(String name) {
        return new Scenario(name);
    }

    /** The same under another name, to be changed. */
    Scenario copy(String name) {
        Scenario copy = new Scenario(name);
        copy.replicas.addAll(replicas);
        copy.clients = clients;
        copy.zones = zones;
        copy.parts.addAll(parts);
        copy.work = work;
        copy.load = load;
        copy.callsPerSecond = callsPerSecond;
        copy.gaps = gaps;
        copy.rushes.addAll(rushes);
        copy.calls = calls;
        copy.warmUp = warmUp;
        copy.networkNanos = networkNanos;
        copy.timeoutNanos = timeoutNanos;
        copy.lateNanos = lateNanos;
        return copy;
    }

    /** Adds {@code n} replicas that follow {@code script}. */
    public Scenario replicas(int n, Script script) {
        replicas.addAll(Collections.nCopies(n, script));
        return this;
    }

    /** How many clients there are, each with a state of its own; every call is made by one of them at random. */
    public Scenario clients(int n) {
        this.clients = (int) atLeast(1, "clients", n);
        return this;
    }

    /** The zones that clients are in, by turns; default none. Each balancer is told its client's. */
    public Scenario zones(String... zones) {
        atLeast(1, "the number of zones", zones.length);
        this.zones = List.of(zones);
        return this;
    }

    /** Also counts the calls made from {@code start} to {@code end} by themselves: {@link Figures#parts}, in this order. */
    public Scenario part(Duration start, Duration end) {
        parts.add(new Part(start.toNanos(), end.toNanos()));
        return this;
    }

    /** What calls are. */
    public Scenario work(Work work) {
        this.work = work;
        return this;
    }

    /** So many calls as use this part of what the replicas can do as they start; default a half. */
    public Scenario load(double load) {
        this.load = above0("load", load);
        this.callsPerSecond = 0;
        return this;
    }

    /** How many calls all clients make together; in place of a {@link #load}. */
    public Scenario callsPerSecond(double callsPerSecond) {
        this.callsPerSecond = above0("callsPerSecond", callsPerSecond);
        return this;
    }

    /** How calls follow each other; default {@link Gaps#poisson}. */
    public Scenario gaps(Gaps gaps) {
        this.gaps = gaps;
        return this;
    }

    /** From {@code start} on, for {@code length}, {@code factor} times as many calls come. */
    public Scenario rush(Duration start, Duration length, double factor) {
        rushes.add(new Rush(start.toNanos(), start.plus(length).toNanos(), above0("factor", factor)));
        return this;
    }

    /** How many calls to make, of which the first fifth is not measured; see {@link #warmUp}. */
    public Scenario calls(long calls) {
        this.calls = atLeast(1, "calls", calls);
        return this;
    }

    /** The share of the calls, the first of them, that are not measured. */
    public Scenario warmUp(double share) {
        if (!(share >= 0 && share < 1)) {
            throw new IllegalArgumentException("warmUp is " + share + ", but must be at least 0 and less than 1");
        }
        this.warmUp = share;
        return this;
    }

    /** How long the network takes each way; default none. */
    public Scenario network(Duration oneWay) {
        this.networkNanos = atLeast(0, "network", oneWay.toNanos());
        return this;
    }

    /** How long one attempt waits for its answer, and then fails; default for ever. */
    public Scenario timeout(Duration timeout) {
        this.timeoutNanos = atLeast(1, "timeout", timeout.toNanos());
        return this;
    }

    /** Answers after {@code time} count as lost; the calls go on. */
    public Scenario late(Duration time) {
        this.lateNanos = atLeast(1, "late", time.toNanos());
        return this;
    }

    /** Runs every variant {@code seeds} times; those of the same seed meet the same calls and the same replicas. */
    public Comparison compare(int seeds, Variant... variants) {
        return compare(seeds, List.of(variants));
    }

    /** The same for a list of variants. */
    public Comparison compare(int seeds, List<Variant> variants) {
        atLeast(1, "seeds", seeds);
        atLeast(1, "the number of variants", variants.size());
        Map<String, List<Figures>> figures = new LinkedHashMap<>();
        for (Variant variant : variants) {
            List<Figures> runs = new ArrayList<>();
            for (int seed = 1; seed <= seeds; seed++) {
                runs.add(run(variant, seed));
            }
            figures.put(variant.name(), runs);
        }
        return new Comparison(name, figures);
    }

    /** One run of one variant. */
    public Figures run(Variant variant, long seed) {
        if (replicas.isEmpty()) {
            throw new IllegalArgumentException(name + " has no replicas: call replicas(...)");
        }
        Streams streams = new Streams(seed);
        List<Script> scripts = replicas.stream().map(variant::replica).toList();
        World world = new World(streams, networkNanos, timeoutNanos, scripts, work.meanNanos(), this::zoneOf);
        Tally tally = new Tally(
                replicas.size(),
                clients,
                lateNanos,
                rushes.isEmpty()
                        ? null
                        : new Recovery(
                                rushes.getLast().startNanos(), rushes.getLast().endNanos()),
                parts.stream()
                        .map(part -> new Period(part.startNanos(), part.endNanos()))
                        .toList());
        long made = new Arrivals(world, variant, tally, this).run();
        return tally.figures((double) world.probes() / made);
    }

    /** What reports call it. */
    public String name() {
        return name;
    }

    // For the run.

    /** "" if there are none. */
    String zoneOf(int client) {
        return zones.get(client % zones.size());
    }

    int clients() {
        return clients;
    }

    Work work() {
        return work;
    }

    long calls() {
        return calls;
    }

    long unmeasured() {
        return (long) (calls * warmUp);
    }

    Gaps gaps() {
        return gaps;
    }

    /** The mean time between calls while there is no rush. */
    double meanGapNanos() {
        return callsPerSecond > 0 ? 1e9 / callsPerSecond : work.meanNanos() / (load * capacity());
    }

    private double capacity() {
        double capacity = replicas.stream()
                .filter(script -> script.listed().at(0))
                .mapToDouble(Script::capacity)
                .sum();
        if (!(capacity > 0 && capacity < Script.UNLIMITED)) {
            throw new IllegalArgumentException(name + ": no load can be made of replicas that can do " + capacity
                    + " works at once: set callsPerSecond");
        }
        return capacity;
    }

    /** How many times the usual calls come at a time. */
    double rushAt(long nanos) {
        double factor = 1;
        for (Rush rush : rushes) {
            factor *= nanos >= rush.startNanos() && nanos < rush.endNanos() ? rush.factor() : 1;
        }
        return factor;
    }

    /** How long to wait for the last calls: one that takes longer hangs for ever. */
    long patienceNanos() {
        return timeoutNanos < Long.MAX_VALUE ? 20 * timeoutNanos : (long) (20_000 * work.meanNanos());
    }

    private static long atLeast(long least, String what, long value) {
        if (value < least) {
            throw new IllegalArgumentException(what + " is " + value + ", but must be at least " + least);
        }
        return value;
    }

    private static double above0(String what, double value) {
        if (!(value > 0 && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(what + " is " + value + ", but must be above 0 and finite");
        }
        return value;
    }

    /** A time that is looked at by itself. */
    private record Part(long startNanos, long endNanos) {}

    /** A time in which more calls come. */
    private record Rush(long startNanos, long endNanos, double factor) {}
}
