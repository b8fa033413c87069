package io.evenkeel.discovery.file;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** Runs repeated tasks, on the test's thread, when the test says that time has passed. A task that throws is over. */
final class HandDrivenScheduler extends AbstractExecutorService implements ScheduledExecutorService {

    private final List<Task> tasks = new ArrayList<>();
    private long nowNanos;
    private boolean shutdown;

    void advance(Duration time) {
        long end = nowNanos + time.toNanos();
        for (Task next = next(); next != null && next.dueNanos <= end; next = next()) {
            nowNanos = next.dueNanos;
            tasks.remove(next);
            next.run();
        }
        nowNanos = end;
    }

    /** How many tasks wait for their time. */
    int waiting() {
        tasks.removeIf(Task::isDone);
        return tasks.size();
    }

    private Task next() {
        tasks.removeIf(Task::isDone);
        return tasks.stream()
                .min(Comparator.comparingLong(task -> task.dueNanos))
                .orElse(null);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initialDelay, long delay, TimeUnit unit) {
        if (shutdown) {
            throw new RejectedExecutionException("shut down");
        }
        Task added = new Task(task, unit.toNanos(initialDelay), unit.toNanos(delay));
        tasks.add(added);
        return added;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long initialDelay, long period, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void execute(Runnable task) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void shutdown() {
        shutdown = true;
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }

    private final class Task extends FutureTask<Void> implements ScheduledFuture<Void> {

        private final long periodNanos;
        private long dueNanos;

        private Task(Runnable task, long delayNanos, long periodNanos) {
            super(task, null);
            this.periodNanos = periodNanos;
            this.dueNanos = nowNanos + delayNanos;
        }

        @Override
        public void run() {
            if (runAndReset()) {
                dueNanos = nowNanos + periodNanos;
                tasks.add(this);
            }
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(dueNanos - nowNanos, TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
