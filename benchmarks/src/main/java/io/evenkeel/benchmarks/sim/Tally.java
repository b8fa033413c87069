package io.evenkeel.benchmarks.sim;

import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts the calls that are measured. */
final class Tally {

    private static final double EVIDENCE = 8;

    private final Histogram latencies = new Histogram(3);
    private final long[] sent;
    private final long lateNanos;
    private double sumNanos;
    private long begun;
    private long answered;
    private long failed;
    private long late;
    private long lostLater;
    /** When the first call that a client lost began. */
    private final long[] firstLost;

    private final @Nullable Recovery recovery;
    private final List<Period> periods;

    /** Of a run with so many origins and clients, in which an answer after {@code lateNanos} is late, a rush may be recovered
     * from, and parts of the time are looked at by themselves. */
    Tally(int origins, int clients, long lateNanos, @Nullable Recovery recovery, List<Period> periods) {
        this.recovery = recovery;
        this.periods = periods;
        this.firstLost = new long[clients];
        Arrays.fill(firstLost, Long.MAX_VALUE);
        this.sent = new long[origins];
        this.lateNanos = lateNanos;
        latencies.setAutoResize(true);
    }

    void begin(long startNanos) {
        begun++;
        periods.forEach(period -> period.begin(startNanos));
        if (recovery != null) {
            recovery.made(startNanos);
        }
    }

    void sent(int origin, long nowNanos, boolean toAnotherZone) {
        sent[origin]++;
        periods.forEach(period -> period.sent(nowNanos, toAnotherZone));
    }

    void ended(boolean well, int client, long startNanos, long latencyNanos) {
        if (well && recovery != null) {
            recovery.answered(startNanos);
        }
        if (!well) {
            failed++;
            lost(client, startNanos);
            return;
        }
        answered++;
        sumNanos += latencyNanos;
        latencies.recordValue(latencyNanos);
        periods.forEach(period -> period.answered(startNanos, latencyNanos));
        if (latencyNanos > lateNanos) {
            late++;
        }
    }

    /** With the first call that is eight mean latencies old a client has had its evidence, if not before. */
    private void lost(int client, long startNanos) {
        double evidence = firstLost[client] + EVIDENCE * sumNanos / answered;
        lostLater += startNanos > evidence ? 1 : 0;
        firstLost[client] = Math.min(firstLost[client], startNanos);
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
                share(Math.max(0, attempts - begun), begun),
                probes,
                recovery == null ? Double.NaN : recovery.inRush(),
                recovery == null ? Double.NaN : recovery.seconds(),
                share(lostLater, begun),
                periods.stream().map(Period::figures).toList(),
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
