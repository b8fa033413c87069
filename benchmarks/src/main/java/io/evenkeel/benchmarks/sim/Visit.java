package io.evenkeel.benchmarks.sim;

import io.evenkeel.Outcome;

/** One attempt at an errand, at one origin, there and back. An answer that comes too late is lost; its work was done. */
abstract class Visit implements Event {

    static final int ARRIVED = 0;
    static final int FAILED = 1;
    static final int ANSWERED = 2;
    static final int REFUSED = 3;
    static final int TIMED_OUT = 4;

    private final Network network;
    private final Errand errand;
    private final Origin origin;
    private final long startNanos;
    private boolean over;
    private long arrivedNanos;
    private int othersThere;
    /** What the origin reports with its answer, if it does. */
    private int reportedCalls;

    private double reportedLatencyNanos;

    Visit(Network network, Errand errand, Origin origin) {
        this.network = network;
        this.errand = errand;
        this.origin = origin;
        this.startNanos = network.time().now();
    }

    final Errand errand() {
        return errand;
    }

    final double workNanos() {
        return errand.workNanos();
    }

    final long latencyNanos() {
        return network.time().now() - startNanos;
    }

    final void go() {
        errand.sent(origin, startNanos);
        if (network.timeoutNanos() < Long.MAX_VALUE) {
            network.time().after(network.timeoutNanos(), this, TIMED_OUT);
        }
        network.carry(this, ARRIVED);
    }

    /** By an origin that gauges its load: there are so many others. */
    final void arrived(int others, long nowNanos) {
        othersThere = others;
        arrivedNanos = nowNanos;
    }

    final int othersThere() {
        return othersThere;
    }

    final long arrivedNanos() {
        return arrivedNanos;
    }

    final void report(int calls, double latencyNanos) {
        reportedCalls = calls;
        reportedLatencyNanos = latencyNanos;
    }

    final int reportedCalls() {
        return reportedCalls;
    }

    final double reportedLatencyNanos() {
        return reportedLatencyNanos;
    }

    /** By the origin: the work is done. */
    final void served() {
        network.carry(this, ANSWERED);
    }

    @Override
    public final void happen(int what) {
        switch (what) {
            case ARRIVED -> origin.arrive(this);
            case FAILED -> network.carry(this, REFUSED);
            case ANSWERED -> end(Outcome.SUCCESS);
            case REFUSED, TIMED_OUT -> end(Outcome.FAILURE);
            default -> throw new AssertionError(what);
        }
    }

    private void end(Outcome outcome) {
        if (!over) {
            over = true;
            ended(outcome);
        }
    }

    /** By a client that waits no longer. */
    final void abandon() {
        over = true;
    }

    /** Whether the client has its answer, or waits for it no longer. */
    final boolean isOver() {
        return over;
    }

    /** Whether the origin hears that the client waits no longer. */
    boolean cancels() {
        return true;
    }

    /** The client learns how it went. */
    abstract void ended(Outcome outcome);
}
