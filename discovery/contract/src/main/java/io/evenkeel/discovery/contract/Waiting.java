package io.evenkeel.discovery.contract;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for processes and sockets, which tell nobody when they are done. */
public final class Waiting {

    private Waiting() {}

    /** Looks every 10 ms until {@code done}; what it throws counts as not yet. */
    public static void until(String what, Duration most, Callable<Boolean> done) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (true) {
            Exception why = null;
            try {
                if (done.call()) {
                    return;
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                why = e;
            }
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + most + ": " + what, why);
            }
            Thread.sleep(10);
        }
    }
}
