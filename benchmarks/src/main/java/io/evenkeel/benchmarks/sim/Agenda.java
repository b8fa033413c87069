package io.evenkeel.benchmarks.sim;

import java.util.Arrays;

/**
 * What is to happen, by time, and at equal times in the order it was put here: a binary heap over arrays, with no object
 * for an entry.
 */
final class Agenda {

    private long[] times = new long[1_024];
    /** The order of entry above, what to tell the event below. */
    private long[] words = new long[1_024];
    /** Places beyond the last keep what they held, until they are used again. */
    private Event[] events = new Event[1_024];

    private int size;
    private int entries;

    boolean isEmpty() {
        return size == 0;
    }

    void add(long atNanos, Event event, int what) {
        if (size == times.length) {
            grow();
        }
        long word = ((long) entries++ << Integer.SIZE) | Integer.toUnsignedLong(what);
        int at = size++;
        while (at > 0 && isBefore(atNanos, word, (at - 1) / 2)) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        put(at, atNanos, word, event);
    }

    long firstTime() {
        return times[0];
    }

    /** Takes the first entry off and lets it happen. */
    void next() {
        Event event = events[0];
        int what = (int) words[0];
        removeFirst();
        event.happen(what);
    }

    private void removeFirst() {
        int last = --size;
        int at = 0;
        for (int child = 1; child < last; child = 2 * at + 1) {
            if (child + 1 < last && isBefore(times[child + 1], words[child + 1], child)) {
                child++;
            }
            if (!isBefore(times[child], words[child], last)) {
                break;
            }
            move(child, at);
            at = child;
        }
        move(last, at);
    }

    /** Whether that comes before what is at {@code place}. The difference is right when the order of entry wraps, too. */
    private boolean isBefore(long time, long word, int place) {
        return time < times[place] || (time == times[place] && word - words[place] < 0);
    }

    private void move(int from, int to) {
        put(to, times[from], words[from], events[from]);
    }

    private void put(int at, long time, long word, Event event) {
        times[at] = time;
        words[at] = word;
        events[at] = event;
    }

    private void grow() {
        times = Arrays.copyOf(times, 2 * size);
        words = Arrays.copyOf(words, 2 * size);
        events = Arrays.copyOf(events, 2 * size);
    }
}
