package io.evenkeel.benchmarks.sim;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Virtual time: the clock and the scheduler that balancers are given, and the agenda of the simulation. One thread. */
final class Timeline extends AbstractExecutorService implements ScheduledExecutorService, LongSupplier {

    private final Agenda agenda = new Agenda();
    private long now;
    private boolean stopped;

    long now() {
        return now;
    }

    @Override
    public long getAsLong() {
        return now;
    }

    void after(long delayNanos, Event event, int what) {
        agenda.add(now + delayNanos, event, what);
    }

    /** Lets happen what is on the agenda, until it is empty or {@link #stop} is called. */
    void run() {
        while (!stopped && !agenda.isEmpty()) {
            now = agenda.firstTime();
            agenda.next();
        }
    }

    void stop() {
        stopped = true;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return schedule(Executors.callable(command), delay, unit);
    }

    @Override
    public <T> ScheduledFuture<T> schedule(Callable<T> callable, long delay, TimeUnit unit) {
        long wait = Math.max(0, unit.toNanos(delay));
        Task<T> task = new Task<>(callable, now + wait);
        after(wait, task, 0);
        return task;
    }

    @Override
    public void execute(Runnable command) {
        after(0, nothing -> command.run(), 0);
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

    /** One that was cancelled stays on the agenda, and does nothing when its time comes. */
    private final class Task<T> extends FutureTask<T> implements RunnableScheduledFuture<T>, Event {

        private final long atNanos;

        Task(Callable<T> work, long atNanos) {
            super(work);
            this.atNanos = atNanos;
        }

        @Override
        public void happen(int what) {
            run();
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
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }
    }
}
