package io.evenkeel.discovery.xds;

/** The one place of this package where the real clock is named. */
final class Defaults {

    private Defaults() {}

    static long nanoTime() {
        return System.nanoTime();
    }
}
