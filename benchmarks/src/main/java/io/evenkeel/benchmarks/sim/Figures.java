package io.evenkeel.benchmarks.sim;

import java.util.List;

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
        List<Double> shares) {}
