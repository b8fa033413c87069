package io.evenkeel.benchmarks.sim;

import java.util.Arrays;

/** Calls that an origin works on, by how far it must have come to be done with them: a binary heap over arrays. */
final class Running {

    private double[] ends = new double[4];
    private Visit[] visits = new Visit[4];
    private int size;

    int size() {
        return size;
    }

    void add(double end, Visit visit) {
        if (size == ends.length) {
            ends = Arrays.copyOf(ends, 2 * size);
            visits = Arrays.copyOf(visits, 2 * size);
        }
        int at = size++;
        while (at > 0 && end < ends[(at - 1) / 2]) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        ends[at] = end;
        visits[at] = visit;
    }

    double firstEnd() {
        return ends[0];
    }

    Visit removeFirst() {
        Visit first = visits[0];
        int last = --size;
        int at = 0;
        for (int child = 1; child < last; child = 2 * at + 1) {
            if (child + 1 < last && ends[child + 1] < ends[child]) {
                child++;
            }
            if (ends[last] <= ends[child]) {
                break;
            }
            move(child, at);
            at = child;
        }
        move(last, at);
        return first;
    }

    private void move(int from, int to) {
        ends[to] = ends[from];
        visits[to] = visits[from];
    }
}
