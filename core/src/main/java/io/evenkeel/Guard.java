package io.evenkeel;

import java.time.Duration;

/**
 * What to make of a list of endpoints that names far fewer than the one before, as a source does whose registry has half
 * forgotten. It is obeyed for those it names; those it removes stay a last resort for a while, used only while nobody named is usable.
 * A list that names nobody is never obeyed, whatever the setting.
 *
 * @param mostRemoved the share of the endpoints that a list may remove without such doubt, 0 to 1, default 0.5; 1 means any share
 * @param lastResort how long those that such a list removes are kept, more than zero, default 60 s
 * @param dryRun whether none are kept, and {@link Observer#wouldHaveHeld} is told instead; default false
 */
public record Guard(double mostRemoved, Duration lastResort, boolean dryRun) {

    private static final Guard DEFAULTS = new Guard(0.5, Duration.ofSeconds(60), false);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Guard {
        Check.range("mostRemoved", mostRemoved, 0, 1);
        Check.positive("lastResort", lastResort);
    }

    /** The defaults above. */
    public static Guard defaults() {
        return DEFAULTS;
    }

    /** Every list that names somebody is obeyed in full. */
    public static Guard off() {
        return DEFAULTS.withMostRemoved(1);
    }

    /** A copy that doubts lists which remove more than another share, 0 to 1. */
    public Guard withMostRemoved(double mostRemoved) {
        return new Guard(mostRemoved, lastResort, dryRun);
    }

    /** A copy that keeps those removed for another time, more than zero. */
    public Guard withLastResort(Duration lastResort) {
        return new Guard(mostRemoved, lastResort, dryRun);
    }

    /** A copy that only says whom it would keep. */
    public Guard withDryRun(boolean dryRun) {
        return new Guard(mostRemoved, lastResort, dryRun);
    }
}
