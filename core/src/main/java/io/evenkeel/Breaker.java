package io.evenkeel;

import java.time.Duration;

/**
 * The circuit breaker that each replica has: it opens when too many of the last calls failed, unless those of the others do, too, lets a few trial calls
 * through after a while, and hands the replica back by a ramp. Calls that are OVERLOADED count as failed here.
 *
 * <p>Made for one replica, hence small: peers' breakers, made for a whole service, need 100 calls before they may open.
 *
 * @param window how many of the last calls count, 2 to 1,000, default 32; 0 turns breakers off
 * @param minimumCalls calls needed before the breaker may open, 1 to {@code window}, default 16
 * @param failureShare opens at this share of failed calls, 0.001 to 1, default 0.5
 * @param openFor time before the first trial, doubled (with jitter) each time the trials fail, default 5 s
 * @param maxOpenFor longest time between trials, at least {@code openFor}, default 60 s
 * @param trials trial calls, one at a time, of which less than {@code failureShare} may fail, 1 to 100, default 3; as many as
 *     {@code minimumCalls} if those are fewer
 * @param dryRun whether no breaker opens, and {@link Observer#wouldHaveTakenOut} is told instead; default false
 */
public record Breaker(
        int window,
        int minimumCalls,
        double failureShare,
        Duration openFor,
        Duration maxOpenFor,
        int trials,
        boolean dryRun) {

    private static final Breaker DEFAULTS =
            new Breaker(32, 16, 0.5, Duration.ofSeconds(5), Duration.ofSeconds(60), 3, false);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Breaker {
        if (window != 0) {
            Check.range("window", window, 2, 1_000);
            Check.range("minimumCalls", minimumCalls, 1, window);
        }
        Check.range("failureShare", failureShare, 0.001, 1);
        Check.positive("openFor", openFor);
        Check.positive("maxOpenFor", maxOpenFor);
        if (maxOpenFor.compareTo(openFor) < 0) {
            throw new IllegalArgumentException(
                    "maxOpenFor is " + maxOpenFor + ", but must be at least openFor, which is " + openFor);
        }
        Check.range("trials", trials, 1, 100);
    }

    /** The defaults above. */
    public static Breaker defaults() {
        return DEFAULTS;
    }

    /** No breaker; ejection ({@link Outliers}) still works. */
    public static Breaker off() {
        return new Breaker(0, 0, 1, DEFAULTS.openFor, DEFAULTS.maxOpenFor, 1, false);
    }

    /** Whether replicas have a breaker at all. */
    public boolean isOff() {
        return window == 0;
    }

    /** A copy that judges by the last {@code window} calls once {@code minimumCalls} were made. */
    public Breaker withWindow(int window, int minimumCalls) {
        return new Breaker(window, minimumCalls, failureShare, openFor, maxOpenFor, trials, dryRun);
    }

    /** A copy that opens at another share of failed calls, 0.001 to 1. */
    public Breaker withFailureShare(double failureShare) {
        return new Breaker(window, minimumCalls, failureShare, openFor, maxOpenFor, trials, dryRun);
    }

    /** A copy that stays open for {@code openFor}, doubled up to {@code maxOpenFor} while trials fail. */
    public Breaker withOpenFor(Duration openFor, Duration maxOpenFor) {
        return new Breaker(window, minimumCalls, failureShare, openFor, maxOpenFor, trials, dryRun);
    }

    /** A copy with another number of trial calls, 1 to 100. */
    public Breaker withTrials(int trials) {
        return new Breaker(window, minimumCalls, failureShare, openFor, maxOpenFor, trials, dryRun);
    }

    /** A copy whose breakers only say when they would open. */
    public Breaker withDryRun(boolean dryRun) {
        return new Breaker(window, minimumCalls, failureShare, openFor, maxOpenFor, trials, dryRun);
    }
}
