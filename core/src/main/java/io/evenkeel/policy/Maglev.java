package io.evenkeel.policy;

import io.evenkeel.Call;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A long list: a table leads from a key to a group of replicas, and the highest score to one of them. A replica's group
 * goes by its id; a group's weight is its replicas' sum. So the table is as short, and made as fast, for 10,000 replicas as
 * for 100, and still gives each its share.
 *
 * <p>The table is Maglev's (Eisenbud et al., NSDI 2016), with groups for backends. A change of one weight moves, besides what
 * it must, up to a hundredth of all keys.
 */
final class Maglev extends ConsistentHash {

    private static final int PROBES = 16;
    /** Whose calls in flight stand for those of all: their mean is off by a tenth of its spread. */
    private static final int SAMPLES = 128;

    private static final int GROUP_BITS = 10;
    private static final int GROUPS = 1 << GROUP_BITS;
    /** A prime: 64 slots for each group, so that a share is rounded by less than a hundredth, and 128 KiB. */
    private static final int SIZE = 65_537;

    private static final char FREE = GROUPS;

    /** The replicas, group by group, as indices of the list. */
    private final int[] members = new int[all.length];
    /** Where each group begins among them, and the last one ends. */
    private final int[] begin = new int[GROUPS + 1];

    private final Scores scores;
    private final char[] table;

    Maglev(List<Candidate> all) {
        super(all);
        long[] hashes = hashes();
        long[] seeds = new long[hashes.length];
        double[] weightOf = new double[hashes.length];
        group(hashes);
        for (int i = 0; i < members.length; i++) {
            seeds[i] = hashes[members[i]];
            weightOf[i] = weights[members[i]];
        }
        this.scores = new Scores(seeds, weightOf);
        this.table = fill(weightOfGroups(weightOf), weightSum / Math.min(GROUPS, members.length));
    }

    private static int group(long hash) {
        return (int) (hash >>> -GROUP_BITS);
    }

    private void group(long[] hashes) {
        for (long hash : hashes) {
            begin[group(hash) + 1]++;
        }
        for (int group = 0; group < GROUPS; group++) {
            begin[group + 1] += begin[group];
        }
        int[] next = Arrays.copyOf(begin, GROUPS);
        for (int i = 0; i < hashes.length; i++) {
            members[next[group(hashes[i])]++] = i;
        }
    }

    private double[] weightOfGroups(double[] weightOf) {
        double[] sums = new double[GROUPS];
        for (int group = 0; group < GROUPS; group++) {
            for (int i = begin[group]; i < begin[group + 1]; i++) {
                sums[group] += weightOf[i];
            }
        }
        return sums;
    }

    @Override
    int home(long hash) {
        int group = table[(int) Math.unsignedMultiplyHigh(hash, SIZE)];
        return members[scores.highest(hash, begin[group], begin[group + 1])];
    }

    /** The first with room of those that hashes of the hash lead to; a key that has filled them all goes anywhere. */
    @Override
    int elsewhere(long hash, Call call, int home, RandomGenerator random) {
        long samples = random.nextLong(); // not the key's: a hot one would go by the same few for ever
        long inFlight = 0;
        double weight = 0;
        for (int i = 0; i < SAMPLES; i++) {
            int sample = (int) Math.unsignedMultiplyHigh(mix(samples + i), all.length);
            inFlight += all[sample].inFlight();
            weight += weights[sample];
        }
        int least = -1;
        for (int probe = 0; probe < 2 * PROBES; probe++) {
            int i = probe == 0 ? home : home(mix(probe + (probe < PROBES ? hash : samples)));
            if (!call.tried(all[i].endpoint())) {
                if (withinBound(i, inFlight, weight)) {
                    return i;
                }
                least = lessBusy(least, i);
            }
        }
        return least < 0 ? Untried.from(home, all, call) : least;
    }

    /**
     * Groups take turns to claim the next free slots of their own permutation: on average one or two slots a turn, heavier
     * ones more, a claim rounded being made up for in turns to come.
     */
    private static char[] fill(double[] weights, double meanWeight) {
        int[] next = new int[GROUPS];
        int[] skip = new int[GROUPS];
        double[] credit = new double[GROUPS];
        for (int group = 0; group < GROUPS; group++) {
            long seed = mix(group + 1);
            next[group] = (int) Long.remainderUnsigned(seed, SIZE);
            skip[group] = (int) Long.remainderUnsigned(mix(seed), SIZE - 1) + 1;
            credit[group] = 0.5;
        }
        double unit = unit(meanWeight);
        char[] slots = new char[SIZE];
        Arrays.fill(slots, FREE);
        for (int filled = 0; filled < SIZE; ) {
            for (int group = 0; group < GROUPS; group++) {
                credit[group] += weights[group] / unit;
                for (; credit[group] >= 1 && filled < SIZE; credit[group]--, filled++) {
                    next[group] = claim(slots, (char) group, next[group], skip[group]);
                }
            }
        }
        return slots;
    }

    /** The first free slot from {@code slot} on. */
    private static int claim(char[] slots, char group, int slot, int skip) {
        int free = slot;
        while (slots[free] != FREE) {
            free += skip;
            free -= free < SIZE ? 0 : SIZE;
        }
        slots[free] = group;
        return free;
    }

    /** The weight of a slot a turn: a power of two, which stays while the mean moves a little. */
    private static double unit(double meanWeight) {
        return Math.scalb(1.0, Math.getExponent(meanWeight * 1.4));
    }
}
