package io.evenkeel.policy;

/**
 * e to the power of -x, in a few nanoseconds: a power of two, put together from its exponent and a polynomial for its
 * fraction; and for the many x that are next to nothing, the first terms of its series. Within 0.001 % of the true value.
 */
final class Decay {

    private static final double LOG2_E = 1.442_695_040_888_963_4;
    /** Beyond, the true value is below 1e-299. */
    private static final double MOST = 690;
    /** Below, the fourth power is less than a hundred-thousandth of the true value. */
    private static final double LITTLE = 1.0 / 8;

    private static final int EXPONENT_BIAS = 1023;
    private static final int FRACTION_BITS = 52;

    // 2^f, less 1, for f from 0 to 1: exact at both ends, so that pieces meet.
    private static final double C1 = 0.693_035_326_495_703_5;
    private static final double C2 = 0.241_444_510_944_564_7;
    private static final double C3 = 0.051_836_179_665_900_976;
    private static final double C4 = 1 - C1 - C2 - C3;

    private Decay() {}

    /** e^-x; 1 if x is negative (the clock went back) or no number. */
    static double after(double x) {
        if (x < LITTLE) {
            return x > 0 ? (1 - x) + x * x * (0.5 - x * (1 / 6.0)) : 1;
        }
        return x < MOST ? byParts(x) : x >= MOST ? 0 : 1;
    }

    private static double byParts(double x) {
        double power = -x * LOG2_E;
        long whole = (long) power - 1;
        double f = power - whole;
        double fraction = 1 + f * (C1 + f * (C2 + f * (C3 + f * C4)));
        return fraction * Double.longBitsToDouble((whole + EXPONENT_BIAS) << FRACTION_BITS);
    }
}
