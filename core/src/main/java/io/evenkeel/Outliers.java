package io.evenkeel;

import java.time.Duration;

/**
 * Passive health: what real calls show of a replica. A replica that refuses a connection is ejected at once; one that fails
 * otherwise after a row of failures, unless half of the others fail in a row, too; and one that fails more often than the
 * others, or takes much longer, once that is no chance any more: about once a second each is compared with all others together, by
 * cumulative sums (Page, 1954), so that two replicas and a few calls a second are enough. Latencies are compared within a priority, and within a zone
 * of it that has more than one replica: who is far away is no outlier. It returns by a ramp ({@link
 * SlowStart}).
 *
 * @param consecutiveFailures failures in a row that eject, 1 to 1,000, default 5; 0 turns ejection off
 * @param ejectFor length of the first ejection, doubled (with jitter) each time, default 1 s
 * @param maxEjectFor longest ejection, at least {@code ejectFor}, default 60 s
 * @param maxShare share of the replicas that may be out at once because of failed calls (ejected, or an open breaker),
 *     above 0 to 1, default 0.5: at least one, never the last usable of those listed and those kept as a last resort. Those
 *     that refuse connections are out besides, and do not count
 * @param failureMargin the share of its calls by which a replica fails more often than the others when it is ejected for that, 0.05 to 0.9,
 *     default 0.2; a little more than a third of it is noticed in the long run. 0 turns it off
 * @param slowness how many times as long as the others' calls, and 5 ms more, a replica's take on average when it is
 *     ejected for that, 2 to 1,000, default 5; 0 turns it off
 * @param dryRun whether nobody is ejected, and {@link Observer#wouldHaveTakenOut} is told instead; default false
 * @param probeEvery how often a light probe asks whether a replica that refused connections accepts them again, default
 *     2 s. Once one has found nobody the replica stays out until one connects, or for {@code maxEjectFor}
 */
public record Outliers(
        int consecutiveFailures,
        Duration ejectFor,
        Duration maxEjectFor,
        double maxShare,
        double failureMargin,
        double slowness,
        boolean dryRun,
        Duration probeEvery) {

    private static final Outliers DEFAULTS =
            new Outliers(5, Duration.ofSeconds(1), Duration.ofSeconds(60), 0.5, 0.2, 5, false, Duration.ofSeconds(2));

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Outliers {
        Check.range("consecutiveFailures", consecutiveFailures, 0, 1_000);
        Check.positive("ejectFor", ejectFor);
        Check.positive("maxEjectFor", maxEjectFor);
        if (maxEjectFor.compareTo(ejectFor) < 0) {
            throw new IllegalArgumentException(
                    "maxEjectFor is " + maxEjectFor + ", but must be at least ejectFor, which is " + ejectFor);
        }
        Check.share("maxShare", maxShare);
        if (failureMargin != 0) {
            Check.range("failureMargin", failureMargin, 0.05, 0.9);
        }
        if (slowness != 0) {
            Check.range("slowness", slowness, 2, 1_000);
        }
        Check.positive("probeEvery", probeEvery);
    }

    /** The defaults above. */
    public static Outliers defaults() {
        return DEFAULTS;
    }

    /** No ejection; breakers ({@link Breaker}) still work, under the default share. */
    public static Outliers off() {
        return DEFAULTS.withConsecutiveFailures(0);
    }

    /** Whether ejection is off. */
    public boolean isOff() {
        return consecutiveFailures == 0;
    }

    /** A copy that ejects after another number of failures in a row, 1 to 1,000; 0 turns ejection off. */
    public Outliers withConsecutiveFailures(int consecutiveFailures) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }

    /** A copy that ejects for {@code ejectFor}, doubled up to {@code maxEjectFor}. */
    public Outliers withEjectFor(Duration ejectFor, Duration maxEjectFor) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }

    /** A copy with another share that may be ejected or open at once, above 0 to 1. */
    public Outliers withMaxShare(double maxShare) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }

    /** A copy that ejects a replica which fails more often than the others by another share of its calls, 0.05 to 0.9; 0: none. */
    public Outliers withFailureMargin(double failureMargin) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }

    /** A copy that ejects a replica which takes {@code slowness} times as long as the others, 2 to 1,000; 0: none. */
    public Outliers withSlowness(double slowness) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }

    /** A copy that only says whom it would eject. */
    public Outliers withDryRun(boolean dryRun) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }

    /** A copy that probes at another interval. */
    public Outliers withProbeEvery(Duration probeEvery) {
        return new Outliers(
                consecutiveFailures, ejectFor, maxEjectFor, maxShare, failureMargin, slowness, dryRun, probeEvery);
    }
}
