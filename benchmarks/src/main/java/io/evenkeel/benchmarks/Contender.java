package io.evenkeel.benchmarks;

import java.io.Closeable;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Somebody who balances real calls. Made anew for each run, so that nothing is remembered of the one before.
 *
 * <p>Threads: any.
 */
interface Contender extends Closeable {

    /** Calls once; may block. */
    CompletionStage<Answer> call();

    /** Whether {@link #call()} blocks, and so needs a thread of its own. */
    boolean blocks();

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
