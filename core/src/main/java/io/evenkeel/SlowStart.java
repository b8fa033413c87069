package io.evenkeel;

import java.time.Duration;

/**
 * How gently a replica comes in that is new, or back after an absence: by a ramp in ten steps, from a tenth of its share to
 * all of it. One that is back has a ramp of ten times its absence, if that is shorter. Replicas of the first list have none. Nor
 * have new ones while more than half of the list is new, that is, was listed later than the first and less than a ramp ago: there
 * would be too few to carry the rest, so even ramps that they are on end.
 *
 * @param over length of the ramp, default 30 s; zero means none
 */
public record SlowStart(Duration over) {

    private static final SlowStart DEFAULTS = new SlowStart(Duration.ofSeconds(30));
    private static final SlowStart OFF = new SlowStart(Duration.ZERO);

    /** Checks the length.
     *
     * @throws IllegalArgumentException if it is negative or longer than a century, naming it */
    public SlowStart {
        if (!over.isZero()) {
            Check.positive("over", over);
        }
    }

    /** The default above. */
    public static SlowStart defaults() {
        return DEFAULTS;
    }

    /** A ramp of this length, longer than zero. */
    public static SlowStart over(Duration over) {
        return new SlowStart(Check.positive("over", over));
    }

    /** None: every replica gets its full share at once. */
    public static SlowStart off() {
        return OFF;
    }

    /** Whether there is none. */
    public boolean isOff() {
        return over.isZero();
    }
}
