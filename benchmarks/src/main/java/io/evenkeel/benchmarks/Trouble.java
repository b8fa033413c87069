package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.Limit;
import io.evenkeel.balance.LoadBalancer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Something that happens to a fleet, and is mended.
 *
 * @param name what happens
 * @param kind what it happens to, and what may come of it
 * @param repeatable whether the calls may be repeated
 * @param setting the fleet to which it happens
 * @param happens returns when it has begun
 * @param mend returns when it is over
 */
record Trouble(String name, Kind kind, boolean repeatable, Setting setting, Deed happens, Deed mend) {

    private static final Setting USUAL =
            new Setting(5, new WaitingOrigin.Behaviour(200, 32, 4_000, 25), 0, false, builder -> builder);
    /** Five replicas that can do 500 calls a second together, of which there are 400. */
    private static final Setting BUSY =
            new Setting(5, new WaitingOrigin.Behaviour(200, 1, 10_000, 25), 400, false, builder -> builder);

    private static final int CAPACITY = 500;

    /** What it happens to, and what may come of it. */
    enum Kind {
        /** One replica is of no use: repeatable calls must not fail, and few may still begin there once that is known. */
        ONE_DEAD(true),
        /** One replica works badly: repeatable calls must not fail. */
        ONE_POOR(true),
        /** One replica gives answers that callers are to see. */
        ONE_WRONG(false),
        /** The list, or the clock: calls must not fail. */
        NO_REPLICA(true),
        /** More than one replica: calls may fail. */
        MANY(false),
        /** More calls than the replicas can serve: calls may fail, but not for long after. */
        RUSH(false);

        final boolean lossless;

        Kind(boolean lossless) {
            this.lossless = lossless;
        }

        boolean isOfOne() {
            return this == ONE_DEAD || this == ONE_POOR || this == ONE_WRONG;
        }
    }

    /**
     * A fleet.
     *
     * @param replicas how many
     * @param well how each behaves as long as all is well
     * @param rate calls a second, 0 for as many as usual
     * @param zoned whether the first half is in the client's own zone, and the other in another
     * @param settings of the balancer
     */
    record Setting(
            int replicas,
            WaitingOrigin.Behaviour well,
            int rate,
            boolean zoned,
            UnaryOperator<LoadBalancer.Builder> settings) {

        Setting with(UnaryOperator<LoadBalancer.Builder> more) {
            return new Setting(replicas, well, rate, zoned, more);
        }

        Setting of(int count) {
            return new Setting(count, well, rate, zoned, settings);
        }

        Setting inTwoZones() {
            return new Setting(replicas, well, rate, true, settings);
        }
    }

    @FunctionalInterface
    interface Deed {
        void to(ChaosFleet fleet) throws Exception;
    }

    /** Whether it needs a network of its own. */
    boolean isOfPackets() {
        return name.contains("packets");
    }

    static Optional<Trouble> named(String name, int millis) {
        return all(millis).stream().filter(trouble -> trouble.name.equals(name)).findFirst();
    }

    /** All, of which those that are a course of events take about so long. */
    static List<Trouble> all(int millis) {
        List<Trouble> all = new ArrayList<>();
        ofOne(all, "is killed", Kind.ONE_DEAD, ChaosFleet::killFirst, ChaosFleet::restartFirst);
        ofOne(all, "is stopped", Kind.ONE_DEAD, fleet -> fleet.signal("STOP"), fleet -> fleet.signal("CONT"));
        ofOne(all, "refuses connections", Kind.ONE_DEAD, FaultProxy.Fault.REFUSED);
        ofOne(all, "accepts, and hangs", Kind.ONE_DEAD, FaultProxy.Fault.HANGS);
        ofOne(all, "accepts nobody, and its queue is full", Kind.ONE_DEAD, FaultProxy.Fault.FULL);
        ofOne(all, "gets no packets", Kind.ONE_DEAD, fleet -> fleet.loseFirst(100), ChaosFleet::loseNone);
        ofOne(all, "loses 30 % of its packets", Kind.ONE_POOR, fleet -> fleet.loseFirst(30), ChaosFleet::loseNone);
        ofOne(all, "takes 200 ms more", Kind.ONE_POOR, FaultProxy.Fault.SLOW);
        ofOne(all, "answers 503 at once", Kind.ONE_POOR, fleet -> fleet.become(0, 503), fleet -> fleet.become(0, 200));
        ofOne(all, "answers 500 at once", Kind.ONE_WRONG, fleet -> fleet.become(0, 500), fleet -> fleet.become(0, 200));
        ofOne(all, "resets in the body", Kind.ONE_WRONG, FaultProxy.Fault.RESET);
        ofOne(all, "sends a byte of the body a second", Kind.ONE_WRONG, FaultProxy.Fault.TRICKLES);
        one(all, "the list is empty", Kind.NO_REPLICA, USUAL, fleet -> fleet.list(List.of()), ChaosFleet::listAll);
        one(all, "the registry is down", Kind.NO_REPLICA, USUAL, ChaosFleet::failSource, ChaosFleet::listAll);
        one(
                all,
                "three of five are gone from the list, and live",
                Kind.NO_REPLICA,
                USUAL,
                fleet -> fleet.list(fleet.endpoints().subList(3, 5)),
                ChaosFleet::listAll);
        one(
                all,
                "the clock jumps an hour ahead, and back",
                Kind.NO_REPLICA,
                USUAL,
                fleet -> fleet.jump(TimeUnit.HOURS.toNanos(1)),
                fleet -> fleet.jump(-TimeUnit.HOURS.toNanos(1)));
        one(all, "each is replaced in turn", Kind.NO_REPLICA, USUAL, fleet -> deploy(fleet, millis), fleet -> {});
        one(
                all,
                "each is killed in turn, and replaced",
                Kind.NO_REPLICA,
                USUAL,
                fleet -> deployWithoutNotice(fleet, millis),
                fleet -> {});
        one(
                all,
                "two of five refuse connections",
                Kind.MANY,
                USUAL,
                fleet -> fleet.refuse(2),
                fleet -> fleet.refuse(0));
        one(
                all,
                "seven of ten refuse connections",
                Kind.MANY,
                USUAL.of(10),
                fleet -> fleet.refuse(7),
                fleet -> fleet.refuse(0));
        one(
                all,
                "the own zone refuses connections",
                Kind.MANY,
                USUAL.of(6).inTwoZones(),
                fleet -> fleet.refuse(3),
                fleet -> fleet.refuse(0));
        one(
                all,
                "all answer 503 at once",
                Kind.MANY,
                USUAL,
                fleet -> fleet.becomeAll(503),
                fleet -> fleet.becomeAll(200));
        rushes(all, millis);
        return all;
    }

    private static void ofOne(List<Trouble> all, String name, Kind kind, FaultProxy.Fault fault) {
        ofOne(
                all,
                name,
                kind,
                fleet -> fleet.first().set(fault),
                fleet -> fleet.first().set(FaultProxy.Fault.NONE));
    }

    private static void ofOne(List<Trouble> all, String name, Kind kind, Deed happens, Deed mend) {
        all.add(new Trouble("one of five " + name, kind, true, USUAL, happens, mend));
        all.add(new Trouble("one of five " + name + ", calls not to be repeated", kind, false, USUAL, happens, mend));
    }

    private static void one(List<Trouble> all, String name, Kind kind, Setting setting, Deed happens, Deed mend) {
        all.add(new Trouble(name, kind, true, setting, happens, mend));
    }

    private static void rushes(List<Trouble> all, int millis) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        settings.put("", BUSY);
        settings.put(", with a limit", BUSY.with(builder -> builder.limit(Limit.adaptive())));
        settings.put(
                ", with a limit and a queue",
                BUSY.with(builder -> builder.limit(Limit.adaptive().withQueue(50))));
        for (int times = 2; times <= 3; times++) {
            int more = times * CAPACITY - BUSY.rate;
            String name = "a rush of " + times + " times what they can do";
            settings.forEach((with, setting) ->
                    one(all, name + with, Kind.RUSH, setting, fleet -> rush(fleet, more, millis), ChaosFleet::endRush));
        }
    }

    private static void rush(ChaosFleet fleet, int rate, int millis) {
        fleet.rush(CompletableFuture.supplyAsync(() -> {
            try {
                return OpenLoop.run(fleet, rate, 0, () -> null, rate * millis / 1_000);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }));
    }

    /** One after the other leaves the list, ends when nothing is in flight there, and comes back as another. */
    private static void deploy(ChaosFleet fleet, int millis) throws Exception {
        int replicas = fleet.endpoints().size();
        for (int i = 0; i < replicas; i++) {
            Endpoint leaving = fleet.endpoints().get(i);
            List<Endpoint> left = new ArrayList<>(fleet.endpoints());
            left.remove(leaving);
            fleet.balancer().drain(leaving).get();
            fleet.list(left);
            fleet.replace(i);
            fleet.listAll();
            Thread.sleep(millis / replicas / 2);
        }
    }

    /** One after the other ends under its calls; the list names it until another has started in its place. */
    private static void deployWithoutNotice(ChaosFleet fleet, int millis) throws Exception {
        int replicas = fleet.endpoints().size();
        for (int i = 0; i < replicas; i++) {
            fleet.replace(i);
            fleet.listAll();
            Thread.sleep(millis / replicas / 2);
        }
    }
}
