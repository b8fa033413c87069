package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.OverloadedException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls that found every replica at its limit, and wait for one that is not: bounded in number and, each, in time. Those of the highest priority
 * come first; of equals who has waited longest, but once that is long, who has waited least: it is the likeliest to be still in time
 * (Maurer, Fail at Scale, 2015). Who comes while it is full takes the place of one of lower priority, or is turned away.
 *
 * <p>Threads: any; the lock is held for a few steps only.
 */
final class WaitingCalls {

    /** When one has waited for so long, those that come last go first. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Ambient ambient;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by the lock, in the order in which they came. */
    private final NavigableMap<Integer, LinkedHashSet<Waiting>> byPriority = new TreeMap<>();

    private int count;
    /** The same, for who does not hold the lock. */
    private volatile int size;

    WaitingCalls(Ambient ambient, int most) {
        this.ambient = ambient;
        this.most = most;
    }

    /** Takes a place at a replica, or throws. */
    @FunctionalInterface
    interface Admission {
        Lease admit() throws IOException;
    }

    int size() {
        return size;
    }

    /**
     * Waits for so long, at most, until {@code admission} is granted. Fails with what else it throws, and with {@code full} when
     * the time is over, or at once if nobody of lower priority gives way.
     */
    CompletableFuture<Lease> wait(Admission admission, int priority, long mostNanos, OverloadedException full) {
        Waiting call = new Waiting(admission, priority, ambient.nanoTime(), full);
        if (!join(call)) {
            return CompletableFuture.failedFuture(full);
        }
        Runnable stopTimer;
        try {
            stopTimer = ambient.later(mostNanos, () -> ambient.executor().execute(call::giveUp));
        } catch (RejectedExecutionException e) { // the user's scheduler is shut down
            leave(call);
            return CompletableFuture.failedFuture(full);
        }
        CompletionStage<Lease> ended = call.lease;
        ended.whenComplete((lease, error) -> {
            stopTimer.run();
            leave(call);
        });
        call.turn(); // a place may have become free before it joined
        return call.lease;
    }

    private boolean join(Waiting call) {
        Waiting lowest = null;
        lock.lock();
        try {
            if (size >= most) {
                if (byPriority.firstKey() >= call.priority) {
                    return false;
                }
                lowest = remove(byPriority.firstKey(), false);
            }
            add(call);
        } finally {
            lock.unlock();
        }
        if (lowest != null) {
            ambient.executor().execute(lowest::giveUp);
        }
        return true;
    }

    private void add(Waiting call) {
        byPriority
                .computeIfAbsent(call.priority, priority -> new LinkedHashSet<>())
                .add(call);
        counted(1);
    }

    /** In front of all: it has waited before. True if it was not there. */
    private boolean addAgain(Waiting call) {
        lock.lock();
        try {
            LinkedHashSet<Waiting> equals =
                    byPriority.computeIfAbsent(call.priority, priority -> new LinkedHashSet<>());
            if (equals.contains(call)) {
                return false;
            }
            equals.addFirst(call);
            counted(1);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody waits any more for what was to come of it. */
    static void giveBack(CompletableFuture<Lease> room) {
        if (!room.cancel(true) && !room.isCompletedExceptionally()) {
            room.join().close();
        }
    }

    private Waiting remove(int priority, boolean first) {
        LinkedHashSet<Waiting> equals = requireNonNull(byPriority.get(priority));
        Waiting call = first ? equals.removeFirst() : equals.removeLast();
        removed(priority, equals);
        return call;
    }

    private void counted(int change) {
        count += change;
        size = count;
    }

    private void removed(int priority, Set<Waiting> left) {
        counted(-1);
        if (left.isEmpty()) {
            byPriority.remove(priority);
        }
    }

    private void leave(Waiting call) {
        lock.lock();
        try {
            LinkedHashSet<Waiting> equals = byPriority.get(call.priority);
            if (equals != null && equals.remove(call)) {
                removed(call.priority, equals);
            }
        } finally {
            lock.unlock();
        }
    }

    /** A call has ended, or a list has come: whoever is next may try. */
    void next() {
        if (size == 0) {
            return;
        }
        Waiting call = poll();
        if (call != null) {
            ambient.executor().execute(call::turn);
        }
    }

    private @Nullable Waiting poll() {
        lock.lock();
        try {
            if (byPriority.isEmpty()) {
                return null;
            }
            Map.Entry<Integer, LinkedHashSet<Waiting>> highest = byPriority.lastEntry();
            long waited = ambient.nanoTime() - highest.getValue().getFirst().sinceNanos;
            return remove(highest.getKey(), waited < LONG_NANOS);
        } finally {
            lock.unlock();
        }
    }

    /** One call. */
    private final class Waiting {

        private final Admission admission;
        private final int priority;
        private final long sinceNanos;
        private final OverloadedException full;
        private final CompletableFuture<Lease> lease = new CompletableFuture<>();

        Waiting(Admission admission, int priority, long sinceNanos, OverloadedException full) {
            this.admission = admission;
            this.priority = priority;
            this.sinceNanos = sinceNanos;
            this.full = full;
        }

        /**
         * Tries; if there is no room after all it waits on, and tries once more: a call may have ended while it was not seen to wait. If there is,
         * there may be for another.
         */
        void turn() {
            while (!lease.isDone()) {
                try {
                    Lease admitted = admission.admit();
                    if (!lease.complete(admitted)) {
                        admitted.close();
                    }
                } catch (OverloadedException e) {
                    if (!addAgain(this)) {
                        return;
                    }
                } catch (IOException | RuntimeException | Error e) {
                    lease.completeExceptionally(e);
                }
            }
            leave(this);
            next();
        }

        void giveUp() {
            lease.completeExceptionally(full);
        }
    }
}
