package io.evenkeel.discovery;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/** The one place of this package where the real clock, real chance and threads are named. */
final class Defaults {

    private Defaults() {}

    static RandomGenerator random() {
        return new RandomGenerator() { // whichever thread asks
            @Override
            public long nextLong() {
                return ThreadLocalRandom.current().nextLong();
            }
        };
    }

    /** A daemon thread. */
    static Thread start(String name, Runnable task) {
        return Thread.ofPlatform().daemon().name(name).start(task);
    }

    static long nanoTime() {
        return System.nanoTime();
    }

    /** Runs {@code task} later, on a virtual thread, unless the future is cancelled by an interrupt before: nothing of it is left then. */
    static Future<?> later(Duration delay, Runnable task) {
        FutureTask<?> timer = new FutureTask<>(() -> {
            Thread.sleep(delay);
            task.run();
            return null;
        });
        Thread.ofVirtual().name("evenkeel").start(timer);
        return timer;
    }

    /** By the real clock. */
    static final class Pauses implements io.evenkeel.discovery.Pauses {

        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private boolean woken;

        @Override
        public void await(long least, long most) throws InterruptedException {
            lock.lockInterruptibly();
            try {
                long began = System.nanoTime();
                for (long left = end(least, most); left > 0; left = end(least, most) - (System.nanoTime() - began)) {
                    changed.awaitNanos(left);
                }
                woken = false;
            } finally {
                lock.unlock();
            }
        }

        private long end(long least, long most) {
            return woken ? least : most;
        }

        @Override
        public void wake() {
            lock.lock();
            try {
                woken = true;
                changed.signal();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public long nanoTime() {
            return System.nanoTime();
        }
    }
}
