package io.evenkeel;

/** Seeds of tests that draw at random: the same in every run, unless {@code -Dtest.seed=N} asks for others. */
public final class Seeds {

    private static final long OTHERS = Long.getLong("test.seed", 0);
    /** The golden ratio: seeds that are near each other stay apart. */
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private Seeds() {}

    public static long of(long seed) {
        return seed + OTHERS * STEP;
    }
}
