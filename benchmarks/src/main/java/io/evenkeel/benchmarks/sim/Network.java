package io.evenkeel.benchmarks.sim;

/**
 * What is between clients and origins.
 *
 * @param delayNanos one way
 * @param timeoutNanos how long a client waits for an answer
 */
record Network(Timeline time, long delayNanos, long timeoutNanos) {

    void carry(Event message, int what) {
        if (delayNanos == 0) {
            message.happen(what);
        } else {
            time.after(delayNanos, message, what);
        }
    }
}
