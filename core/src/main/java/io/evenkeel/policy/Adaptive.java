package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Two choices and a memory, by expected latency: of two replicas drawn at random, and the best of those that answered lately,
 * the one with the smallest latency * (calls in flight + 1)^g / weight. Each part has a switch.
 *
 * <p>The latency is an estimate from few samples. It is shrunk towards the mean of all replicas, so that an unknown replica
 * is average and not best; it counts how long calls have been open that are not answered yet, so that a replica that
 * hangs is seen before a call has timed out; a failure is charged, so that a replica that fails fast attracts nobody. The
 * exponent g is 1 where many answers are known and 3 where none is: a client that sends a replica one call of many cannot
 * see its load, and one call of its own in flight there is then the best sign of it. A latency beyond twice the mean counts
 * with its square.
 *
 * <p>How far a remembered replica is preferred follows from what it pays: the policy measures whether those that it remembers
 * answer sooner than those that it draws. Where calls queue they do, and the more so, beside their cost, the less is known of
 * the drawn one. Where nothing queues differences are chance, and to follow them would only load some replicas
 * more than others.
 *
 * <p>Latencies are compared as multiples of the mean latency of the successful calls of all replicas, so nothing but
 * {@code decay} depends on how fast the service is.
 *
 * @param decay what was learnt loses all but 37 % of its weight in this time, or in 50 mean latencies if those are longer; up
 *     to a day, default 10 s; a client that gets some forty answers of an average replica in less time forgets over that, but for failures
 * @param memory whether replicas that answered lately are compared with the two drawn, default true
 * @param censoring whether open calls count by their age, default true
 * @param shrinkage whether estimates are drawn towards the mean, as by two more answers, default true
 * @param failureCharge a failed or overloaded call counts as so many mean latencies beside the time it took, 0 to 1,000,
 *     default 10; 0 turns it off
 * @param reports whether what replicas {@linkplain Selector#reported report} counts, default true
 */
public record Adaptive(
        Duration decay, boolean memory, boolean censoring, boolean shrinkage, double failureCharge, boolean reports)
        implements Policy {

    static final Adaptive DEFAULTS = new Adaptive(Duration.ofSeconds(10), true, true, true, 10, true);

    /** Checks every field.
     *
     * @throws IllegalArgumentException naming the bad field, its value and its range */
    public Adaptive {
        Check.decay(decay);
        Check.range("failureCharge", failureCharge, 0, 1_000);
    }

    /** A copy that forgets over another time, up to a day. */
    public Adaptive withDecay(Duration decay) {
        return new Adaptive(decay, memory, censoring, shrinkage, failureCharge, reports);
    }

    /** A copy that remembers, or does not remember, who answered lately. */
    public Adaptive withMemory(boolean memory) {
        return new Adaptive(decay, memory, censoring, shrinkage, failureCharge, reports);
    }

    /** A copy that counts, or does not count, the age of open calls. */
    public Adaptive withCensoring(boolean censoring) {
        return new Adaptive(decay, memory, censoring, shrinkage, failureCharge, reports);
    }

    /** A copy that draws, or does not draw, estimates towards the mean. */
    public Adaptive withShrinkage(boolean shrinkage) {
        return new Adaptive(decay, memory, censoring, shrinkage, failureCharge, reports);
    }

    /** A copy that charges a failure with so many mean latencies, 0 to 1,000; 0 turns it off. */
    public Adaptive withFailureCharge(double failureCharge) {
        return new Adaptive(decay, memory, censoring, shrinkage, failureCharge, reports);
    }

    /** A copy that heeds, or does not heed, what replicas report. */
    public Adaptive withReports(boolean reports) {
        return new Adaptive(decay, memory, censoring, shrinkage, failureCharge, reports);
    }

    @Override
    public Object newState(Endpoint endpoint) {
        return new Latency(Costs.prior(this));
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
