package io.evenkeel.balance;

import io.evenkeel.Outcome;

/**
 * May a replica take one more call now? Entering gives a token, leaving hands it back with the outcome.
 *
 * <p>Threads: any for {@link #enter}, {@link #tryTrial}, {@link #leave} and {@link #brokeOff}; the rest under the lock of
 * {@link Updates}.
 */
interface Gate {

    /** The token of a call that the gate does not watch. */
    int UNWATCHED = -1;

    /** No gate: every call passes unwatched. */
    Gate NONE = new Gate() {};

    /** What a gate wants of the update pipeline. */
    enum State {
        CLOSED,
        OPEN,
        HALF_OPEN
    }

    /** Lets an ordinary call through. */
    default int enter() {
        return UNWATCHED;
    }

    /** Lets a trial call through, or answers {@link #UNWATCHED}: not half-open, or a trial is under way. */
    default int tryTrial(long nowNanos) {
        return UNWATCHED;
    }

    /** A call that entered with {@code token} was answered. True if the state changed. */
    default boolean leave(int token, Outcome outcome, long latencyNanos) {
        return false;
    }

    /** The body of a call that entered with {@code token}, and was answered well, broke off: it failed after all. True if
     * the state changed. */
    default boolean brokeOff(int token) {
        return false;
    }

    /** The state now. */
    default State state() {
        return State.CLOSED;
    }

    /** The share of the last calls that failed, 0 to 1; 0 if that is not known. */
    default double failedShare() {
        return 0;
    }

    /** Whether a trial call is under way. */
    default boolean trialUnderWay() {
        return false;
    }

    /** When the last trial call began. */
    default long trialBegan() {
        return 0;
    }

    /** From open to half-open: trials may begin. */
    default void halfOpen() {}

    /** Back to open: the trials came to nothing. */
    default void reopen() {}

    /** To closed, with an empty window. */
    default void close() {}
}
