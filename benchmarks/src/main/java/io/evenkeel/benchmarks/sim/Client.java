package io.evenkeel.benchmarks.sim;

/** One client: independent of the others, with a state of its own. */
interface Client {

    /** Makes a call, now. */
    void call(Errand errand);
}
