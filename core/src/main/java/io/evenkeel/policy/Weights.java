package io.evenkeel.policy;

import java.util.Arrays;
import java.util.List;

/** The weights of a list as policies use them: whatever a candidate says, numbers that can be added and divided by. */
final class Weights {

    private static final double LEAST = 1e-100;
    private static final double MOST = 1e100;

    private Weights() {}

    /** What is no number, or not above 0, is 0; if that is all of them, all weigh the same. */
    static double[] of(List<Candidate> all) {
        double[] weights = new double[all.size()];
        boolean any = false;
        for (int i = 0; i < weights.length; i++) {
            weights[i] = sane(all.get(i).weight());
            any |= weights[i] > 0;
        }
        if (!any) {
            Arrays.fill(weights, 1);
        }
        return weights;
    }

    private static double sane(double weight) {
        return weight > 0 ? Math.min(Math.max(weight, LEAST), MOST) : 0;
    }
}
