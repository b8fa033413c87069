package io.evenkeel.discovery.consul;

/** Where to go on, by the index that comes with each answer: {@code X-Consul-Index}. Used by one thread at a time. */
final class Cursor {

    private long last;
    private long next;

    /** After which index to ask for news; 0 to ask for what there is now. Unless this question ends well ({@link #goOn}), the next is from the start. */
    long begin() {
        long index = next;
        next = 0;
        return index;
    }

    /** Whether an answer's index is lower than the last one: a registry that was restored, or has not read all of its own log yet. */
    boolean hasGoneBackTo(long index) {
        boolean back = index < last;
        last = index;
        return back;
    }

    /** The last answer was of use: ask for what comes after it. Never from 0, which would not block. */
    void goOn() {
        next = Math.max(1, last);
    }
}
