package io.evenkeel.benchmarks;

/**
 * One way to pick a replica, do nothing with it, and book the end. Each implementation has a loop of its own: one that they
 * shared would be compiled for all of them at once, and none would be as fast as it is alone.
 *
 * <p>Threads: any.
 */
interface Pick {

    /** For "one in so many fails": none does. */
    int NONE = Integer.MAX_VALUE;

    /** Picks {@code times} times; the result only keeps the work from being optimised away. */
    long run(int times) throws Exception;
}
