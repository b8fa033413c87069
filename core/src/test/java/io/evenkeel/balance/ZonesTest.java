package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Explanation;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZonesTest {

    private static final String OWN = "eu-1a";
    private static final double MILLI = 1e6;

    /** So many replicas in the own zone, and the rest elsewhere. */
    private static World world(int own, int all, Policy policy) {
        World world = new World(settings -> settings.policy(policy).zone(OWN));
        Endpoint[] list = new Endpoint[all];
        for (int i = 0; i < all; i++) {
            list[i] = World.endpoint(i + 1).withZone(i < own ? OWN : "eu-1b");
        }
        world.list(list);
        return world;
    }

    private static double ownShare(World world, int calls) {
        int own = 0;
        for (int i = 0; i < calls; i++) {
            try (Lease lease = world.acquire()) {
                own += lease.endpoint().zone().orElseThrow().equals(OWN) ? 1 : 0;
            }
        }
        return own / (double) calls;
    }

    @Test
    void theOwnZoneGetsAllButThreePercent() {
        // 97 % of 10,000, with a deviation of 17.
        assertThat(ownShare(world(3, 9, Policy.leastRequest()), 10_000)).isBetween(0.97 - 0.0085, 0.97 + 0.0085);
    }

    @Test
    void ofFewerThanSixReplicasZonesDoNotMatterNorWithoutAnyInTheOwn() {
        // 2 of 5: 4,000 of 10,000 with a deviation of 49.
        assertThat(ownShare(world(2, 5, Policy.random()), 10_000)).isBetween(0.4 - 0.0245, 0.4 + 0.0245);
        assertThat(ownShare(world(0, 9, Policy.random()), 100)).isZero();
        assertThat(ownShare(world(9, 9, Policy.random()), 100)).isEqualTo(1);
    }

    /** A zone may be down as a whole. */
    @Test
    void aRepeatGoesToAnotherZone() {
        World world = world(3, 9, Policy.leastRequest());
        for (int i = 1; i <= 9; i++) {
            Call call = Call.any().withTried(World.endpoint(i));
            String other = i <= 3 ? "eu-1b" : OWN;
            for (int n = 0; n < 20; n++) {
                try (Lease lease = world.acquire(call)) {
                    assertThat(lease.endpoint().zone()).contains(other);
                }
            }
        }
    }

    /** A policy that knows nothing of zones is asked up to four times. */
    @Test
    void aRepeatGoesToAnotherZoneAlsoWhereZonesDoNotMatter() {
        World world = new World(settings -> settings.policy(Policy.random()));
        Endpoint[] list = new Endpoint[9];
        Arrays.setAll(list, i -> World.endpoint(i + 1).withZone("zone-" + i / 3));
        world.list(list);
        Call call = Call.any().withTried(list[0]);
        int same = 0;
        for (int i = 0; i < 2_700; i++) {
            try (Lease lease = world.acquire(call)) {
                same += call.triedZoneOf(lease.endpoint()) ? 1 : 0;
            }
        }
        // What was tried falls to the next, which is of its zone, too: 2,700 / 3^4 = 33 by chance, with a deviation of
        // 5.7.
        assertThat(same).isBetween(33 - 29, 33 + 29);
    }

    @Test
    void aRepeatStaysInItsZoneWhereThereIsNoOther() {
        World world = world(3, 3, Policy.random());
        Call call = Call.any().withTried(World.endpoint(1).withZone(OWN));
        for (int i = 0; i < 20; i++) {
            try (Lease lease = world.acquire(call)) {
                assertThat(call.tried(lease.endpoint())).isFalse();
            }
        }
    }

    @Test
    void theOwnZoneGetsNoMoreThanItsHealthAllows() {
        World world = world(4, 12, Policy.random());
        world.refuse(1);
        world.refuse(2);
        // 1.4 times 2 of 4: 70 % of 10,000 with a deviation of 46.
        assertThat(ownShare(world, 10_000)).isBetween(0.7 - 0.023, 0.7 + 0.023);
        world.refuse(3);
        world.refuse(4);
        assertThat(ownShare(world, 100)).isZero();
        assertThat(world.balancer.stats().panic()).isFalse();
    }

    @Test
    void aRepeatLeavesTheOwnZoneWhenAllOfItWasTried() {
        World world = world(1, 9, Policy.leastRequest());
        Call call = Call.any().withTried(World.endpoint(1));
        for (int i = 0; i < 100; i++) {
            assertThat(world.acquire(call).endpoint().zone()).contains("eu-1b");
        }
    }

    @Test
    void keysIgnoreZones() {
        World world = world(3, 9, Policy.leastRequest());
        int own = 0;
        for (int key = 0; key < 900; key++) {
            Lease lease = world.acquire(Call.any().withKey("user-" + key));
            own += lease.endpoint().zone().orElseThrow().equals(OWN) ? 1 : 0;
            lease.complete(Outcome.SUCCESS);
        }
        assertThat(own).isBetween(200, 400);
    }

    @Test
    void peopleAreToldWhatZonesGet() {
        Explanation explanation = world(3, 9, Policy.leastRequest()).balancer.explain(Call.any());
        assertThat(explanation.candidates().get(0).reason()).isEqualTo("the own zone gets 97.0 % of the calls");
        assertThat(explanation.candidates().get(8).reason()).isEqualTo("other zones get 3.0 % of the calls");
        assertThat(explanation.candidates()).allMatch(Explanation.Candidate::eligible);
    }

    /** Replicas with one worker and a queue each, and one client's calls at random times. */
    private static final class Queues {

        final World world;
        final Random random = new Random(11);
        final double meanNanos = 10 * MILLI;
        final Map<String, Long> freeAt = new HashMap<>();
        final List<Lease> hanging = new ArrayList<>();
        String hangs = "";
        int own;
        int all;
        int hung;
        double ownWait;
        double wait;

        Queues(World world) {
            this.world = world;
        }

        /** Calls with this many, on average, under work at once, for a time; then counts anew. */
        void run(Duration length, double load) {
            own = all = hung = 0;
            ownWait = wait = 0;
            long end = world.time.getAsLong() + length.toNanos();
            while (world.time.getAsLong() < end) {
                double gap = exponential() * meanNanos / load;
                world.pass(Duration.ofNanos((long) gap));
                call();
            }
        }

        private void call() {
            Lease lease = world.acquire();
            String zone = lease.endpoint().zone().orElseThrow();
            boolean isOwn = zone.equals(OWN);
            all++;
            own += isOwn ? 1 : 0;
            if (zone.equals(hangs)) {
                hung++;
                hanging.add(lease);
                return;
            }
            long now = world.time.getAsLong();
            long begin = Math.max(now, freeAt.getOrDefault(lease.endpoint().id(), 0L));
            long end = begin + (long) (exponential() * meanNanos);
            freeAt.put(lease.endpoint().id(), end);
            wait += end - now;
            ownWait += isOwn ? end - now : 0;
            world.time.schedule(() -> lease.complete(Outcome.SUCCESS), end - now, TimeUnit.NANOSECONDS);
        }

        private double exponential() {
            return -Math.log(1 - random.nextDouble());
        }

        double share() {
            return own / (double) all;
        }

        double ownLatency() {
            return ownWait / own / meanNanos;
        }

        double otherLatency() {
            return (wait - ownWait) / (all - own) / meanNanos;
        }
    }

    @Test
    void callsStayInAZoneThatCanTakeThem() {
        Queues queues = new Queues(world(5, 15, Policy.leastRequest()));
        queues.run(Duration.ofSeconds(60), 2);
        assertThat(queues.share()).isGreaterThan(0.9);
        assertThat(queues.world.events(Observer.ZoneSpillChanged.class)).isEmpty();
    }

    @Test
    void aLoneReplicaOfTheOwnZoneIsNotOverloadedByNineElsewhere() {
        Queues queues = new Queues(world(1, 10, Policy.leastRequest()));
        queues.run(Duration.ofSeconds(20), 7);
        assertThat(queues.ownLatency()).isLessThan(20);
        List<Double> shares = new ArrayList<>();
        for (int part = 0; part < 6; part++) {
            queues.run(Duration.ofSeconds(20), 7);
            shares.add(queues.share());
            assertThat(queues.ownLatency()).isLessThan(2.5 * queues.otherLatency());
        }
        // An even share would be 10 %: it neither swings nor starves.
        assertThat(shares).allSatisfy(share -> assertThat(share).isBetween(0.03, 0.15));
        assertThat(queues.world.events(Observer.ZoneSpillChanged.class)).hasSize(1);
    }

    @Test
    void aZoneThatHangsIsLeftWithinTensOfLatenciesAndTakenBackWhenItAnswers() {
        Queues queues = new Queues(world(5, 15, Policy.leastRequest()));
        queues.run(Duration.ofSeconds(20), 2);
        queues.hangs = OWN;
        queues.run(Duration.ofSeconds(60), 2);
        int sentWithinThirtyLatencies = 60;
        assertThat(queues.hung).isLessThan(sentWithinThirtyLatencies + queues.all / 100);
        assertThat(queues.world.events(Observer.ZoneSpillChanged.class)).hasSize(1);
        queues.hangs = "";
        queues.hanging.forEach(lease -> lease.complete(Outcome.IGNORED));
        queues.run(Duration.ofMinutes(2), 2);
        queues.run(Duration.ofSeconds(20), 2);
        assertThat(queues.share()).isGreaterThan(0.9);
        assertThat(queues.world.events(Observer.ZoneSpillChanged.class)).hasSize(2);
    }

    /** A stream, a long poll, or one that hangs: it is no sign of a slow zone, neither while it is open nor when it ends. */
    @ParameterizedTest
    @ValueSource(doubles = {0.1, 0.5, 2})
    void aFewCallsThatTakeForEverDoNotSendTheOwnZoneAway(double load) {
        Queues queues = new Queues(world(5, 15, Policy.leastRequest()));
        queues.run(Duration.ofSeconds(20), load);
        List<Lease> endless = new ArrayList<>();
        while (endless.size() < 3) {
            endless.add(queues.world.acquire(endless.size() + 1));
        }
        queues.run(Duration.ofMinutes(1), load);
        assertThat(queues.share()).isGreaterThan(0.9);
        endless.forEach(lease -> lease.complete(Outcome.SUCCESS));
        queues.run(Duration.ofSeconds(20), load);
        assertThat(queues.share()).isGreaterThan(0.9);
        assertThat(queues.world.events(Observer.ZoneSpillChanged.class)).isEmpty();
    }

    @Test
    void whenOtherZonesHangFewerCallsProbeThem() {
        Queues queues = new Queues(world(5, 15, Policy.leastRequest()));
        queues.run(Duration.ofSeconds(20), 2);
        queues.hangs = "eu-1b";
        queues.run(Duration.ofSeconds(60), 2);
        assertThat(queues.share()).isGreaterThan(0.99);
    }

    /**
     * To 1.024 us for each open call and its end; also while the clock overflows, and the sum of the starts, as it often does. Calls
     * end in the order in which they began, so that none takes ten mean latencies, beyond which it would not be counted.
     */
    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 2_500_000_000L, -2_500_000_000L, (1L << 53) - 2_500_000_000L})
    void whatCallsHaveSpentIsExactWhereverTheClockIs(long start) {
        Zoning zoning = new Zoning(OWN, () -> {}, start);
        Random random = new Random(3);
        List<Long> open = new ArrayList<>();
        long now = start;
        double ended = 0;
        for (int i = 0; i < 10_000; i++) {
            now += random.nextInt(1_000_000);
            if (open.isEmpty() || random.nextBoolean()) {
                open.add(now);
                zoning.own().began(now);
            } else {
                long latency = now - open.removeFirst();
                ended += latency;
                zoning.own().answered(Outcome.SUCCESS, latency, now);
            }
            long last = now;
            double ages = open.stream().mapToDouble(began -> last - began).sum();
            assertThat(zoning.own().spentNanos(now)).isCloseTo(ended + ages, within(1_024.0 * (open.size() + 1)));
        }
        for (long began : open) {
            zoning.own().answered(Outcome.IGNORED, now - began, now);
        }
        assertThat(zoning.own().isClear()).isTrue();
    }
}
