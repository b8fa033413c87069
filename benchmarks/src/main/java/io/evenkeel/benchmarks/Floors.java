package io.evenkeel.benchmarks;

import io.evenkeel.Breaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/** The smallest correct code for each part of a pick: what a balancer cannot be cheaper than. */
final class Floors {

    private Floors() {}

    /** A replica of the floors: a counter with a cache line (and its neighbour) of its own. */
    @SuppressWarnings("unused")
    static final class Node {

        private static final AtomicIntegerFieldUpdater<Node> IN_FLIGHT =
                AtomicIntegerFieldUpdater.newUpdater(Node.class, "inFlight");

        private long before1, before2, before3, before4, before5, before6, before7;
        private volatile int inFlight;
        private long after1, after2, after3, after4, after5, after6, after7;

        static Node[] array(int size) {
            return IntStream.range(0, size).mapToObj(i -> new Node()).toArray(Node[]::new);
        }
    }

    /** Resilience4j's breakers, set as Evenkeel sets its own. */
    private static CircuitBreaker[] breakers(int replicas) {
        Breaker defaults = Breaker.defaults();
        CircuitBreakerConfig config = CircuitBreakerConfig.custom()
                .slidingWindowSize(defaults.window())
                .minimumNumberOfCalls(defaults.minimumCalls())
                .build();
        return IntStream.range(0, replicas)
                .mapToObj(i -> CircuitBreaker.of("replica", config))
                .toArray(CircuitBreaker[]::new);
    }

    /** A counter, and nothing in flight. */
    static final class RoundRobin implements Pick {

        private final Node[] nodes;
        private final AtomicLong turn = new AtomicLong();

        RoundRobin(int replicas) {
            nodes = Node.array(replicas);
        }

        @Override
        public long run(int times) {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += once();
            }
            return sum;
        }

        int once() {
            return nodes[(int) Math.floorMod(turn.getAndIncrement(), (long) nodes.length)].inFlight;
        }
    }

    /** Of two distinct ones at random, the one with fewer in flight. */
    static final class TwoChoices implements Pick {

        private final Node[] nodes;

        TwoChoices(int replicas) {
            nodes = Node.array(replicas);
        }

        @Override
        public long run(int times) {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += once();
            }
            return sum;
        }

        int once() {
            Node chosen = nodes[choose(nodes)];
            Node.IN_FLIGHT.getAndIncrement(chosen);
            return Node.IN_FLIGHT.getAndDecrement(chosen);
        }

        static int choose(Node[] nodes) {
            long bits = ThreadLocalRandom.current().nextLong();
            int a = (int) (((bits >>> 32) * nodes.length) >>> 32);
            int b = (int) (((bits & 0xFFFF_FFFFL) * (nodes.length - 1)) >>> 32);
            int other = b >= a ? b + 1 : b;
            return nodes[other].inFlight < nodes[a].inFlight ? other : a;
        }
    }

    /** A breaker's permission and outcome, on one of as many as there are replicas. */
    static final class BareBreaker implements Pick {

        private final IOException failed = new IOException("failed");
        private final CircuitBreaker[] breakers;
        private final int failOneIn;

        BareBreaker(int replicas, int failOneIn) {
            this.breakers = breakers(replicas);
            this.failOneIn = failOneIn;
        }

        @Override
        public long run(int times) {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += once(i % failOneIn == 1);
            }
            return sum;
        }

        int once(boolean fails) {
            int index = ThreadLocalRandom.current().nextInt(breakers.length);
            CircuitBreaker breaker = breakers[index];
            if (breaker.tryAcquirePermission()) {
                if (fails) {
                    breaker.onError(index, TimeUnit.NANOSECONDS, failed);
                } else {
                    breaker.onSuccess(index, TimeUnit.NANOSECONDS);
                }
            }
            return index;
        }
    }

    /** When a call began, and when it was answered. */
    static final class TwoClockReads implements Pick {

        @Override
        public long run(int times) {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += once();
            }
            return sum;
        }

        long once() {
            long start = System.nanoTime();
            return System.nanoTime() - start;
        }
    }

    /**
     * The parts in one operation: of two, the one with fewer in flight, its breaker, and the clock before and after. More
     * than the sum of the parts where these miss the cache: a loop over one part lets the processor overlap the misses of
     * one turn with the next, and a clock read forbids that.
     */
    static final class Together implements Pick {

        private final Node[] nodes;
        private final CircuitBreaker[] breakers;

        Together(int replicas) {
            nodes = Node.array(replicas);
            breakers = breakers(replicas);
        }

        @Override
        public long run(int times) {
            long sum = 0;
            for (int i = 0; i < times; i++) {
                sum += once();
            }
            return sum;
        }

        long once() {
            long start = System.nanoTime();
            int chosen = TwoChoices.choose(nodes);
            CircuitBreaker breaker = breakers[chosen];
            Node.IN_FLIGHT.getAndIncrement(nodes[chosen]);
            boolean permitted = breaker.tryAcquirePermission();
            long latency = System.nanoTime() - start;
            Node.IN_FLIGHT.getAndDecrement(nodes[chosen]);
            if (permitted) {
                breaker.onSuccess(latency, TimeUnit.NANOSECONDS);
            }
            return latency;
        }
    }
}
