package io.evenkeel.discovery.consul;

/** What this package takes for itself when nothing is handed to it: the time. */
final class Defaults {

    private Defaults() {}

    static long nanoTime() {
        return System.nanoTime();
    }
}
