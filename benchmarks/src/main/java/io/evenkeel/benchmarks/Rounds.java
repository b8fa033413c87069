package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Runs variants in turn, in a new order each round. What disturbs a machine lasts longer than a round, so that a
 * ratio of two variants in the same round is worth more than a ratio of their means.
 */
final class Rounds {

    private Rounds() {}

    /** A short run of one variant, which gives a number for each metric. */
    @FunctionalInterface
    interface Slice {
        Map<String, Double> run() throws Exception;
    }

    static Samples run(Map<String, Slice> variants, int rounds, long seed) throws Exception {
        Samples samples = new Samples();
        run(variants, rounds, seed, samples);
        return samples;
    }

    /** Adds to {@code samples}. */
    static void run(Map<String, Slice> variants, int rounds, long seed, Samples samples) throws Exception {
        Random random = new Random(seed);
        List<Map.Entry<String, Slice>> order = new ArrayList<>(variants.entrySet());
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (Map.Entry<String, Slice> variant : order) {
                variant.getValue().run().forEach((metric, value) -> samples.add(variant.getKey(), metric, value));
            }
        }
    }
}
