package io.evenkeel.discovery;

import static java.util.Objects.requireNonNull;

import io.evenkeel.EndpointSource;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Another source, watched later. */
record Delayed(EndpointSource source, Duration delay, Later later) implements EndpointSource {

    /** Runs something later. */
    @FunctionalInterface
    interface Later {
        Future<?> run(Duration delay, Runnable task);
    }

    Delayed {
        requireNonNull(source, "source");
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay is " + delay + ", but must not be negative");
        }
    }

    @Override
    public Watch watch(Listener listener) {
        return new Waiting(requireNonNull(listener, "listener")).begin();
    }

    private final class Waiting implements Watch {

        private final Listener listener;
        private final ReentrantLock lock = new ReentrantLock();
        /** Written under the lock. */
        private volatile @Nullable Watch watch;

        private @Nullable Future<?> timer;
        private boolean closed;

        Waiting(Listener listener) {
            this.listener = listener;
        }

        Watch begin() {
            timer = later.run(delay, this::watchNow);
            return this;
        }

        /** Under the lock: whoever closes meanwhile waits for the watch to be there, which is at once. */
        private void watchNow() {
            lock.lock();
            try {
                if (!closed) {
                    begun(source.watch(listener));
                }
            } catch (Throwable e) { // a missing class, for one, of which nobody would hear
                listener.failed(
                        e instanceof Exception trouble
                                ? trouble
                                : new IllegalStateException("watching for endpoints threw", e));
            } finally {
                lock.unlock();
            }
        }

        /** The listener may have closed it meanwhile. */
        private void begun(Watch begun) {
            if (closed) {
                begun.close();
            } else {
                watch = begun;
            }
        }

        @Override
        public void refresh() {
            Watch now = watch; // without the lock: who asks may hold one that a listener waits for
            if (now != null) {
                now.refresh();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                closed = true;
            } finally {
                lock.unlock();
            }
            Future<?> waiting = timer;
            if (waiting != null) {
                waiting.cancel(true);
            }
            Watch now = watch;
            if (now != null) {
                now.close();
            }
        }
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
