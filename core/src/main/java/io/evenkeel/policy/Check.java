package io.evenkeel.policy;

/** The checks that settings share: each returns the value, or throws naming it and its range. */
final class Check {

    private Check() {}

    static int range(String name, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be " + least + " to " + most);
        }
        return value;
    }
}
