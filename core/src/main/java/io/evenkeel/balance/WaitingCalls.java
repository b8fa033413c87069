package io.evenkeel.balance;

import io.evenkeel.NoEndpointException;
import io.evenkeel.OverloadedException;
import java.io.IOException;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Calls that found every replica at its limit, and wait for one that is not: bounded in number and, each, in time. Those of the highest priority
 * come first; of equals who has waited longest, but once that is long, who has waited least: it is the likeliest to be still in time
 * (Maurer, Fail at Scale, 2015). Who comes while they wait goes before those of lower priority only; while it is full, takes the place of one of
 * these, or is turned away. Calls that want different parts of the replicas wait in lines of their own, since one may have room while another has not.
 *
 * <p>Threads: any; the lock is held for a few steps only.
 */
final class WaitingCalls {

    /** When one has waited for so long, those that come last go first. */
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final int NOBODY = Integer.MIN_VALUE;

    private final String name;
    private final Ambient ambient;
    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    /** Changed under the lock; each as long as somebody waits in it. */
    private final Map<Wanted, Line> lines = new ConcurrentHashMap<>();

    private long joined;
    private int size;

    /** Why nobody waits any more. */
    private volatile @Nullable String closed;

    WaitingCalls(String name, Ambient ambient, int most) {
        this.name = name;
        this.ambient = ambient;
        this.most = most;
    }

    /** Takes a place at a replica, or throws. */
    @FunctionalInterface
    interface Admission {
        Lease admit() throws IOException;
    }

    /** In the order of the calls that have come. */
    private record Place(int priority, long number) implements Comparable<Place> {

        @Override
        public int compareTo(Place other) {
            return priority == other.priority
                    ? Long.compare(number, other.number)
                    : Integer.compare(other.priority, priority);
        }

        /** Behind all of the same priority. */
        Place last() {
            return new Place(priority, Long.MAX_VALUE);
        }
    }

    /** Those who want the same. */
    private static final class Line {

        /** Guarded by the lock. */
        private final NavigableMap<Place, Waiting> places = new TreeMap<>();

        /** The highest priority of those that wait, for who does not hold the lock. */
        private volatile int highest = NOBODY;
    }

    /**
     * What {@code admission} grants, now or within so long. Fails with what it throws: if nobody may wait any more, or no longer, with
     * {@link OverloadedException}.
     */
    CompletableFuture<Lease> enter(Admission admission, Wanted wanted, int priority, long mostNanos) {
        Line line = lines.get(wanted);
        OverloadedException full = null;
        if (line == null || line.highest < priority) {
            try {
                return CompletableFuture.completedFuture(admission.admit());
            } catch (OverloadedException e) {
                full = e;
            } catch (IOException | RuntimeException | Error e) {
                return CompletableFuture.failedFuture(e);
            }
        }
        Waiting call = new Waiting(admission, wanted, priority);
        if (join(call)) {
            wait(call, mostNanos);
        } else {
            call.turnedAway("as many calls wait already as may: " + most, full);
        }
        return call.lease;
    }

    private void wait(Waiting call, long mostNanos) {
        Runnable stopTimer;
        try {
            stopTimer = ambient.later(mostNanos, () -> soon(call::lastTurn));
        } catch (RejectedExecutionException e) { // the user's scheduler is shut down
            leave(call);
            call.lastTurn();
            return;
        }
        CompletionStage<Lease> ended = call.lease;
        ended.whenComplete((lease, error) -> {
            stopTimer.run();
            leave(call);
        });
        next(); // a place may have become free before it joined
    }

    /** Not within the call that ends, and that one's within another: the stack would be as deep as calls are many. */
    private void soon(Runnable turn) {
        try {
            ambient.soon(turn);
        } catch (RejectedExecutionException e) { // the user's scheduler is shut down
            turn.run();
        }
    }

    private boolean join(Waiting call) {
        Waiting last = null;
        lock.lock();
        try {
            if (closed != null) {
                return false;
            }
            if (size >= most) {
                last = lowest();
                if (last.priority >= call.priority) {
                    return false;
                }
                remove(last);
            }
            call.place = new Place(call.priority, joined++);
            add(call);
        } finally {
            lock.unlock();
        }
        if (last != null) {
            Waiting evicted = last;
            soon(() -> evicted.turnedAway("a call of higher priority took the place in which it waited", null));
        }
        return true;
    }

    /** Back to its place. True if it was not there. */
    private boolean joinAgain(Waiting call) {
        lock.lock();
        try {
            return closed == null && !call.lease.isDone() && add(call);
        } finally {
            lock.unlock();
        }
    }

    /** Of the lowest priority whoever came last. */
    private Waiting lowest() {
        return lines.values().stream()
                .map(line -> line.places.lastEntry().getValue())
                .max(Comparator.comparing(call -> call.place))
                .orElseThrow();
    }

    private boolean add(Waiting call) {
        Line line = lines.computeIfAbsent(call.wanted, wanted -> new Line());
        if (line.places.put(call.place, call) != null) {
            return false;
        }
        size++;
        line.highest = line.places.firstKey().priority;
        return true;
    }

    private void remove(Waiting call) {
        Line line = lines.get(call.wanted);
        if (line == null || line.places.remove(call.place) == null) {
            return;
        }
        size--;
        if (line.places.isEmpty()) {
            line.highest = NOBODY;
            lines.remove(call.wanted);
        } else {
            line.highest = line.places.firstKey().priority;
        }
    }

    private void leave(Waiting call) {
        lock.lock();
        try {
            remove(call);
        } finally {
            lock.unlock();
        }
    }

    /** A call has ended, or a list has come: whoever is next in each line may try. */
    void next() {
        if (!lines.isEmpty()) {
            lines.keySet().forEach(wanted -> soon(() -> turn(wanted)));
        }
    }

    private void turn(Wanted wanted) {
        Waiting call = poll(wanted);
        if (call != null) {
            call.turn();
        }
    }

    private @Nullable Waiting poll(Wanted wanted) {
        lock.lock();
        try {
            Line line = lines.get(wanted);
            if (line == null) {
                return null;
            }
            Waiting call = nextIn(line.places);
            remove(call);
            return call;
        } finally {
            lock.unlock();
        }
    }

    private Waiting nextIn(NavigableMap<Place, Waiting> places) {
        Map.Entry<Place, Waiting> first = places.firstEntry();
        boolean isLong = ambient.nanoTime() - first.getValue().sinceNanos >= LONG_NANOS;
        return isLong ? places.floorEntry(first.getKey().last()).getValue() : first.getValue();
    }

    /** Nobody waits from now on. */
    void close(String why) {
        closed = why;
        for (Wanted wanted : lines.keySet()) {
            for (Waiting call = poll(wanted); call != null; call = poll(wanted)) {
                soon(call::lastTurn);
            }
        }
    }

    /** Blocks until there is what {@link #enter} gave. */
    static Lease await(CompletableFuture<Lease> room) throws IOException, InterruptedException {
        try {
            return room.get();
        } catch (InterruptedException e) {
            giveBack(room);
            throw e;
        } catch (ExecutionException e) {
            throw asThrown(e.getCause());
        }
    }

    private static IOException asThrown(@Nullable Throwable cause) {
        if (cause instanceof RuntimeException e) {
            throw e;
        }
        if (cause instanceof Error e) {
            throw e;
        }
        return cause instanceof IOException e ? e : new IOException(cause);
    }

    /** Nobody wants any more what was to come of it. */
    static void giveBack(CompletableFuture<Lease> room) {
        if (!room.cancel(true) && !room.isCompletedExceptionally()) {
            room.join().close();
        }
    }

    /** One call. */
    private final class Waiting {

        private final Admission admission;
        private final Wanted wanted;
        private final int priority;
        private final long sinceNanos = ambient.nanoTime();
        private final CompletableFuture<Lease> lease = new CompletableFuture<>();
        /** Once it has joined. */
        private Place place = new Place(NOBODY, 0);

        Waiting(Admission admission, Wanted wanted, int priority) {
            this.admission = admission;
            this.wanted = wanted;
            this.priority = priority;
        }

        /**
         * Tries; if there is no room after all it waits on, and tries once more: a call may have ended while it was not seen to wait. If there is,
         * there may be for another.
         */
        void turn() {
            while (!lease.isDone()) {
                try {
                    admitted();
                } catch (OverloadedException e) {
                    if (!joinAgain(this)) {
                        failIfClosed(e);
                        return;
                    }
                } catch (IOException | RuntimeException | Error e) {
                    lease.completeExceptionally(e);
                }
            }
            leave(this);
            next();
        }

        /** Without a try: the place that it might find is that of one of those who wait. */
        void turnedAway(String why, @Nullable OverloadedException full) {
            String message = full == null ? name + ": " + why : full.getMessage() + "; " + why;
            OverloadedException error = new OverloadedException(message, full == null ? null : full.getCause());
            failIfClosed(error);
            lease.completeExceptionally(error);
        }

        private void admitted() throws IOException {
            Lease admitted = admission.admit();
            if (!lease.complete(admitted)) {
                admitted.close();
            }
        }

        /** Waits no longer. */
        void lastTurn() {
            try {
                if (!lease.isDone()) {
                    admitted();
                }
            } catch (OverloadedException e) {
                failIfClosed(e);
                lease.completeExceptionally(e);
            } catch (IOException | RuntimeException | Error e) {
                lease.completeExceptionally(e);
            }
        }

        private void failIfClosed(OverloadedException full) {
            String why = closed;
            if (why != null) {
                lease.completeExceptionally(new NoEndpointException(why, full));
            }
        }
    }
}
