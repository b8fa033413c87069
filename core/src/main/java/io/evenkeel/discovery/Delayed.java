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
        private volatile boolean closed;
        private boolean begins;

        Waiting(Listener listener) {
            this.listener = listener;
        }

        Watch begin() {
            timer = later.run(delay, this::watchNow);
            return this;
        }

        /** The source and the listener are not called under the lock: they may wait for whoever closes this. */
        private void watchNow() {
            if (!begins()) {
                return;
            }
            try {
                begun(source.watch(listener));
            } catch (Throwable e) { // a missing class, for one, of which nobody would hear
                if (!closed) {
                    listener.failed(Trouble.of(e, "watching for endpoints"));
                }
            }
        }

        private boolean begins() {
            lock.lock();
            try {
                begins = !closed;
                return begins;
            } finally {
                lock.unlock();
            }
        }

        /** It may have been closed meanwhile. */
        private void begun(Watch begun) {
            lock.lock();
            try {
                watch = closed ? null : begun;
            } finally {
                lock.unlock();
            }
            if (watch == null) {
                begun.close();
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
            Watch ended;
            Future<?> waiting;
            lock.lock();
            try {
                closed = true;
                ended = watch;
                waiting = begins ? null : timer; // an interrupt is not for the source
            } finally {
                lock.unlock();
            }
            if (waiting != null) {
                waiting.cancel(true);
            }
            if (ended != null) {
                ended.close();
            }
        }
    }

    @Override
    public String toString() {
        return source.toString();
    }
}
