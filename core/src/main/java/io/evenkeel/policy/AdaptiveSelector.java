package io.evenkeel.policy;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@link Adaptive} made ready for one list. What it knows of all replicas together outlives the list. */
final class AdaptiveSelector implements Selector {

    /** No latency counts with more, and none with less, in mean latencies. */
    private static final double MOST = 1_000;

    private static final double LEAST = 0.25;
    /** The least prior and sparsity: what is said of unknown replicas must have a denominator. */
    private static final double LEAST_PRIOR = 1e-3;
    /** The decay is at least 50 mean latencies. */
    private static final double PER_LEAST_DECAY = 1.0 / 50;
    /** The most that the last answer counts beside the estimate. */
    private static final double MOST_OF_LAST = 0.5;
    /** After so many times that it is forgotten over, the last answer counts no more. */
    private static final double STALE = 8;
    /** Reports are forgotten over 8 mean latencies. */
    private static final double PER_REPORT_AGE = 1.0 / 8;

    private final Adaptive settings;
    private final Fleet fleet;
    private final RunningMean mean;
    private final Memory memory;
    private final Candidate[] all;
    private final Latency[] latencies;
    private final Pairs pairs;
    private final double perDecay;
    private final double prior;
    private final double sparsity;
    private final double perFreshness;
    /** What is kept of earlier answers when one comes at once, and the age, in decays, from which on less is kept. */
    private final double mostKept;

    private final double leastAge;
    private final double failureCharge;
    private final double margin;
    private final double memoryAge;
    private final boolean censoring;

    /** What is known of all replicas of a balancer together. */
    private record Fleet(RunningMean mean, RunningMean reportedInFlight, Memory memory) {}

    AdaptiveSelector(Adaptive settings, List<Candidate> all) {
        this(settings, new Fleet(new RunningMean(), new RunningMean(), new Memory(settings.memory())), all);
    }

    AdaptiveSelector(List<Candidate> all, AdaptiveSelector before) {
        this(before.settings, before.fleet, all);
    }

    private AdaptiveSelector(Adaptive settings, Fleet fleet, List<Candidate> all) {
        this.settings = settings;
        this.fleet = fleet;
        this.mean = fleet.mean;
        this.memory = fleet.memory;
        this.all = all.toArray(Candidate[]::new);
        this.latencies = all.stream().map(c -> (Latency) c.state()).toArray(Latency[]::new);
        this.pairs = new Pairs(all);
        this.perDecay = 1.0 / settings.decay().toNanos();
        this.prior = Math.max(LEAST_PRIOR, settings.prior());
        this.sparsity = Math.max(LEAST_PRIOR, settings.sparsity());
        this.mostKept = 1 - 1.0 / settings.samples();
        this.leastAge = -Math.log(mostKept);
        this.failureCharge = settings.failureCharge();
        this.margin = settings.margin();
        this.memoryAge = settings.memoryAge();
        this.censoring = settings.censoring();
        this.perFreshness = settings.freshness() == 0 ? Double.POSITIVE_INFINITY : 1 / settings.freshness();
        for (int i = 0; i < latencies.length; i++) {
            latencies[i].placeAt(i);
        }
    }

    boolean isOf(Adaptive other) {
        return settings.equals(other);
    }

    @Override
    public int select(Call call, long nowNanos, RandomGenerator random) {
        long pair = pairs.draw(call, random);
        int a = Pairs.first(pair);
        int b = Pairs.second(pair);
        if (a == b) {
            return a;
        }
        double perMean = mean.inverse();
        double perDecay = perDecay(perMean);
        int inA = all[a].inFlight();
        int inB = all[b].inFlight();
        double costA = cost(latencies[a], inA, nowNanos, perMean, perDecay);
        double costB = cost(latencies[b], inB, nowNanos, perMean, perDecay);
        return pairs.beats(b, costB, inB, a, costA, inA)
                ? orRemembered(b, costB, inB, call, nowNanos, perMean, perDecay)
                : orRemembered(a, costA, inA, call, nowNanos, perMean, perDecay);
    }

    /** The better of two drawn, or a remembered one that costs clearly less. */
    private int orRemembered(
            int drawn, double cost, int inFlight, Call call, long now, double perMean, double perDecay) {
        int best = drawn;
        double least = margin * cost;
        for (int slot = 0; slot < memory.size(); slot++) {
            int index = remembered(slot, now, perMean);
            if (index < 0 || index == drawn || (call.triedAny() && call.tried(all[index].endpoint()))) {
                continue;
            }
            int its = all[index].inFlight();
            double lightness = pairs.areUniform() ? 1 : lightness(index, drawn, (its | inFlight) == 0);
            double itsCost = cost(latencies[index], its, now, perMean, perDecay) * lightness;
            if (itsCost < least) {
                least = itsCost;
                best = index;
            }
        }
        return best;
    }

    /** The index of a remembered replica; -1 if it is not in this list, or answered too long ago. */
    private int remembered(int slot, long now, double perMean) {
        Latency latency = memory.at(slot);
        if (latency == null || latency.sinceAnswerNanos(now) * perMean >= memoryAge) {
            return -1;
        }
        int place = latency.place();
        return place < latencies.length && latencies[place] == latency ? place : -1;
    }

    /**
     * How much lighter a remembered replica is than one that was drawn, which was in proportion to the weights. While both
     * are idle a heavier one may not claim more for it, else a quiet client would send it everything.
     */
    private double lightness(int index, int drawn, boolean idle) {
        double ratio = pairs.weight(drawn) / pairs.weight(index);
        return idle ? Math.max(1, ratio) : ratio;
    }

    /** What is learnt decays over the time that is set, but not over less than some mean latencies. */
    private double perDecay(double perMean) {
        double most = perMean * PER_LEAST_DECAY;
        return most > 0 && most < perDecay ? most : perDecay;
    }

    /**
     * The latency expected of one more call, in mean latencies, times a power of the calls in flight.
     *
     * <p>The estimate is the maximum-likelihood mean of exponential latencies of which some, those of open calls, are known
     * to be longer than their age only, with {@code prior} answers of mean latency added. The last answer counts beside it
     * while it is fresh, and half the mean age of open calls is the least it may be.
     */
    private double cost(Latency latency, int inFlight, long now, double perMean, double perDecay) {
        long sums = latency.sums();
        double since = latency.sinceAnswerNanos(now);
        double kept = Decay.after(since * perDecay);
        double answers = Latency.answers(sums) * kept;
        long reading = censoring ? latency.reading() : 0;
        double age = reading == 0 ? 0 : OpenCalls.ageNanos(reading, now) * perMean;
        double sum = (Latency.nanos(sums) * perMean + Latency.failures(sums) * failureCharge) * kept + age + prior;
        double known = answers + prior;
        double doubt = answers + sparsity;
        double quotient = 1 / (known * doubt); // both divisions in one
        double expected = sum * doubt * quotient;
        double sparse = sparsity * known * quotient;
        double stale = since * perMean * perFreshness;
        if (stale < STALE && answers > 0) {
            expected += MOST_OF_LAST * sparse * Decay.after(stale) * (last(latency, perMean) - expected);
        }
        double open = 2 * OpenCalls.open(reading);
        if (age > open * expected) {
            expected = age / Math.max(1, open);
        }
        double exponent = 1 + 2 * sparse;
        return latency.hasReport() && perMean > 0
                ? reported(latency, clamp(expected), inFlight, exponent, now, perMean)
                : clamp(expected) * power(inFlight + 1.0, exponent);
    }

    /** The cost with what the replica reported: instead of the estimate and of the calls in flight while it is new. */
    private static double reported(
            Latency latency, double expected, int inFlight, double exponent, long now, double perMean) {
        double told = Decay.after(latency.sinceReportNanos(now) * perMean * PER_REPORT_AGE);
        double blend = expected * (1 - told) + latency.reportedNanos() * perMean * told;
        return clamp(blend) * power(inFlight + 1.0, exponent * (1 - told));
    }

    private static double clamp(double latency) {
        return latency < LEAST ? LEAST : latency > MOST ? MOST : latency;
    }

    private double last(Latency latency, double perMean) {
        return latency.lastNanos() * perMean + (latency.lastFailed() ? failureCharge : 0);
    }

    /** {@code base} to the power of {@code exponent}, 0 to 3, on straight lines between the whole ones. */
    private static double power(double base, double exponent) {
        if (exponent <= 1) {
            return 1 + exponent * (base - 1);
        }
        if (exponent <= 2) {
            return base * (1 + (exponent - 1) * (base - 1));
        }
        return base * base * (1 + (exponent - 2) * (base - 1));
    }

    @Override
    public void started(Candidate candidate, long nowNanos) {
        if (candidate.state() instanceof Latency latency) {
            if (censoring) {
                latency.began(nowNanos);
            }
            latency.sent();
        }
    }

    @Override
    public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {
        if (!(candidate.state() instanceof Latency latency)) {
            return;
        }
        if (censoring) {
            latency.ended(nowNanos - latencyNanos);
        }
        double took = Math.max(1, latencyNanos);
        switch (outcome) {
            case SUCCESS -> {
                mean.add(took);
                book(latency, took, false, nowNanos);
                memory.remember(latency, nowNanos);
            }
            case FAILURE, OVERLOADED -> {
                book(latency, took, true, nowNanos);
                memory.forget(latency);
            }
            case IGNORED -> {
                double perMean = mean.inverse();
                // It would have taken longer: news only if it took longer than expected.
                if (took * perMean > cost(latency, 0, nowNanos, perMean, perDecay(perMean))) {
                    book(latency, took, false, nowNanos);
                }
            }
        }
    }

    private void book(Latency latency, double tookNanos, boolean failed, long now) {
        double perMean = mean.inverse();
        double most = perMean == 0 ? tookNanos : Math.min(tookNanos, MOST * mean.value());
        double age = latency.sinceAnswerNanos(now) * perDecay(perMean);
        latency.book(most, failed, age < leastAge ? mostKept : Decay.after(age), now);
    }

    @Override
    public void reported(Candidate candidate, double inFlight, double latencyNanos, long nowNanos) {
        if (!settings.reports() || !(candidate.state() instanceof Latency latency) || !isLoad(inFlight)) {
            return;
        }
        fleet.reportedInFlight.add(inFlight + 1);
        double expected = Double.isNaN(latencyNanos)
                ? mean.value() * (inFlight + 1) / fleet.reportedInFlight.value()
                : latencyNanos;
        if (isLoad(expected) && expected > 0) {
            latency.report(inFlight, expected, nowNanos);
        }
    }

    private static boolean isLoad(double value) {
        return value >= 0 && value < Float.MAX_VALUE;
    }

    /** In mean latencies. */
    @Override
    public double score(Candidate candidate, long nowNanos) {
        if (!(candidate.state() instanceof Latency latency)) {
            return Double.NaN;
        }
        double perMean = mean.inverse();
        return cost(latency, candidate.inFlight(), nowNanos, perMean, perDecay(perMean)) / candidate.weight();
    }
}
