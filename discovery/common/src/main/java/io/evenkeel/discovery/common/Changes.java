package io.evenkeel.discovery.common;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the threads of a registry's client hand over to the thread of a watch: changes, and that there will be no more.
 *
 * <p>Threads: any may add, one takes.
 */
public final class Changes<T> {

    /** Whoever is further behind, because its listener blocks, is better off to read all anew than to catch up. */
    static final int MOST = 100_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<T> waiting = new ArrayList<>();
    private @Nullable Exception end;

    /** None yet. */
    public Changes() {}

    /** Adds a change; one too many is the end. Returns at once. */
    public void add(T change) {
        locked(() -> {
            if (waiting.size() == MOST) {
                endNow(new IOException("more than " + MOST + " changes waited to be read"));
            } else if (end == null) {
                waiting.add(change);
            }
        });
    }

    /** Says that there will be no more, and why; the first reason counts. Returns at once. */
    public void end(Exception why) {
        locked(() -> endNow(why));
    }

    private void endNow(Exception why) {
        end = end == null ? why : end;
        waiting.clear();
    }

    private void locked(Runnable report) {
        lock.lock();
        try {
            report.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a change or the end, and then for what follows it, and takes all changes, in their order. The end is told no sooner either: a client is not to be
     * closed before it has done what it does after trouble.
     *
     * @param most how long to wait for the first
     * @param burst how long to wait then, always
     * @return none if none came
     * @throws Exception the reason why there will be no more, as it is
     */
    public List<T> take(Duration most, Duration burst) throws Exception {
        lock.lockInterruptibly();
        try {
            await(most, () -> !waiting.isEmpty() || end != null);
            if (!waiting.isEmpty() || end != null) {
                await(burst, () -> false);
            }
            if (end != null) {
                throw end;
            }
            List<T> all = List.copyOf(waiting);
            waiting.clear();
            return all;
        } finally {
            lock.unlock();
        }
    }

    private void await(Duration most, BooleanSupplier done) throws InterruptedException {
        for (long left = most.toNanos(); left > 0 && !done.getAsBoolean(); ) {
            left = news.awaitNanos(left);
        }
    }
}
