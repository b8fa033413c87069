package io.evenkeel.policy;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The peak-sensitive average of one replica's latencies: a float, in nanoseconds, in the upper half of a word, and in the
 * lower half when it was true, in units of 2^20 ns (1.05 ms). Threads: any; a lost race is repeated.
 */
final class PeakLatency extends OpenCalls {

    private static final int UNIT_BITS = 20;
    private static final int HALF = 32;
    private static final long LOW = 0xFFFF_FFFFL;
    /** An hour. */
    private static final int FUTURE = 3_433_228;

    private static final VarHandle PEAK = peakHandle();

    private volatile long peak;

    /** Jumps up to a latency above the average; one below it counts the more the longer none has come. */
    void observe(double latencyNanos, long nowNanos, double perDecay) {
        int now = unit(nowNanos);
        long before;
        long after;
        do {
            before = peak;
            double kept = kept(before, now, perDecay);
            double nanos = nanos(before);
            double next = latencyNanos > nanos ? latencyNanos : nanos * kept + latencyNanos * (1 - kept);
            after = ((long) Float.floatToRawIntBits((float) next) << HALF) | (now & LOW);
        } while (!PEAK.compareAndSet(this, before, after));
    }

    /** Nothing is known any more but the calls that are open. */
    void forgive() {
        peak = 0;
    }

    /** The average now, if a latency of 0 came now; 0 if nothing is known. */
    double nanos(long nowNanos, double perDecay) {
        long now = peak;
        return nanos(now) * kept(now, unit(nowNanos), perDecay);
    }

    private static double nanos(long peak) {
        return Float.intBitsToFloat((int) (peak >> HALF));
    }

    private static double kept(long peak, int now, double perDecay) {
        int age = now - (int) peak;
        // One beyond 26 days looks like one from the future; only a little of that is, when threads race.
        long units = age < -FUTURE ? Integer.toUnsignedLong(age) : age;
        return Decay.after((double) units * (1 << UNIT_BITS) * perDecay);
    }

    private static int unit(long nanos) {
        return (int) (nanos >> UNIT_BITS);
    }

    private static VarHandle peakHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(PeakLatency.class, "peak", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }
}
