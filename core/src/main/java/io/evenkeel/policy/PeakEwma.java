package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Two choices by peak-sensitive latency: the smaller average latency * (in flight + 1) / weight wins. The average jumps up to
 * any higher latency and decays from it. A replica with a call in flight and nothing known comes last; of one that was out and
 * comes back nothing is known.
 *
 * @param decay an average falls to 37 % in this time without calls, up to a day, default 10 s
 * @param failureCharge a failed call counts as if it had taken at least so many times the mean latency of all replicas (and
 *     as much as a second before that is known), 0 to 1,000, default 10; 0 counts the time it took, as Finagle does, and
 *     prefers a replica that fails fast
 * @param openAge whether the mean age of calls not answered yet counts as a latency, default true; Finagle sees a replica
 *     that hangs by its calls in flight only
 * @see <a href="https://github.com/twitter/finagle/blob/develop/finagle-core/src/main/scala/com/twitter/finagle/loadbalancer/PeakEwma.scala">Finagle's
 *     PeakEwma</a>
 */
public record PeakEwma(Duration decay, double failureCharge, boolean openAge) implements Policy {

    static final PeakEwma DEFAULTS = new PeakEwma(Duration.ofSeconds(10), 10, true);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public PeakEwma {
        Check.decay(decay);
        Check.range("failureCharge", failureCharge, 0, 1_000);
    }

    /** A copy with another time of decay, up to a day. */
    public PeakEwma withDecay(Duration decay) {
        return new PeakEwma(decay, failureCharge, openAge);
    }

    /** A copy that charges a failed call with so many mean latencies, 0 to 1,000. */
    public PeakEwma withFailureCharge(double failureCharge) {
        return new PeakEwma(decay, failureCharge, openAge);
    }

    /** A copy that counts, or does not count, the age of calls not answered yet. */
    public PeakEwma withOpenAge(boolean openAge) {
        return new PeakEwma(decay, failureCharge, openAge);
    }

    @Override
    public Object newState(Endpoint endpoint) {
        return new PeakLatency();
    }

    @Override
    public Selector selector(List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
        RunningMean mean =
                previous.orElse(null) instanceof PeakEwmaSelector before ? before.mean() : new RunningMean(50, 10);
        return new PeakEwmaSelector(this, all, mean);
    }

    @Override
    public String name() {
        return "peak EWMA";
    }
}
