package io.evenkeel.examples;

import java.util.Arrays;
import java.util.List;

/** The latencies of some calls, in order. */
final class Latencies {

    private final long[] sortedNanos;

    private Latencies(long[] sortedNanos) {
        this.sortedNanos = sortedNanos;
    }

    static Latencies of(List<Load.Sample> samples) {
        long[] nanos = samples.stream().mapToLong(Load.Sample::latencyNanos).toArray();
        Arrays.sort(nanos);
        return new Latencies(nanos);
    }

    /** In milliseconds, what a share of the calls, above 0 to 1, stayed within; 0 if there were none. */
    double millis(double share) {
        int rank = (int) Math.ceil(share * sortedNanos.length);
        return rank == 0 ? 0 : sortedNanos[rank - 1] / 1e6;
    }
}
