package io.evenkeel.benchmarks.sim;

import java.time.Duration;

/**
 * What an answer tells of the load of the replica it comes from: the calls there when it leaves, and perhaps how long one
 * more would take.
 *
 * @param latency whether it tells of the latency, too: the mean of the last calls that found as many others
 * @param delayNanos how much later than the answer it reaches the policy
 */
public record Reports(boolean latency, long delayNanos) {

    /** The calls in flight only: what any server can count. */
    public static Reports ofCalls() {
        return new Reports(false, 0);
    }

    /** Calls and latency. */
    public static Reports ofLatency() {
        return new Reports(true, 0);
    }

    /** A copy that comes later. */
    public Reports delayed(Duration delay) {
        return new Reports(latency, delay.toNanos());
    }
}
