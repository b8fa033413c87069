package io.evenkeel.examples;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What a request has to expect that comes while so many others are in flight: the median of the last 15 that came at such a
 * load, as in Prequal (NSDI 2024). A mean over all loads would lag behind the queue. Loads up to 7 have a bucket each, those
 * above four for each doubling.
 *
 * <p>Threads: any. A sample that is counted and not written yet is left out.
 */
final class LatencyAtLoad {

    private static final int BUCKETS = 40;
    private static final int SINGLE = 8;
    private static final int SAMPLES = 15;

    private final AtomicLongArray nanos = new AtomicLongArray(BUCKETS * SAMPLES);
    private final AtomicIntegerArray next = new AtomicIntegerArray(BUCKETS);

    /** A request that found {@code load} others in flight took so long. */
    void add(int load, long latencyNanos) {
        int bucket = bucket(load);
        int slot = next.getAndUpdate(bucket, last -> (last + 1) % SAMPLES);
        nanos.set(bucket * SAMPLES + slot, Math.max(1, latencyNanos));
    }

    /** What the next has to expect; where nothing is known of such a load, by the nearest that is known; 1 if none is. */
    long nanosAt(int load) {
        int bucket = bucket(load);
        for (int distance = 0; distance < BUCKETS; distance++) {
            long median = Math.max(median(bucket - distance), median(bucket + distance));
            if (median > 0) {
                return median;
            }
        }
        return 1;
    }

    static int bucket(int load) {
        if (load < SINGLE) {
            return Math.max(0, load);
        }
        int power = 31 - Integer.numberOfLeadingZeros(load);
        int quarter = load >>> (power - 2) & 3;
        return Math.min(BUCKETS - 1, SINGLE + 4 * (power - 3) + quarter);
    }

    /** 0 if there is none. */
    private long median(int bucket) {
        if (bucket < 0 || bucket >= BUCKETS) {
            return 0;
        }
        long[] known = new long[SAMPLES];
        int n = 0;
        for (int slot = 0; slot < SAMPLES; slot++) {
            long sample = nanos.get(bucket * SAMPLES + slot);
            if (sample > 0) {
                known[n++] = sample;
            }
        }
        Arrays.sort(known, 0, n);
        return known[n / 2];
    }
}
