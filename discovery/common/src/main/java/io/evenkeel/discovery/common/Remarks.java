package io.evenkeel.discovery.common;

import java.util.ArrayList;
import java.util.List;

/** What is odd about the entries of one list: the first few in words, the rest as a number. */
final class Remarks {

    private static final int MOST = 5;

    private final List<String> first = new ArrayList<>();
    private int more;

    /** Adds one about the entry at {@code index}, counted from 0. */
    void add(int index, String what) {
        if (first.size() < MOST) {
            first.add("entry " + index + " " + Shown.text(what));
        } else {
            more++;
        }
    }

    boolean isEmpty() {
        return first.isEmpty();
    }

    /** All in one line, empty if there is none. */
    @Override
    public String toString() {
        return String.join("; ", first) + (more == 0 ? "" : "; and " + more + " more");
    }
}
