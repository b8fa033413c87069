package io.evenkeel.policy;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@link PeakEwma} made ready for one list. */
final class PeakEwmaSelector implements Selector {

    /** The cost of a replica of which nothing is known but that a call is in flight: Finagle's {@code Long.MaxValue >> 16}. */
    private static final double UNKNOWN = Long.MAX_VALUE >> 16;

    /** What a failure is charged with before any call has succeeded. */
    private static final double SECOND = 1e9;

    private final Candidate[] all;
    private final PeakLatency[] latencies;
    private final Pairs pairs;
    private final RunningMean mean;
    private final double perDecay;
    private final double failureCharge;
    private final boolean openAge;

    PeakEwmaSelector(PeakEwma settings, List<Candidate> all, RunningMean mean) {
        this.all = all.toArray(Candidate[]::new);
        this.latencies = all.stream().map(c -> (PeakLatency) c.state()).toArray(PeakLatency[]::new);
        this.pairs = new Pairs(all);
        this.mean = mean;
        this.perDecay = 1.0 / settings.decay().toNanos();
        this.failureCharge = settings.failureCharge();
        this.openAge = settings.openAge();
    }

    RunningMean mean() {
        return mean;
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        long pair = pairs.draw(call, random);
        int a = Pairs.first(pair);
        int b = Pairs.second(pair);
        if (a == b) {
            return a;
        }
        int inA = all[a].inFlight();
        int inB = all[b].inFlight();
        double costA = cost(latencies[a], inA, nowNanos);
        double costB = cost(latencies[b], inB, nowNanos);
        return pairs.beats(b, costB, inB, a, costA, inA) ? b : a;
    }

    private double cost(PeakLatency latency, int inFlight, long now) {
        double nanos = latency.nanos(now, perDecay);
        if (nanos == 0 && inFlight != 0) {
            return UNKNOWN + inFlight;
        }
        return (openAge ? Math.max(nanos, latency.meanAgeNanos(now)) : nanos) * (inFlight + 1.0);
    }

    @Override
    public void started(Candidate candidate, long nowNanos) {
        if (openAge && candidate.state() instanceof PeakLatency latency) {
            latency.began(nowNanos);
        }
    }

    @Override
    public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {
        if (!(candidate.state() instanceof PeakLatency latency)) {
            return;
        }
        if (openAge) {
            latency.ended(nowNanos - latencyNanos);
        }
        double took = Math.max(0, latencyNanos);
        switch (outcome) {
            case SUCCESS -> {
                mean.add(took);
                latency.observe(took, nowNanos, perDecay);
            }
            case FAILURE, OVERLOADED -> latency.observe(Math.max(took, charge()), nowNanos, perDecay);
            case IGNORED -> {
                // It would have taken longer: only news if it is a peak.
                if (took > latency.nanos(nowNanos, perDecay)) {
                    latency.observe(took, nowNanos, perDecay);
                }
            }
        }
    }

    @Override
    public void brokeOff(Candidate candidate, long nowNanos) {
        if (failureCharge > 0 && candidate.state() instanceof PeakLatency latency) {
            latency.observe(charge(), nowNanos, perDecay);
        }
    }

    private double charge() {
        if (failureCharge == 0) {
            return 0;
        }
        double nanos = mean.value();
        return nanos == 0 ? SECOND : failureCharge * nanos;
    }

    @Override
    public void returned(Candidate candidate) {
        if (candidate.state() instanceof PeakLatency latency) {
            latency.forgive();
        }
    }

    /** In seconds. */
    @Override
    public double score(Candidate candidate, long nowNanos) {
        return candidate.state() instanceof PeakLatency latency
                ? cost(latency, candidate.inFlight(), nowNanos) / candidate.weight() / SECOND
                : Double.NaN;
    }
}
