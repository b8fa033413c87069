package io.evenkeel.benchmarks.sim;

import java.util.random.RandomGenerator;

/** How calls follow each other: the time to the next one, in mean times between them. */
@FunctionalInterface
public interface Gaps {

    /** The next one, 0 or more; 1 in the mean. */
    double next(RandomGenerator random);

    /** As independent callers make them: a Poisson process. */
    static Gaps poisson() {
        return RandomGenerator::nextExponential;
    }

    /** Like clockwork. */
    static Gaps even() {
        return random -> 1;
    }

    /** Bursts, geometrically distributed about {@code mean} calls at once, in a Poisson process. */
    static Gaps bursts(double mean) {
        return random -> random.nextDouble() * mean < 1 ? random.nextExponential() * mean : 0;
    }
}
