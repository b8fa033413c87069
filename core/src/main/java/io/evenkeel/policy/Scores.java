package io.evenkeel.policy;

/**
 * Weighted rendezvous hashing: a key gives each replica a score of its own, and the highest wins, in proportion to the
 * weights. A score does not depend on who else is there, so whoever leaves moves no keys but its own.
 *
 * <p>Thaler, Ravishankar, Using Name-Based Mappings to Increase Hit Rates, 1998; Schindelhauer, Schomaker, Weighted
 * Distributed Hash Tables, 2005. The same in every process, since only operations are used whose results Java defines to the
 * last bit, which {@code Math.log} is not.
 */
final class Scores {

    private static final int NUMBER_BITS = 53;
    private static final int FRACTION_BITS = 52;
    private static final int EXPONENT_BIAS = 1023;
    private static final long FRACTION = (1L << FRACTION_BITS) - 1;
    private static final long ONE = Double.doubleToRawLongBits(1);

    // How far a logarithm is above the line between two powers of two, by the distances to both.
    private static final double C0 = 0.442_559_048_590_837;
    private static final double C1 = -0.275_736_476_153_100_2;
    private static final double C2 = 0.182_017_063_619_640_5;
    private static final double C3 = -0.095_495_119_067_065_65;
    private static final double C4 = 0.025_403_683_776_162_634;

    private final long[] seeds;
    private final double[] perWeight;
    private final boolean equal;

    /** Of replicas whose ids have these hashes. */
    Scores(long[] seeds, double[] weights) {
        this.seeds = seeds;
        this.perWeight = new double[weights.length];
        boolean same = true;
        for (int i = 0; i < weights.length; i++) {
            perWeight[i] = 1 / weights[i];
            same &= weights[i] == weights[0];
        }
        this.equal = same;
    }

    /** The replica with the highest score of those from {@code from} to before {@code to}. */
    int highest(long hash, int from, int to) {
        return to - from == 1 ? from : equal ? highestOfEqual(hash, from, to) : highestOfUnequal(hash, from, to);
    }

    /** The logarithm grows with its number, so equal weights need none. */
    private int highestOfEqual(long hash, int from, int to) {
        int best = from;
        long most = -1;
        for (int i = from; i < to; i++) {
            long number = number(hash, i);
            if (number > most) {
                most = number;
                best = i;
            }
        }
        return best;
    }

    private int highestOfUnequal(long hash, int from, int to) {
        int best = from;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            double score = score(hash, i);
            if (score > most) {
                most = score;
                best = i;
            }
        }
        return best;
    }

    /** Logarithm of a uniform number, over the weight: 0 or less. */
    double score(long hash, int i) {
        return (log2(number(hash, i) + 0.5) - NUMBER_BITS) * perWeight[i];
    }

    /** Within 5e-6 of the true value, and exact at powers of two, so that pieces meet. For 0.5 and more. */
    static double log2(double x) {
        long bits = Double.doubleToRawLongBits(x);
        double f = Double.longBitsToDouble((bits & FRACTION) | ONE) - 1;
        double curve = C0 + f * (C1 + f * (C2 + f * (C3 + f * C4)));
        return (bits >> FRACTION_BITS) - EXPONENT_BIAS + f + f * (1 - f) * curve;
    }

    private long number(long hash, int i) {
        return ConsistentHash.mix(hash ^ seeds[i]) >>> (Long.SIZE - NUMBER_BITS);
    }
}
