package io.evenkeel.benchmarks.sim;

import io.evenkeel.Call;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Calls with keys, some of which are much commoner than others: Zipf's law with exponent 1.1, of one client that
 * always has ten calls in flight for each replica. Needs no clock: each call ends when so many more have begun.
 *
 * @param fullest the most calls in flight at one replica, over the mean of all; the largest of the run
 * @param usual the same, in the mean of the run
 * @param atFirst share of the calls that went where they go when nobody is busy
 * @param moved share of keys that go elsewhere when one replica is gone
 * @param misses share of the calls whose key their replica met for the first time
 */
public record KeyedChoice(double fullest, double usual, double atFirst, double moved, double misses) {

    private static final int KEYS = 100_000;
    private static final int IN_FLIGHT_EACH = 10;
    private static final double EXPONENT = 1.1;

    /** So many calls to {@code replicas} by consistent hashing, which share replicas' room if {@code bounded}, and else do not see it. */
    public static KeyedChoice run(int replicas, int calls, boolean bounded, long seed) {
        int open = replicas * IN_FLIGHT_EACH;
        Streams streams = new Streams(seed);
        World world = new World(streams, 0, Long.MAX_VALUE, Collections.nCopies(replicas, Script.of(1)), 1);
        RandomGenerator random = streams.of(Streams.Purpose.CLIENT, 0);
        List<BareCandidate> idle = candidates(world);
        List<BareCandidate> busy = candidates(world);
        Selector first = selector(idle, random);
        Selector actual = selector(bounded ? busy : idle, random);
        double[] zipf = zipf();
        Queue<BareCandidate> inFlight = new ArrayDeque<>();
        Set<Long> met = new HashSet<>();
        double fullest = 0;
        double sum = 0;
        int atFirst = 0;
        int misses = 0;
        for (int i = 0; i < calls; i++) {
            int key = rank(zipf, random.nextDouble());
            Call call = call(key);
            int chosen = actual.select(call, 0, random);
            atFirst += chosen == first.select(call, 0, random) ? 1 : 0;
            misses += met.add((long) key * replicas + chosen) ? 1 : 0;
            busy.get(chosen).begin(0);
            inFlight.add(busy.get(chosen));
            if (inFlight.size() > open) {
                inFlight.remove().end();
            }
            double most = busy.stream().mapToInt(Candidate::inFlight).max().orElseThrow();
            double ratio = most * replicas / inFlight.size();
            sum += i < open ? 0 : ratio;
            fullest = i < open ? 0 : Math.max(fullest, ratio);
        }
        return new KeyedChoice(
                fullest,
                sum / Math.max(1, calls - open),
                (double) atFirst / calls,
                moved(idle, random),
                (double) misses / calls);
    }

    private static List<BareCandidate> candidates(World world) {
        Policy policy = Policy.consistentHash();
        return world.origins().stream()
                .map(origin -> new BareCandidate(origin, policy.newState(origin.endpoint())))
                .toList();
    }

    private static Selector selector(List<BareCandidate> candidates, RandomGenerator random) {
        return Policy.consistentHash().selector(List.copyOf(candidates), Optional.empty(), 0, random);
    }

    private static double moved(List<BareCandidate> all, RandomGenerator random) {
        List<BareCandidate> less = all.subList(1, all.size());
        Selector before = selector(all, random);
        Selector after = selector(less, random);
        int moved = 0;
        for (int key = 0; key < KEYS; key++) {
            Candidate one = all.get(before.select(call(key), 0, random));
            Candidate other = less.get(after.select(call(key), 0, random));
            moved += one.endpoint().equals(other.endpoint()) ? 0 : 1;
        }
        return (double) moved / KEYS;
    }

    private static Call call(int key) {
        return Call.any().withKey("key-" + key);
    }

    private static double[] zipf() {
        double[] sums = new double[KEYS];
        double sum = 0;
        for (int rank = 0; rank < KEYS; rank++) {
            sum += Math.pow(rank + 1, -EXPONENT);
            sums[rank] = sum;
        }
        return sums;
    }

    private static int rank(double[] sums, double chance) {
        int place = Arrays.binarySearch(sums, chance * sums[KEYS - 1]);
        return Math.min(KEYS - 1, place < 0 ? -place - 1 : place);
    }
}
