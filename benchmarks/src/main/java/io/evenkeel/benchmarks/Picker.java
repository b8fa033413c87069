package io.evenkeel.benchmarks;

import io.evenkeel.Outcome;
import io.evenkeel.balance.Lease;
import io.evenkeel.balance.LoadBalancer;
import org.HdrHistogram.Histogram;

/** A thread that acquires and completes until it is stopped, and notes how long each time took. */
final class Picker {

    private final Histogram nanos = new Histogram(60_000_000_000L, 3);
    private final Thread thread;
    private volatile boolean over;

    Picker(LoadBalancer balancer) {
        thread = Thread.ofPlatform().daemon().start(() -> pick(balancer));
    }

    private void pick(LoadBalancer balancer) {
        try {
            while (!over) {
                long start = System.nanoTime();
                Lease lease = balancer.acquire();
                lease.complete(Outcome.SUCCESS);
                nanos.recordValue(System.nanoTime() - start);
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Once stopped. */
    double micros(double percentile) {
        return nanos.getValueAtPercentile(percentile) / 1e3;
    }

    void stop() throws InterruptedException {
        over = true;
        thread.join();
    }
}
