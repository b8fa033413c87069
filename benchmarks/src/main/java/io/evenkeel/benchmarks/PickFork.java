package io.evenkeel.benchmarks;

import com.sun.management.ThreadMXBean;
import io.evenkeel.Breaker;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.lang.management.ManagementFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures picks in a JVM of its own, which prints its samples. With and without breakers are measured in different JVMs:
 * an application has one or the other, and in one JVM each would spoil the other's compiled code.
 */
final class PickFork {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int BATCH = 500;
    /** So many that most windows hold a failure, and so few that no breaker opens. */
    static final int FAIL_ONE_IN = 20;

    private static final int WARM_UP_ROUNDS = 15;

    private final ExecutorService executor = Executors.newFixedThreadPool(2, task -> {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, Pick> picks;
    private final long sliceNanos;
    /** Where sums go, lest they be optimised away. */
    @SuppressWarnings("UnusedVariable")
    private volatile long sink;

    private PickFork(Map<String, Pick> picks, long sliceNanos) {
        this.picks = picks;
        this.sliceNanos = sliceNanos;
    }

    /** Which picks, replicas, rounds, milliseconds a slice, seed of the order. */
    public static void main(String[] args) throws Exception {
        Map<String, Pick> picks = picks(args[0], Integer.parseInt(args[1]));
        PickFork fork = new PickFork(picks, Long.parseLong(args[3]) * 1_000_000);
        Rounds.run(fork.slices(1), WARM_UP_ROUNDS, 0);
        for (int threads = 1; threads <= 2; threads++) {
            Rounds.run(fork.slices(threads), Integer.parseInt(args[2]), Long.parseLong(args[4]))
                    .print();
        }
    }

    private static Map<String, Pick> picks(String set, int replicas) throws Exception {
        Map<String, Pick> picks = new LinkedHashMap<>();
        switch (set) {
            case "defaults" -> {
                picks.put("round robin", new Floors.RoundRobin(replicas));
                picks.put("two choices", new Floors.TwoChoices(replicas));
                picks.put("bare breaker", new Floors.BareBreaker(replicas, Pick.NONE));
                picks.put("two clock reads", new Floors.TwoClockReads());
                picks.put("together", new Floors.Together(replicas));
                picks.put("evenkeel", evenkeel(Breaker.defaults(), replicas, Pick.NONE));
            }
            case "failures" -> {
                picks.put("two choices", new Floors.TwoChoices(replicas));
                picks.put("bare breaker", new Floors.BareBreaker(replicas, FAIL_ONE_IN));
                picks.put("two clock reads", new Floors.TwoClockReads());
                picks.put("evenkeel", evenkeel(Breaker.defaults(), replicas, FAIL_ONE_IN));
            }
            case "no breaker" -> {
                picks.put("two choices", new Floors.TwoChoices(replicas));
                picks.put("two clock reads", new Floors.TwoClockReads());
                picks.put("evenkeel", evenkeel(Breaker.off(), replicas, Pick.NONE));
            }
            case "growth" -> {
                picks.put("two choices of 10", new Floors.TwoChoices(10));
                picks.put("two choices", new Floors.TwoChoices(replicas));
                picks.put("evenkeel of 10", evenkeel(Breaker.defaults(), 10, Pick.NONE));
                picks.put("evenkeel", evenkeel(Breaker.defaults(), replicas, Pick.NONE));
            }
            default -> {
                Peers peers = Peers.present().orElseThrow(() -> new IllegalArgumentException(set));
                picks.put("two choices", new Floors.TwoChoices(replicas));
                picks.put("bare breaker", new Floors.BareBreaker(replicas, Pick.NONE));
                picks.put("two clock reads", new Floors.TwoClockReads());
                picks.put(
                        "evenkeel",
                        new EvenkeelPick(
                                LoadBalancer.builder("orders").policy(Policy.adaptive()), replicas, Pick.NONE));
                picks.put(set, peers.pick(set, replicas));
            }
        }
        return picks;
    }

    private static Pick evenkeel(Breaker breaker, int replicas, int failOneIn) {
        return new EvenkeelPick(LoadBalancer.builder("orders").breaker(breaker), replicas, failOneIn);
    }

    private Map<String, Rounds.Slice> slices(int threads) {
        Map<String, Rounds.Slice> slices = new LinkedHashMap<>();
        picks.forEach((name, pick) -> slices.put(name + "/" + threads, () -> slice(pick, threads)));
        slices.put("evenkeel again/" + threads, () -> slice(picks.getOrDefault("evenkeel", times -> 0), threads));
        return slices;
    }

    private Map<String, Double> slice(Pick pick, int threads) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        Callable<Map<String, Double>> task = () -> {
            start.await();
            return measure(pick);
        };
        Future<Map<String, Double>> other = threads == 2 ? executor.submit(task) : null;
        Map<String, Double> mine = executor.submit(task).get();
        if (other != null) {
            other.get().forEach((metric, value) -> mine.merge(metric, value, (a, b) -> (a + b) / 2));
        }
        return mine;
    }

    /** Half a slice goes to refilling the caches, which the variant before has emptied. */
    private Map<String, Double> measure(Pick pick) throws Exception {
        long refilled = System.nanoTime() + sliceNanos / 2;
        while (System.nanoTime() < refilled) {
            sink = pick.run(BATCH);
        }
        long id = Thread.currentThread().threadId();
        long operations = 0;
        long bytes = THREADS.getThreadAllocatedBytes(id);
        long cpu = THREADS.getCurrentThreadCpuTime();
        long start = System.nanoTime();
        long elapsed;
        do {
            sink = pick.run(BATCH);
            operations += BATCH;
            elapsed = System.nanoTime() - start;
        } while (elapsed < sliceNanos);
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("ns", (double) elapsed / operations);
        result.put("cpu", (double) (THREADS.getCurrentThreadCpuTime() - cpu) / operations);
        result.put("bytes", (double) (THREADS.getThreadAllocatedBytes(id) - bytes) / operations);
        return result;
    }
}
