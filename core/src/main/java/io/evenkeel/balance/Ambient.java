package io.evenkeel.balance;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Time, chance, threads and the outside world, handed in so that tests and simulations own them.
 *
 * @param scheduler runs what is ours, quickly
 * @param executor runs what calls go on with, which may be anybody's code and may block
 */
record Ambient(
        LongSupplier clock,
        Supplier<RandomGenerator> random,
        ScheduledExecutorService scheduler,
        Executor executor,
        Probe probe) {

    private static final Logger LOG = LoggerFactory.getLogger(LoadBalancer.class);

    /** For {@link #executor}, where all is to run on the scheduler. */
    static final Executor DIRECT = Runnable::run;

    /** Runs what calls go on with, and never within the caller's frames. */
    void soon(Runnable task) {
        Executor other = DIRECT.equals(executor) ? scheduler : executor;
        other.execute(task);
    }

    long nanoTime() {
        return clock.getAsLong();
    }

    /** Runs {@code task} later, on the scheduler; running what is returned takes it back. */
    Runnable later(long delayNanos, Runnable task) {
        Future<?> scheduled = scheduler.schedule(() -> logged(task), delayNanos, TimeUnit.NANOSECONDS);
        return () -> scheduled.cancel(false);
    }

    /** A scheduler keeps an exception to itself. */
    private static void logged(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            LOG.error("a background task failed", e);
            throw e;
        }
    }
}
