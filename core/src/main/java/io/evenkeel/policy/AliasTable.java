package io.evenkeel.policy;

/**
 * A weighted draw in constant time: each column holds its own index up to a threshold and one other above it.
 *
 * <p>Vose, A Linear Algorithm for Generating Random Numbers with a Given Distribution, 1991.
 */
final class AliasTable implements Draw {

    private static final double TWO_TO_63 = 0x1p63;

    /** In 2^-63 of a column, so that a full column fits a positive long. */
    private final long[] threshold;

    private final int[] alias;

    AliasTable(double[] weights) {
        int n = weights.length;
        double sum = 0;
        for (double weight : weights) {
            sum += weight;
        }
        double[] scaled = new double[n];
        int[] small = new int[n];
        int[] large = new int[n];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < n; i++) {
            scaled[i] = weights[i] / sum * n;
            if (scaled[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        threshold = new long[n];
        alias = new int[n];
        while (smalls > 0 && larges > 0) {
            int less = small[--smalls];
            int more = large[larges - 1];
            put(less, scaled[less], more);
            scaled[more] -= 1 - scaled[less];
            if (scaled[more] < 1) {
                larges--;
                small[smalls++] = more;
            }
        }
        // What is left is full but for rounding.
        while (larges > 0) {
            int full = large[--larges];
            put(full, 1, full);
        }
        while (smalls > 0) {
            int full = small[--smalls];
            put(full, 1, full);
        }
    }

    private void put(int column, double share, int other) {
        threshold[column] = share >= 1 ? Long.MAX_VALUE : (long) (share * TWO_TO_63);
        alias[column] = other;
    }

    @Override
    public int at(long bits) {
        int column = (int) Math.unsignedMultiplyHigh(bits, threshold.length);
        long within = (bits * threshold.length) >>> 1;
        return within < threshold[column] ? column : alias[column];
    }

    @Override
    public boolean isUniform() {
        return false;
    }
}
