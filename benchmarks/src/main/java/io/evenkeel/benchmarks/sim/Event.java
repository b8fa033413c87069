package io.evenkeel.benchmarks.sim;

/** Something that happens at a point of virtual time. */
interface Event {

    /** It is time. {@code what} is what was said when it was put on the agenda. */
    void happen(int what);
}
