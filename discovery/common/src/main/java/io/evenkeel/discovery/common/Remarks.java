package io.evenkeel.discovery.common;

import java.util.ArrayList;
import java.util.List;

/** What is odd about one list: the first five remarks in words, the rest as a number. Threads: one at a time. */
public final class Remarks {

    private static final int MOST = 5;

    private final List<String> first = new ArrayList<>();
    private int more;

    /** None yet. */
    public Remarks() {}

    /** Adds one about the entry at {@code index}, counted from 0. */
    public void add(int index, String what) {
        append("entry " + index + " ", what);
    }

    /** Adds one about the entry of this name. */
    public void add(String name, String what) {
        append(Shown.text(name) + " ", what);
    }

    /** Adds one about the whole. */
    public void add(String what) {
        append("", what);
    }

    private void append(String about, String what) {
        if (first.size() < MOST) {
            first.add(about + Shown.text(what));
        } else {
            more++;
        }
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return first.isEmpty();
    }

    /** All in one line, empty if there is none. */
    @Override
    public String toString() {
        return String.join("; ", first) + (more == 0 ? "" : "; and " + more + " more");
    }
}
