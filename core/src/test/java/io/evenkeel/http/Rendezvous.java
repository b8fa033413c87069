package io.evenkeel.http;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** Where the first thread that comes waits until another has done something. */
final class Rendezvous {

    private final AtomicBoolean met = new AtomicBoolean();
    private final CountDownLatch there = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    /** Where nobody waits. */
    static Rendezvous none() {
        Rendezvous none = new Rendezvous();
        none.done.countDown();
        return none;
    }

    /** Waits for {@link #andThen}, the first time. */
    void meet() {
        if (met.getAndSet(true)) {
            return;
        }
        there.countDown();
        try {
            Waiting.on(done);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Does something as soon as a thread waits, and lets it go on. */
    void andThen(Runnable something) throws InterruptedException {
        Waiting.on(there);
        something.run();
        done.countDown();
    }
}
