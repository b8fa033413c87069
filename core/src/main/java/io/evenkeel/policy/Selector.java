package io.evenkeel.policy;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.util.random.RandomGenerator;

/**
 * The choice made ready for one list of replicas.
 *
 * <p>Threads: every method may be called by any threads at once, on the path of calls: no lock, no allocation, a number of
 * steps that does not grow with the list. One that throws, or answers out of range, is logged once, and a random replica is
 * taken. One that answers a replica which the call has tried is overruled while another is left.
 */
public interface Selector {

    /**
     * Chooses.
     *
     * @param call what is known of the call; one that was {@linkplain Call#tried tried} is not chosen while another is
     *     left
     * @param nowNanos the balancer's clock, or 0 if the selector {@linkplain #needsTime() needs no time}
     * @return an index into the list that the selector was made for, or -1 if the call has tried them all
     */
    int select(Call call, long nowNanos, RandomGenerator random);

    /**
     * Whether {@link #select} looks at the time. Asked once per selector. Reading a clock waits for all that the processor
     * has begun, so a selector that does without is spared it until the choice is made.
     */
    default boolean needsTime() {
        return true;
    }

    /** A call begins on {@code candidate}, whoever chose it. */
    default void started(Candidate candidate, long nowNanos) {}

    /** A call was answered, or ended without an answer, after {@code latencyNanos}. */
    default void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {}

    /**
     * A call that was {@linkplain #answered answered} with SUCCESS failed after all: its body broke off. It is no more open, but
     * was in flight until now. Told once at most, after {@code answered}, maybe by a selector made later.
     */
    default void brokeOff(Candidate candidate, long nowNanos) {}

    /**
     * A replica said, with an answer, how busy it is, which a policy may heed. A value that makes no sense is ignored.
     *
     * @param inFlight calls that the replica had in flight, of all its clients, without the one answered: 0 or more
     * @param latencyNanos the latency that it expects of one more, in nanoseconds; NaN if it did not say
     */
    default void reported(Candidate candidate, double inFlight, double latencyNanos, long nowNanos) {}

    /**
     * A replica that was out, ejected or behind an open breaker, comes back, by a ramp of its weight: what it did before has
     * had its consequence. Not on the path of calls.
     */
    default void returned(Candidate candidate) {}

    /** What the selector compares, lower is better; NaN if it does not compare. For explanations only. */
    default double score(Candidate candidate, long nowNanos) {
        return Double.NaN;
    }
}
