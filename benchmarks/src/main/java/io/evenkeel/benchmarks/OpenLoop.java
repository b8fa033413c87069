package io.evenkeel.benchmarks;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Calls at constant intervals, whether or not those before were answered, those that block on a virtual thread each. Latency counts from when
 * a call should have begun, so that what delays the caller itself is not left out.
 */
final class OpenLoop {

    private static final int RATE = 1_000;
    private static final long LATE_NANOS = 1_000_000;

    private final Contender contender;
    private final long[] latencies;
    private final boolean[] late;
    private final boolean[] failed;
    private final int[] ports;
    private final CountDownLatch open;

    private OpenLoop(Contender contender, int calls) {
        this.contender = contender;
        latencies = new long[calls];
        late = new boolean[calls];
        failed = new boolean[calls];
        ports = new int[calls];
        open = new CountDownLatch(calls);
    }

    /** How many calls begin in this time. */
    static int callsIn(int millis) {
        return millis * RATE / 1_000;
    }

    /** Makes {@code before} calls, and {@code after} calls from {@code event} on; returns when all have ended. */
    static OpenLoop run(Contender contender, int before, Callable<?> event, int after) throws Exception {
        return run(contender, RATE, before, event, after);
    }

    /** The same with so many calls a second. */
    static OpenLoop run(Contender contender, int rate, int before, Callable<?> event, int after) throws Exception {
        long gap = 1_000_000_000L / rate;
        OpenLoop loop = new OpenLoop(contender, before + after);
        Future<?> happening = CompletableFuture.completedFuture(null);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            long start = System.nanoTime() + gap;
            for (int call = 0; call < before + after; call++) {
                long intended = start + call * gap;
                for (long left = intended - System.nanoTime(); left > 0; left = intended - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (call == before) {
                    happening = callers.submit(event);
                }
                int number = call;
                if (contender.blocks()) {
                    callers.execute(() -> loop.call(number, intended));
                } else {
                    loop.call(number, intended);
                }
            }
        }
        loop.open.await();
        happening.get();
        return loop;
    }

    private void call(int number, long intended) {
        late[number] = System.nanoTime() - intended > LATE_NANOS;
        contender.call().whenComplete((answer, failure) -> {
            latencies[number] = System.nanoTime() - intended;
            failed[number] = failure != null || answer.status() != 200;
            ports[number] = failure != null ? 0 : answer.port();
            open.countDown();
        });
    }

    int calls() {
        return latencies.length;
    }

    /** Calls that saw anything but a 200. */
    long failures() {
        return IntStream.range(0, failed.length).filter(call -> failed[call]).count();
    }

    /** Some of the calls in a row. */
    Window window(int from, int calls) {
        long[] sorted = Arrays.copyOfRange(latencies, from, from + calls);
        Arrays.sort(sorted);
        return new Window(
                sorted,
                percent(calls, i -> late[from + i]),
                percent(calls, i -> failed[from + i]),
                Arrays.copyOfRange(ports, from, from + calls));
    }

    private static double percent(int calls, IntPredicate which) {
        return 100.0 * IntStream.range(0, calls).filter(which).count() / calls;
    }

    /**
     * Calls that began in a stretch of time.
     *
     * @param latencies in nanoseconds, sorted
     * @param late percentage of the calls that began more than a millisecond late
     * @param failed percentage of the calls that saw anything but a 200
     * @param ports who answered
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Window(long[] latencies, double late, double failed, int[] ports) {

        /** In milliseconds. */
        double percentile(double percent) {
            int rank = (int) Math.ceil(percent / 100 * latencies.length);
            return latencies[Math.max(rank, 1) - 1] / 1e6;
        }

        /** Percentage that one origin answered. */
        double share(int port) {
            return percent(ports.length, i -> ports[i] == port);
        }
    }
}
