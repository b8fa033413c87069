package io.evenkeel;

/** How one attempt ended, as far as the health of the replica is concerned. Decided once per attempt. */
public enum Outcome {
    /** The replica did its work, whatever the answer says to the caller (a 404 is a success). */
    SUCCESS,
    /** The replica failed: counts for its breaker and towards ejection. */
    FAILURE,
    /** The replica refused for lack of capacity: load, not death; counts for its breaker, not towards ejection. */
    OVERLOADED,
    /** Says nothing of the replica: the caller cancelled, or failed itself. */
    IGNORED
}
