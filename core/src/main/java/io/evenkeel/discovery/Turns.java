package io.evenkeel.discovery;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Runs what it is given one at a time and in order, under no lock: whoever comes while another runs leaves what it has to that one. So a listener may
 * do whatever it wants, such as closing what another thread reports to.
 */
final class Turns {

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undone = new AtomicInteger();

    /** To be run later; may be called under a lock. */
    void add(Runnable task) {
        waiting.add(task);
    }

    /** Runs what waits, or leaves it to whoever is at it. Never under a lock. What a task throws is thrown once all are done. */
    void run() {
        if (waiting.isEmpty() || undone.getAndIncrement() != 0) {
            return;
        }
        Failure failure = new Failure();
        int missed = 1;
        do {
            for (Runnable next = waiting.poll(); next != null; next = waiting.poll()) {
                failure.unlessDone(next);
            }
            missed = undone.addAndGet(-missed);
        } while (missed != 0);
        failure.rethrow();
    }

    /** The first of those that must not keep anybody from the others. */
    static final class Failure {

        private @Nullable RuntimeException exception;
        private @Nullable Error error;

        void unlessDone(Runnable task) {
            try {
                task.run();
            } catch (RuntimeException e) {
                exception = exception == null ? e : exception;
            } catch (Error e) {
                error = error == null ? e : error;
            } catch (Throwable e) { // a checked exception of another language's, which must not stop those after it
                exception = exception == null ? new IllegalStateException(e) : exception;
            }
        }

        /** Goes on with what was thrown first; an error before exceptions. */
        void rethrow() {
            if (error != null) {
                throw error;
            }
            if (exception != null) {
                throw exception;
            }
        }
    }
}
