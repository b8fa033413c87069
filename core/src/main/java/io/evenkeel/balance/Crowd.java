package io.evenkeel.balance;

import java.util.List;

/** How large the subset of one place must be for the calls that it has in flight. Guarded by the lock of {@link Updates}. */
final class Crowd {

    /** A call in flight needs so many replicas. */
    private static final int REPLICAS_PER_CALL = 2;
    /** Of the most calls in flight, what is remembered from one look, once a second, to the next. */
    private static final double REMEMBERED = 0.95;
    /** The subset shrinks when this part of it would do. */
    private static final int SHRINKS_BELOW = 4;

    /** Calls in flight at one replica that are a sign of a crowd. */
    static final int MANY = 3;

    private final int least;
    private List<Replica> members = List.of();
    private double most;
    private int size;

    Crowd(int least) {
        this.least = least;
        this.size = least;
    }

    int size() {
        return size;
    }

    void members(List<Replica> replicas) {
        members = replicas;
    }

    /** Counts the calls in flight, once a second. True if another size is wanted. */
    boolean look() {
        return look(REMEMBERED);
    }

    /** The same at any other time. */
    boolean lookInBetween() {
        return look(1);
    }

    private boolean look(double remembered) {
        double inFlight = members.stream().mapToDouble(Replica::inFlight).sum();
        most = Math.max(inFlight, most * remembered);
        int fits = least;
        while (fits < most * REPLICAS_PER_CALL) {
            fits *= 2;
        }
        if (fits <= size && fits * SHRINKS_BELOW > size) {
            return false;
        }
        boolean changed = fits != size;
        size = fits;
        return changed;
    }
}
