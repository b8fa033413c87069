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
    private static final double DOUBLE = 2;
    /** So many answers of mean latency are added to a replica's own; next to none of them without shrinkage. */
    private static final double PRIOR = 2;

    private static final double NO_PRIOR = 1e-3;
    /** With so many answers known the estimate is trusted half: the exponent is then 2. */
    private static final double SPARSITY = 4;
    /** The decay is at least 50 mean latencies. */
    private static final double PER_LEAST_DECAY = 1.0 / 50;
    /** The decay is no longer than in which an average replica answers so often. */
    private static final double DECAY_ANSWERS = 40;
    /** What is kept of earlier answers when one comes at once, and the age, in decays, from which on less is kept. */
    private static final double MOST_KEPT = 1 - 1.0 / Latency.MOST_ANSWERS;

    private static final double LEAST_AGE = -Math.log(MOST_KEPT);
    /** The most that the last answer counts beside the estimate; it is forgotten over one mean latency. */
    private static final double MOST_OF_LAST = 0.5;
    /** After so many mean latencies the last answer counts no more. */
    private static final double STALE = 8;
    /** For so many mean latencies an answer is remembered. */
    private static final double MEMORY_AGE = 12;
    /** So many that are remembered are looked at, or fewer if one is found that costs less than a third of the drawn one. */
    private static final int LOOKS = 10;

    private static final double ENOUGH = 0.3;
    /** In mean latencies. */
    private static final double LONGEST_BELIEVED = 25;
    /** If more than this part of the last calls failed, here and there, the next is no news of one replica. */
    private static final double MANY_FAILURES = 0.005;
    /** Costs of which each is more than this part of the other are equal. */
    private static final double EVEN = 0.95;

    private final Adaptive settings;
    private final Fleet fleet;
    private final RunningMean mean;
    private final RunningMean gap;
    private final Payoff payoff;
    private final Memory memory;
    private final Candidate[] all;
    private final Latency[] latencies;
    private final Pairs pairs;
    private final double perDecay;
    /** One by the answers in which what was learnt decays. */
    private final double perAnswers;

    private final double prior;
    private final double failureCharge;
    private final boolean remembers;
    private final boolean censoring;

    AdaptiveSelector(Adaptive settings, List<Candidate> all) {
        this(settings, new Fleet(), all);
    }

    AdaptiveSelector(List<Candidate> all, AdaptiveSelector before) {
        this(before.settings, before.fleet, all);
    }

    private AdaptiveSelector(Adaptive settings, Fleet fleet, List<Candidate> all) {
        this.settings = settings;
        this.fleet = fleet;
        this.mean = fleet.latency;
        this.gap = fleet.gap;
        this.payoff = fleet.payoff;
        this.memory = fleet.memory;
        this.all = all.toArray(Candidate[]::new);
        this.latencies = all.stream().map(c -> (Latency) c.state()).toArray(Latency[]::new);
        this.pairs = new Pairs(all);
        this.perDecay = 1.0 / settings.decay().toNanos();
        this.perAnswers = 1 / (DECAY_ANSWERS * latencies.length);
        this.prior = settings.shrinkage() ? PRIOR : NO_PRIOR;
        this.failureCharge = settings.failureCharge();
        this.remembers = settings.memory();
        this.censoring = settings.censoring();
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
        if (EVEN * costB < costA && EVEN * costA < costB) {
            costB = costA; // the one used longer ago, rather than a last digit, decides
        }
        return pairs.beats(b, costB, inB, a, costA, inA)
                ? orRemembered(b, costB, inB, call, nowNanos, perMean, perDecay)
                : orRemembered(a, costA, inA, call, nowNanos, perMean, perDecay);
    }

    /** The better of two drawn, unless a remembered one costs clearly less. */
    private int orRemembered(
            int drawn, double cost, int inFlight, Call call, long now, double perMean, double perDecay) {
        boolean nothingToGain = cost <= 1 && payoff.isNone();
        int best = remembers && !nothingToGain ? better(drawn, cost, inFlight, call, now, perMean, perDecay) : drawn;
        if (best != drawn) {
            memory.forget(latencies[best]); // the token is spent
        }
        latencies[best].chosen(best != drawn);
        return best;
    }

    /** The best remembered one that costs clearly less than the drawn one, if any. */
    private int better(int drawn, double cost, int inFlight, Call call, long now, double perMean, double perDecay) {
        double least = payoff.margin() * cost;
        int best = drawn;
        int place = memory.newest();
        for (int step = 0, looks = 0; step < Memory.size() && looks < LOOKS; step++, place = Memory.older(place)) {
            int index = remembered(place, now, perMean);
            if (index < 0 || index == drawn || (call.triedAny() && call.tried(all[index].endpoint()))) {
                continue;
            }
            looks++;
            int its = all[index].inFlight();
            double lightness = pairs.areUniform() ? 1 : lightness(index, drawn, (its | inFlight) == 0);
            double itsCost = cost(latencies[index], its, now, perMean, perDecay) * lightness;
            if (itsCost < least) {
                least = itsCost;
                best = index;
                if (itsCost < ENOUGH * cost) {
                    break;
                }
            }
        }
        return best;
    }

    /** The index of a remembered replica; -1 if it is not in this list, or answered too long ago. */
    private int remembered(int place, long now, double perMean) {
        Latency latency = memory.at(place);
        if (latency == null || latency.sinceAnswerNanos(now) * perMean >= MEMORY_AGE) {
            return -1;
        }
        int index = latency.place();
        return index < latencies.length && latencies[index] == latency ? index : -1;
    }

    /**
     * How much lighter a remembered replica is than one that was drawn, which was in proportion to the weights. While both
     * are idle a heavier one may not claim more for it, else a quiet client would send it everything.
     */
    private double lightness(int index, int drawn, boolean idle) {
        double ratio = pairs.weight(drawn) / pairs.weight(index);
        return idle ? Math.max(1, ratio) : ratio;
    }

    /**
     * What is learnt decays over the time that is set, or that in which an average replica answers some forty
     * times, if that is shorter: a busy client can afford to look again. But not over less than some mean latencies.
     */
    private double perDecay(double perMean) {
        double most = perMean * PER_LEAST_DECAY;
        double wanted = Math.max(perDecay, gap.inverse() * perAnswers);
        return most > 0 && most < wanted ? most : wanted;
    }

    /**
     * The latency expected of one more call, in mean latencies, times a power of the calls in flight.
     *
     * <p>The estimate is the maximum-likelihood mean of exponential latencies of which some, those of open calls, are known
     * to be longer than their age only, with a few answers of mean latency added. The last answer counts beside it
     * while it is fresh. The least it may be is half the mean age of open calls, and after a failure, while
     * failures are rare, its charge.
     */
    private double cost(Latency latency, int inFlight, long now, double perMean, double perDecay) {
        long sums = latency.sums();
        double since = latency.sinceAnswerNanos(now);
        double kept = Decay.after(since * perDecay);
        double answers = Latency.answers(sums) * kept;
        long reading = censoring ? latency.reading() : 0;
        double age = reading == 0 ? 0 : OpenCalls.ageNanos(reading, now) * perMean;
        double sum = Latency.nanos(sums) * perMean * kept + age + prior;
        double failures = Latency.failures(sums);
        if (failures > 0) {
            failures *= Decay.after(since * this.perDecay);
            sum += failures * failureCharge;
            answers = Math.max(answers, failures);
        }
        double known = answers + prior;
        double doubt = answers + SPARSITY;
        double quotient = 1 / (known * doubt); // both divisions in one
        double expected = sum * doubt * quotient;
        double sparse = SPARSITY * known * quotient;
        double stale = since * perMean;
        if (stale < STALE && answers > 0) {
            expected += MOST_OF_LAST * sparse * Decay.after(stale) * (last(latency, perMean) - expected);
        }
        if (latency.lastFailed() && fleet.failureShare() < MANY_FAILURES) {
            expected = Math.max(expected, failureCharge * kept);
        }
        int open = OpenCalls.open(reading);
        if (age > 2 * open * expected) {
            expected = age / (2 * open);
        }
        double exponent = 1 + 2 * sparse;
        return latency.hasReport()
                ? reported(latency, expected, inFlight, exponent, now, perMean)
                : price(expected) * power(inFlight + 1.0, exponent);
    }

    /**
     * The cost with what the replica reported, instead of the estimate and of the calls in flight while it is new: it is
     * forgotten over one mean latency, or over half of what it lets expect, up to 25: a long queue lasts longer.
     */
    private static double reported(
            Latency latency, double expected, int inFlight, double exponent, long now, double perMean) {
        double reported = latency.reported(expected, perMean);
        double believed = Math.clamp(reported / 2, 1, LONGEST_BELIEVED);
        double told = Decay.after(latency.sinceReportNanos(now) * perMean / believed);
        double blend = expected * (1 - told) + reported * latency.sinceReported(inFlight) * told;
        return price(blend) * power(inFlight + 1.0, exponent * (1 - told));
    }

    /**
     * A latency beyond twice the mean counts with its square. Else a replica twelve times slower than the others, idle, would
     * cost as much as one of them with eleven calls in flight, which to a replica that serves many at once are no burden.
     */
    private static double price(double latency) {
        double bounded = latency < LEAST ? LEAST : latency > MOST ? MOST : latency;
        return bounded > DOUBLE ? bounded * bounded / DOUBLE : bounded;
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
        fleet.answered(latency, outcome == Outcome.FAILURE || outcome == Outcome.OVERLOADED, nowNanos);
        double took = Math.max(1, latencyNanos);
        switch (outcome) {
            case SUCCESS -> {
                mean.add(took);
                payoff.answered(latency.chosenByMemory(), took);
                book(latency, took, false, nowNanos);
                if (remembers) {
                    memory.remember(latency);
                }
            }
            case FAILURE, OVERLOADED -> {
                book(latency, took, true, nowNanos);
                memory.forget(latency);
            }
            case IGNORED -> {
                double perMean = mean.inverse();
                // It would have taken longer: news only if it took longer than expected.
                if (price(took * perMean) > cost(latency, 0, nowNanos, perMean, perDecay(perMean))) {
                    book(latency, took, false, nowNanos);
                }
            }
        }
    }

    private void book(Latency latency, double tookNanos, boolean failed, long now) {
        double perMean = mean.inverse();
        double most = perMean == 0 ? tookNanos : Math.min(tookNanos, MOST * mean.value());
        double age = latency.sinceAnswerNanos(now) * perDecay(perMean);
        latency.book(most, failed, age < LEAST_AGE ? MOST_KEPT : Decay.after(age), now);
    }

    @Override
    public void reported(Candidate candidate, double inFlight, double latencyNanos, long nowNanos) {
        if (settings.reports()
                && candidate.state() instanceof Latency latency
                && isLoad(inFlight)
                && (Double.isNaN(latencyNanos) || (isLoad(latencyNanos) && latencyNanos > 0))) {
            fleet.reportedInFlight.add(inFlight + 1);
            latency.report(inFlight, withTheWay(latencyNanos), fleet.reportedInFlight.value(), nowNanos);
        }
    }

    /**
     * With the way there and back, which a replica does not see: by so much do calls take longer than replicas say. Left out, a
     * replica would look the better the newer its report is. NaN stays NaN.
     */
    private double withTheWay(double latencyNanos) {
        if (latencyNanos > 0) {
            fleet.reportedLatency.add(latencyNanos);
        }
        return latencyNanos + Math.max(0, mean.value() - fleet.reportedLatency.value());
    }

    @Override
    public void returned(Candidate candidate) {
        if (candidate.state() instanceof Latency latency) {
            latency.forgive();
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
