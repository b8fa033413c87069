package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Two choices and a memory, by expected latency: of two replicas drawn at random, and the last few that answered, the one
 * with the smallest latency * (calls in flight + 1)^g / weight. Each part has a switch.
 *
 * <p>The latency is an estimate from few samples. It is shrunk towards the mean of all replicas, so that an unknown replica
 * is average and not best; it counts how long calls have been open that are not answered yet, so that a replica that
 * hangs is seen before a call has timed out; a failure is charged, so that a replica that fails fast attracts nobody. The
 * exponent g is 1 where many answers are known and 3 where none is: a client that sends a replica one call of many cannot
 * see its load, and one call of its own in flight there is then the best sign of it.
 *
 * <p>Latencies are compared as multiples of the mean latency of the successful calls of all replicas, so no setting but
 * {@code decay} depends on how fast the service is.
 *
 * @param decay what was learnt loses all but 37 % of its weight in this time, or in 50 mean latencies if those are longer; up
 *     to a day, default 10 s
 * @param samples the last answers of a replica that count, 2 to 16, default 16, so that a busy client need not wait for the
 *     decay
 * @param prior as many answers of mean latency are added to each replica's own, 0 to 100, default 2; 0 turns shrinkage off
 * @param sparsity with so many answers known a client trusts them half: g is then 2; 0 to 100, default 4; 0 trusts any
 * @param freshness the last answer counts beside the estimate, by half at most, and is forgotten over so many mean
 *     latencies, 0 to 1,000, default 2; 0 gives it no part
 * @param memory how many of the last replicas to answer well are compared with the two drawn, 0 to 16, default 4; 0 turns
 *     it off
 * @param margin one of them must cost less than so much of the better of the two, 0.01 to 1, default 0.8, so that equal
 *     replicas get equal shares from a quiet client
 * @param memoryAge it must have answered within so many mean latencies, 0.01 to 10,000, default 4
 * @param censoring whether open calls count by their age, default true
 * @param failureCharge a failed or overloaded call counts as so many mean latencies beside the time it took, 0 to 1,000,
 *     default 10; 0 turns it off
 * @param reports whether what replicas {@linkplain Selector#reported report} counts, default true
 */
public record Adaptive(
        Duration decay,
        int samples,
        double prior,
        double sparsity,
        double freshness,
        int memory,
        double margin,
        double memoryAge,
        boolean censoring,
        double failureCharge,
        boolean reports)
        implements Policy {

    static final Adaptive DEFAULTS = new Adaptive(Duration.ofSeconds(10), 16, 2, 4, 2, 4, 0.8, 4, true, 10, true);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Adaptive {
        Check.decay(decay);
        Check.range("samples", samples, 2, Latency.MOST_ANSWERS);
        Check.range("prior", prior, 0, 100);
        Check.range("sparsity", sparsity, 0, 100);
        Check.range("freshness", freshness, 0, 1_000);
        Check.range("memory", memory, 0, 16);
        Check.range("margin", margin, 0.01, 1);
        Check.range("memoryAge", memoryAge, 0.01, 10_000);
        Check.range("failureCharge", failureCharge, 0, 1_000);
    }

    /** A copy that forgets over another time, up to a day. */
    public Adaptive withDecay(Duration decay) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that counts so many answers of a replica, 2 to 16. */
    public Adaptive withSamples(int samples) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that shrinks estimates by so many answers of mean latency, 0 to 100; 0 turns it off. */
    public Adaptive withPrior(double prior) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that trusts so many answers half, 0 to 100; 0 trusts any. */
    public Adaptive withSparsity(double sparsity) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that forgets the last answer over so many mean latencies, 0 to 1,000; 0 gives it no part. */
    public Adaptive withFreshness(double freshness) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that remembers so many replicas, 0 to 16; 0 turns it off. */
    public Adaptive withMemory(int memory) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that prefers a remembered replica only if it costs less than {@code margin} of the better drawn one, 0.01 to 1,
     * and answered within {@code memoryAge} mean latencies, 0.01 to 10,000. */
    public Adaptive withMargin(double margin, double memoryAge) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that counts, or does not count, the age of open calls. */
    public Adaptive withCensoring(boolean censoring) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that charges a failure with so many mean latencies, 0 to 1,000; 0 turns it off. */
    public Adaptive withFailureCharge(double failureCharge) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    /** A copy that heeds, or does not heed, what replicas report. */
    public Adaptive withReports(boolean reports) {
        return new Adaptive(
                decay,
                samples,
                prior,
                sparsity,
                freshness,
                memory,
                margin,
                memoryAge,
                censoring,
                failureCharge,
                reports);
    }

    @Override
    public Object newState(Endpoint endpoint) {
        return new Latency();
    }

    @Override
    public Selector selector(List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
        return previous.orElse(null) instanceof AdaptiveSelector before && before.isOf(this)
                ? new AdaptiveSelector(all, before)
                : new AdaptiveSelector(this, all);
    }

    @Override
    public String name() {
        return "adaptive";
    }
}
