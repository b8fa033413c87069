package io.evenkeel.benchmarks.sim;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Chance, one stream for each purpose: what one draws leaves the others as they are. */
record Streams(long seed) {

    private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
            RandomGeneratorFactory.of("L64X128MixRandom");
    /** 2^64 divided by the golden ratio, odd. */
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;

    enum Purpose {
        /** When calls come. */
        ARRIVALS,
        /** Which client makes a call. */
        CALLERS,
        /** How much work a call is. */
        WORK,
        /** What a replica goes through. */
        COURSE,
        /** What a client's policy draws. */
        CLIENT
    }

    /** The stream of one of those who draw for {@code purpose}. */
    RandomGenerator of(Purpose purpose, int number) {
        return FACTORY.create(mix(mix(mix(seed) + purpose.name().hashCode()) + number));
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, Fast splittable pseudorandom number generators, 2014). */
    static long mix(long value) {
        long z = value + GOLDEN;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
