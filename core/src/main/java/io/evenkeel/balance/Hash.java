package io.evenkeel.balance;

/** Hashes that every client computes alike, on every machine. */
final class Hash {

    private static final long FNV_OFFSET = 0xCBF2_9CE4_8422_2325L;
    private static final long FNV_PRIME = 0x0000_0100_0000_01B3L;
    private static final int FRACTION_BITS = 53;

    private Hash() {}

    /** Of all 64 bits; FNV-1a, finished by {@link #mix}. */
    static long of(String text) {
        long hash = FNV_OFFSET;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return mix(hash);
    }

    /** Every bit depends on every bit: the finisher of SplitMix64. */
    static long mix(long bits) {
        long a = (bits ^ (bits >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return b ^ (b >>> 31);
    }

    /** As a number from 0 to 1, without 1. */
    static double unit(long hash) {
        return (hash >>> (Long.SIZE - FRACTION_BITS)) * 0x1.0p-53;
    }
}
