package io.evenkeel.benchmarks.sim;

/** A quantile of the last times: those before the last thousand count half, those before the last two thousand a quarter, and so on. */
final class Quantile {

    private static final int WINDOW = 1_000;
    /** The bits of a float from which on they tell the bucket: its exponent, and two bits more for four buckets an octave. */
    private static final int BUCKET_BITS = 21;
    /** Of 1 ns. */
    private static final int FIRST = Float.floatToRawIntBits(1) >> BUCKET_BITS;

    private final double part;
    private final int[] counts = new int[4 * Long.SIZE];
    private int total;
    private int sinceHalved;

    /** Below it are so many of all, as a part of 1. */
    Quantile(double part) {
        this.part = part;
    }

    void add(long nanos) {
        counts[(Float.floatToRawIntBits((float) Math.max(1, nanos)) >> BUCKET_BITS) - FIRST]++;
        total++;
        if (++sinceHalved == WINDOW) {
            halve();
        }
    }

    private void halve() {
        sinceHalved = 0;
        total = 0;
        for (int i = 0; i < counts.length; i++) {
            counts[i] /= 2;
            total += counts[i];
        }
    }

    /** How many times count. */
    int total() {
        return total;
    }

    /** The upper end of the bucket it is in, up to a quarter more than it is. */
    long nanos() {
        double left = (1 - part) * total;
        int bucket = counts.length - 1;
        for (int above = counts[bucket]; bucket > 0 && above <= left; above += counts[bucket]) {
            bucket--;
        }
        return (long) Float.intBitsToFloat((bucket + 1 + FIRST) << BUCKET_BITS);
    }
}
