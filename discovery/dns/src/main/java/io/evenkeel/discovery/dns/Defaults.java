package io.evenkeel.discovery.dns;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;

/** What this package makes for itself when nothing is handed to it: threads, and the clock. */
final class Defaults {

    /** How many questions are asked at once; each has a socket. */
    private static final int MOST_AT_ONCE = 32;

    private Defaults() {}

    /** Virtual threads: an interrupt closes the socket that one waits for. For the caller to shut down. */
    static ExecutorService threads() {
        return Executors.newFixedThreadPool(
                MOST_AT_ONCE, Thread.ofVirtual().name("evenkeel-dns-", 0).factory());
    }

    static LongSupplier clock() {
        return System::nanoTime;
    }
}
