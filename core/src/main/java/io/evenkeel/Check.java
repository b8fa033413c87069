package io.evenkeel;

import java.time.Duration;

/** The checks that values and settings share: each returns the value, or throws naming it and its range. */
final class Check {

    /** Longest duration that fits a {@code long} of nanoseconds with room for a clock reading beside it. */
    private static final Duration LONGEST = Duration.ofDays(36_500);

    private Check() {}

    static Duration positive(String name, Duration value) {
        if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " is " + value + ", but must be longer than zero and at most " + LONGEST);
        }
        return value;
    }

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

    /** A share is more than 0 and at most 1; NaN is refused. */
    static double share(String name, double value) {
        if (!(value > 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be more than 0 and at most 1");
        }
        return value;
    }

    static String notBlank(String name, String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(name + " is blank, but must have at least one visible character");
        }
        return value;
    }
}
