package io.evenkeel.discovery.consul;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How soon one question may follow another: a few at once, and in the long run one a second (a token bucket). News of a quiet service so waits for nothing, and
 * neither one that changes all the time nor an agent that answers at once whatever it is asked makes a busy loop. Used by one thread at a time.
 */
final class Rate {

    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int AT_ONCE = 8;

    private final LongSupplier nanoTime;
    /** When all questions so far are paid for, at one a second. */
    private long paidNanos;

    Rate(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.paidNanos = nanoTime.getAsLong();
    }

    /** Books a question, and says how long to wait until the next. */
    Duration next() {
        long now = nanoTime.getAsLong();
        long owedNanos = Math.max(0, paidNanos - now) + EVERY_NANOS;
        paidNanos = now + owedNanos;
        return Duration.ofNanos(Math.max(0, owedNanos - AT_ONCE * EVERY_NANOS));
    }
}
