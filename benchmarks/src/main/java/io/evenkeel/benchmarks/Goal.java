package io.evenkeel.benchmarks;

import java.util.Locale;

/**
 * What a comparison should give, and what it gives.
 *
 * @param what is compared with what
 * @param measured the comparison
 * @param control the same variant compared with itself, in the same rounds
 * @param limit what is wanted
 * @param atMost whether less is better
 */
record Goal(String what, Paired measured, Paired control, double limit, boolean atMost) {

    static Goal atMost(double limit, String what, Paired measured, Paired control) {
        return new Goal(what, measured, control, limit, true);
    }

    static Goal atLeast(double limit, String what, Paired measured, Paired control) {
        return new Goal(what, measured, control, limit, false);
    }

    /** The interval's pessimistic end decides, unless the control's interval is wider than what is to be seen. */
    String verdict() {
        if (Double.isNaN(measured.median())) {
            return "not resolved here";
        }
        if (!(control.high() - control.low() <= margin())) {
            return "not resolved here";
        }
        return (atMost ? measured.high() <= limit : measured.low() >= limit) ? "met" : "not met";
    }

    /** What the goal leaves; where it only says "less", what was found. */
    private double margin() {
        double reference = limit == measured.neutral() ? measured.median() : limit;
        return Math.abs(reference - measured.neutral());
    }

    String goal() {
        return (atMost ? "<= " : ">= ") + String.format(Locale.ROOT, limit < 100 ? "%.2f" : "%.0f", limit);
    }
}
