package io.evenkeel.benchmarks.sim;

import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts the calls that are measured. */
final class Tally {

    private final Histogram latencies = new Histogram(3);
    private final long[] sent;
    private final long lateNanos;
    private double sumNanos;
    private long begun;
    private long answered;
    private long failed;
    private long late;
    private final @Nullable Recovery recovery;

    /** Of a run with so many origins, in which an answer after {@code lateNanos} is late, and a rush may be recovered from. */
    Tally(int origins, long lateNanos, @Nullable Recovery recovery) {
        this.recovery = recovery;
        this.sent = new long[origins];
        this.lateNanos = lateNanos;
        latencies.setAutoResize(true);
    }

    void begin(long startNanos) {
        begun++;
        if (recovery != null) {
            recovery.made(startNanos);
        }
    }

    void sent(int origin) {
        sent[origin]++;
    }

    void ended(boolean well, long startNanos, long latencyNanos) {
        if (well && recovery != null) {
            recovery.answered(startNanos);
        }
        if (!well) {
            failed++;
            return;
        }
        answered++;
        sumNanos += latencyNanos;
        latencies.recordValue(latencyNanos);
        if (latencyNanos > lateNanos) {
            late++;
        }
    }

    boolean allEnded() {
        return answered + failed == begun;
    }

    /** With so many messages beside calls and answers, for each call. */
    Figures figures(double probes) {
        long attempts = Arrays.stream(sent).sum();
        long most = Arrays.stream(sent).max().orElse(0);
        return new Figures(
                begun,
                open() > 0 ? Double.POSITIVE_INFINITY : sumNanos / answered,
                percentile(50),
                percentile(90),
                percentile(99),
                percentile(99.9),
                share(begun - answered, begun),
                share(begun - answered + late, begun),
                (double) most * sent.length / attempts,
                share(attempts - begun, begun),
                probes,
                recovery == null ? Double.NaN : recovery.inRush(),
                recovery == null ? Double.NaN : recovery.seconds(),
                Arrays.stream(sent).mapToObj(each -> share(each, attempts)).toList());
    }

    private long open() {
        return begun - answered - failed;
    }

    /** The calls that are still open come last. */
    private double percentile(double percentile) {
        if (answered + open() == 0) {
            return Double.NaN;
        }
        double ofAnswered = percentile * (answered + open()) / answered;
        return ofAnswered > 100 ? Double.POSITIVE_INFINITY : latencies.getValueAtPercentile(ofAnswered);
    }

    private static double share(long part, long whole) {
        return (double) part / whole;
    }
}
