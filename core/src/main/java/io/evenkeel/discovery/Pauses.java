package io.evenkeel.discovery;

/** How one thread waits between two questions. */
interface Pauses {

    /** Waits for {@code most}, or until it is {@linkplain #wake woken}, but no less than {@code least}: nanoseconds. */
    void await(long least, long most) throws InterruptedException;

    /** Ends a wait of now, or the next. Threads: any. */
    void wake();

    /** The time, in nanoseconds since any moment. */
    long nanoTime();
}
