package io.evenkeel.balance;

import io.evenkeel.Outcome;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Ends attempts whose body nobody reads any more, 60 s after its last byte or demand: a wheel with a slot a second, which
 * turns only while it holds something. Each slot is a stack, pushed without a lock and taken whole; an attempt that ended
 * stays in it until the wheel comes by.
 */
final class IdleBodies {

    static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int SLOTS = 64;

    private final Ambient ambient;
    private final AtomicReferenceArray<@Nullable Attempt> slots = new AtomicReferenceArray<>(SLOTS);
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean turning = new AtomicBoolean();
    /** Touched by who starts the wheel, and then by its ticks only. */
    private long turnedTo;

    IdleBodies(Ambient ambient) {
        this.ambient = ambient;
    }

    /** Once per attempt: it carries the link of the stack that it is in. */
    void add(Attempt attempt) {
        size.incrementAndGet();
        push(attempt);
        turn();
    }

    private void push(Attempt attempt) {
        int slot = slotOf(attempt.touchedNanos + LONGEST_NANOS + TICK_NANOS);
        Attempt head;
        do {
            head = slots.get(slot);
            attempt.nextIdle = head;
        } while (!slots.compareAndSet(slot, head, attempt));
    }

    private void turn() {
        if (turning.compareAndSet(false, true)) {
            turnedTo = tickOf(ambient.nanoTime());
            later();
        }
    }

    private void later() {
        try {
            ambient.later(TICK_NANOS, this::tick);
        } catch (RejectedExecutionException e) { // the user's scheduler is shut down: nothing ends by time any more
            turning.set(false);
        }
    }

    private void tick() {
        long now = ambient.nanoTime();
        for (long from = Math.max(turnedTo, tickOf(now) - SLOTS) + 1; from <= tickOf(now); from++) {
            empty((int) Math.floorMod(from, (long) SLOTS), now);
        }
        turnedTo = tickOf(now);
        if (size.get() > 0) {
            later();
        } else {
            turning.set(false);
            if (size.get() > 0) {
                turn();
            }
        }
    }

    private void empty(int slot, long now) {
        Attempt attempt = slots.getAndSet(slot, null);
        while (attempt != null) {
            Attempt next = attempt.nextIdle;
            attempt.nextIdle = null;
            if (attempt.isDone()) {
                size.decrementAndGet();
            } else if (now - attempt.touchedNanos >= LONGEST_NANOS) {
                attempt.complete(Outcome.IGNORED);
                size.decrementAndGet();
            } else {
                push(attempt);
            }
            attempt = next;
        }
    }

    private static int slotOf(long nanos) {
        return (int) Math.floorMod(tickOf(nanos), (long) SLOTS);
    }

    private static long tickOf(long nanos) {
        return Math.floorDiv(nanos, TICK_NANOS);
    }
}
