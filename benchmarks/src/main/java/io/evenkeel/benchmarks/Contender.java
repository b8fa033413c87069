package io.evenkeel.benchmarks;

import java.io.Closeable;
import java.util.List;

/**
 * Somebody who balances real calls. Made anew for each run, so that nothing is remembered of the one before.
 *
 * <p>Threads: any.
 */
interface Contender extends Closeable {

    /** Calls once, on the caller's (virtual) thread. */
    Answer call() throws Exception;

    /**
     * What the caller sees.
     *
     * @param status of the response
     * @param port of the origin that answered
     */
    record Answer(int status, int port) {}

    /** Makes one over origins, given as {@code http://host:port}. */
    @FunctionalInterface
    interface Maker {
        Contender over(List<String> origins) throws Exception;
    }
}
