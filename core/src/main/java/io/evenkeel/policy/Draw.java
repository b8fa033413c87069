package io.evenkeel.policy;

import java.util.List;

/** Draws an index in proportion to the weights, from 64 evenly distributed bits. Immutable. */
interface Draw {

    /** The index at {@code bits}, read as a fraction of 2^64. */
    int at(long bits);

    /** Whether all weights are equal. */
    boolean isUniform();

    /** The cheapest draw for the weights of a list. */
    static Draw of(List<Candidate> all) {
        return of(Weights.of(all));
    }

    /** The cheapest draw for these weights. */
    static Draw of(double[] weights) {
        for (double weight : weights) {
            if (weight != weights[0]) {
                return new AliasTable(weights);
            }
        }
        return new Uniform(weights.length);
    }

    /** Equal weights: a multiplication. */
    record Uniform(int size) implements Draw {
        @Override
        public int at(long bits) {
            return (int) Math.unsignedMultiplyHigh(bits, size);
        }

        @Override
        public boolean isUniform() {
            return true;
        }
    }
}
