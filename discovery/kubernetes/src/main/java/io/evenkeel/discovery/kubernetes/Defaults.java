package io.evenkeel.discovery.kubernetes;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The one place of this package where the real clock and threads are named. */
final class Defaults {

    private Defaults() {}

    static long nanoTime() {
        return System.nanoTime();
    }

    /** Runs {@code task} then, on a virtual thread, unless the future is completed before. */
    static CompletableFuture<Void> after(Duration delay, Runnable task) {
        CompletableFuture<Void> time = new CompletableFuture<Void>().orTimeout(delay.toNanos(), TimeUnit.NANOSECONDS);
        var unused = time.whenComplete((nothing, timeout) -> {
            if (timeout != null) {
                Thread.ofVirtual().name("evenkeel").start(task);
            }
        });
        return time;
    }
}
