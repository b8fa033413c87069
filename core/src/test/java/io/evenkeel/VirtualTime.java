package io.evenkeel;

import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Time that passes only when a test says so: a clock, and the scheduler that runs by it, on the thread that calls
 * {@link #advance}. Scheduling is safe from any thread.
 */
public final class VirtualTime extends AbstractExecutorService implements ScheduledExecutorService, LongSupplier {

    private final ReentrantLock lock = new ReentrantLock();
    private final PriorityQueue<Task<?>> tasks = new PriorityQueue<>();

    private volatile long now;

    private long sequence;

    public VirtualTime() {
        this(0);
    }

    /** Time that begins at any value, such as one close to an overflow. */
    public VirtualTime(long now) {
        this.now = now;
    }

    @Override
    public long getAsLong() {
        return now;
    }

    /** Lets time pass, running what falls due, in order, each at its time. */
    public void advance(Duration duration) {
        long end = now + duration.toNanos();
        for (Task<?> due = nextUntil(end); due != null; due = nextUntil(end)) {
            now = now - due.atNanos < 0 ? due.atNanos : now;
            due.run();
        }
        now = end;
    }

    /** Lets time pass without running anything: what falls due is late. */
    public void jump(Duration duration) {
        long later = now + duration.toNanos();
        now = later;
    }

    /** Runs what is due now. */
    public void settle() {
        advance(Duration.ZERO);
    }

    /** How many tasks wait that were not cancelled. */
    public int waiting() {
        lock.lock();
        try {
            return (int) tasks.stream().filter(task -> !task.isCancelled()).count();
        } finally {
            lock.unlock();
        }
    }

    private Task<?> nextUntil(long end) {
        lock.lock();
        try {
            return tasks.isEmpty() || tasks.peek().atNanos - end > 0 ? null : tasks.poll();
        } finally {
            lock.unlock();
        }
    }

    private <T> Task<T> add(Callable<T> work, long delay, TimeUnit unit) {
        lock.lock();
        try {
            Task<T> task = new Task<>(work, now + Math.max(0, unit.toNanos(delay)), sequence++);
            tasks.add(task);
            return task;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return add(
                () -> {
                    command.run();
                    return true;
                },
                delay,
                unit);
    }

    @Override
    public <T> ScheduledFuture<T> schedule(Callable<T> callable, long delay, TimeUnit unit) {
        return add(callable, delay, unit);
    }

    @Override
    public void execute(Runnable command) {
        schedule(command, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    private final class Task<T> extends FutureTask<T> implements RunnableScheduledFuture<T> {

        private final long atNanos;
        private final long sequence;

        Task(Callable<T> work, long atNanos, long sequence) {
            super(work);
            this.atNanos = atNanos;
            this.sequence = sequence;
        }

        @Override
        public boolean isPeriodic() {
            return false;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(atNanos - now, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            Task<?> that = (Task<?>) other;
            int byTime = Long.compare(atNanos - that.atNanos, 0);
            return byTime != 0 ? byTime : Long.compare(sequence, that.sequence);
        }
    }
}
