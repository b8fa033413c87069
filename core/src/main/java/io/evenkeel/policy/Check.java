package io.evenkeel.policy;

import java.time.Duration;

/** The checks that settings share: each returns the value, or throws naming it and its range. */
final class Check {

    private static final Duration LONGEST = Duration.ofDays(1);

    private Check() {}

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + least + " to " + most);
        }
        return value;
    }

    /** NaN is refused. */
    static double range(String name, double value, double least, double most) {
        if (!(value >= least && value <= most)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + least + " to " + most);
        }
        return value;
    }

    static Duration decay(Duration value) {
        if (!value.isPositive() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "decay is " + value + ", but must be longer than zero and at most " + LONGEST);
        }
        return value;
    }
}
