package io.evenkeel.benchmarks.sim;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * What one run gave. Times are those of calls that were answered well, repeats included, in nanoseconds; and infinite for
 * calls that had neither been answered nor failed long after the last one was made.
 *
 * @param calls how many were measured
 * @param mean time
 * @param p50 median time
 * @param p90 time that 90 % stay under
 * @param p99 time that 99 % stay under
 * @param p999 time that 99.9 % stay under
 * @param errors share of the calls that were not answered well in the end
 * @param lost share of the calls that were not, or too late
 * @param evenness calls sent to the replica that got most, over the mean of all replicas
 * @param repeats attempts beyond the first, over calls
 * @param probes messages beside calls and their answers, over calls
 * @param inRush share of the calls made in the rush that were answered well; NaN if there was none
 * @param recovery seconds from the end of the rush until 95 % of the calls of ten seconds were answered well; NaN if there was
 *     none, infinite if that never came
 * @param lostLater calls lost, over calls, that began more than eight mean latencies after the first call that the same client lost
 * @param parts what was asked for of parts of the time
 * @param shares what part of all attempts went to each replica
 */
public record Figures(
        long calls,
        double mean,
        double p50,
        double p90,
        double p99,
        double p999,
        double errors,
        double lost,
        double evenness,
        double repeats,
        double probes,
        double inRush,
        double recovery,
        double lostLater,
        List<Part> parts,
        List<Double> shares) {

    /**
     * What the calls made in a part of the time gave.
     *
     * @param lost share of them that were not answered well
     * @param p99 time that 99 % of the answered stayed under
     * @param abroad share of the attempts then that went to another zone than the caller's
     */
    public record Part(double lost, double p99, double abroad) {}

    private static final int SINGLE = 15;
    private static final int PER_PART = 3;

    /** All of them, exactly, in one line. */
    String print() {
        DoubleStream single = DoubleStream.of(
                (double) calls,
                mean,
                p50,
                p90,
                p99,
                p999,
                errors,
                lost,
                evenness,
                repeats,
                probes,
                inRush,
                recovery,
                lostLater,
                (double) parts.size());
        DoubleStream ofParts =
                parts.stream().flatMapToDouble(part -> DoubleStream.of(part.lost, part.p99, part.abroad));
        DoubleStream each = shares.stream().mapToDouble(Double::doubleValue);
        return DoubleStream.concat(DoubleStream.concat(single, ofParts), each)
                .mapToObj(Double::toHexString)
                .collect(Collectors.joining(" "));
    }

    /** What {@link #print} printed. */
    static Figures parse(String line) {
        List<Double> all = Arrays.stream(line.split(" ")).map(Double::valueOf).toList();
        return new Figures(
                all.get(0).longValue(),
                all.get(1),
                all.get(2),
                all.get(3),
                all.get(4),
                all.get(5),
                all.get(6),
                all.get(7),
                all.get(8),
                all.get(9),
                all.get(10),
                all.get(11),
                all.get(12),
                all.get(13),
                parts(all, all.get(14).intValue()),
                all.subList(SINGLE + PER_PART * all.get(14).intValue(), all.size()));
    }

    private static List<Part> parts(List<Double> all, int number) {
        return IntStream.range(0, number)
                .map(part -> SINGLE + PER_PART * part)
                .mapToObj(at -> new Part(all.get(at), all.get(at + 1), all.get(at + 2)))
                .toList();
    }
}
