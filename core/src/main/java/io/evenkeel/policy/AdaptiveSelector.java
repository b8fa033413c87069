package io.evenkeel.policy;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.util.List;
import java.util.random.RandomGenerator;

/** {@link Adaptive} made ready for one list. What it knows of all replicas together outlives the list. */
final class AdaptiveSelector implements Selector {

    /** The decay is at least 50 mean latencies. */
    private static final double PER_LEAST_DECAY = 1.0 / 50;
    /** The decay is no longer than in which an average replica answers so often. */
    private static final double DECAY_ANSWERS = 40;
    /** What is kept of earlier answers when one comes at once: so some sixty count. */
    private static final double MOST_KEPT = 1 - 1.0 / 60;
    /** For so many mean latencies an answer is remembered. */
    private static final double MEMORY_AGE = 50;
    /** So many that are remembered are looked at, the cheapest first. */
    private static final int LOOKS = 2;
    /** Costs of which each is more than this part of the other are equal. */
    private static final double EVEN = 0.95;
    /** By which the cost of the second drawn counts: where it was used as lately, or later; and where longer ago. */
    private static final double[] HANDICAP = {1 / EVEN, EVEN};

    private final Adaptive settings;
    private final Fleet fleet;
    private final Payoff payoff;
    private final Memory memory;
    private final Costs costs;
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
        this.payoff = fleet.payoff;
        this.memory = fleet.memory;
        this.all = all.toArray(Candidate[]::new);
        this.costs = new Costs(settings, fleet, this.all.length);
        this.latencies = new Latency[this.all.length];
        this.pairs = new Pairs(all);
        this.perDecay = 1.0 / settings.decay().toNanos();
        this.perAnswers = 1 / (DECAY_ANSWERS * latencies.length);
        this.prior = Costs.prior(settings);
        this.failureCharge = settings.failureCharge();
        this.remembers = settings.memory() && latencies.length > 2; // of two, both are drawn
        this.censoring = settings.censoring();
        for (int i = 0; i < latencies.length; i++) {
            latencies[i] = (Latency) this.all[i].state();
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
        int inA = all[a].inFlight();
        int inB = all[b].inFlight();
        double costA = costs.of(latencies[a], inA, nowNanos);
        double costB = costs.of(latencies[b], inB, nowNanos);
        boolean second = pairs.areUniform() ? isBetter(b, costB, a, costA) : pairs.beats(b, costB, inB, a, costA, inA);
        return second ? orRemembered(b, costB, call, nowNanos) : orRemembered(a, costA, call, nowNanos);
    }

    /** Of nearly equal costs the one used longer ago, rather than a last digit, decides. Without a branch: chance would mispredict it. */
    private boolean isBetter(int b, double costB, int a, double costA) {
        long later = all[b].lastStartedNanos() - all[a].lastStartedNanos();
        return costB * HANDICAP[(int) (later >>> 63)] < costA;
    }

    /** The better of two drawn, unless a remembered one is better still. */
    private int orRemembered(int drawn, double cost, Call call, long now) {
        boolean nothingToGain = cost <= 1 && payoff.isNone();
        int best = remembers && !nothingToGain ? better(drawn, cost, call, now) : drawn;
        memory.forget(latencies[best]); // its token is spent
        latencies[best].chosen(best != drawn);
        payoff.chosen(best != drawn);
        return best;
    }

    /** The best of the remembered ones that are looked at, if it costs little enough for one that is remembered. */
    private int better(int drawn, double cost, Call call, long now) {
        double least = payoff.margin(latencies[drawn].doubt()) * cost;
        int best = drawn;
        int classes = memory.filled();
        for (int looks = 0; classes != 0 && looks < LOOKS; classes &= classes - 1) {
            int its = Integer.numberOfTrailingZeros(classes);
            if (its > Memory.classOf(least)) {
                break;
            }
            int index = newest(its, now);
            if (index >= 0 && index != drawn && !(call.triedAny() && call.tried(all[index].endpoint()))) {
                looks++;
                double itsCost = cost(index, its, drawn, now);
                if (itsCost < least) {
                    least = itsCost;
                    best = index;
                }
            }
        }
        return best;
    }

    /** The index of the replica of that class that answered last; -1 if there is none in this list, or it did too long ago. */
    private int newest(int its, long now) {
        Latency latency = memory.newest(its);
        if (latency == null) {
            return -1;
        }
        if (latency.sinceAnswerNanos(now) * fleet.perMean() >= MEMORY_AGE) {
            memory.clear(its);
            return -1;
        }
        int index = latency.place();
        if (index < latencies.length && latencies[index] == latency) {
            return index;
        }
        memory.forget(latency); // it departed, and would hide those that answered before it
        return -1;
    }

    /** What a remembered one costs, for its weight; it is moved to a dearer class if it belongs there by now. */
    private double cost(int index, int its, int drawn, long now) {
        int inFlight = all[index].inFlight();
        double cost = costs.of(latencies[index], inFlight, now);
        int itsNow = Memory.classOf(cost);
        if (itsNow > its) {
            memory.remember(latencies[index], itsNow);
        }
        return pairs.areUniform() ? cost : cost * lightness(index, drawn, (inFlight | all[drawn].inFlight()) == 0);
    }

    /**
     * How much lighter a remembered replica is than one that was drawn, which was in proportion to the weights. While both
     * are idle a heavier one may not claim more for it, else a quiet client would send it everything.
     */
    private double lightness(int index, int drawn, boolean idle) {
        double ratio = pairs.weight(drawn) / pairs.weight(index);
        return idle ? Math.max(1, ratio) : ratio;
    }

    @Override
    public void started(Candidate candidate, long nowNanos) {
        if (candidate.state() instanceof Latency latency) {
            if (censoring) {
                latency.began(nowNanos);
            }
            LoadReport report = latency.report();
            if (report != LoadReport.NONE) {
                report.sent();
            }
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
        boolean failed = outcome == Outcome.FAILURE || outcome == Outcome.OVERLOADED;
        fleet.judged(latency, failed);
        if (fleet.count(nowNanos)) {
            fleet.perDecay(perDecayNow());
        }
        double took = Math.max(1, latencyNanos);
        if (outcome == Outcome.SUCCESS) {
            succeeded(candidate, latency, took, nowNanos);
        } else if (failed) {
            failed(latency, took, nowNanos);
        } else if (isNews(latency, took, nowNanos)) {
            book(latency, took, false, nowNanos);
        }
    }

    private void failed(Latency latency, double took, long now) {
        book(latency, took, true, now);
        memory.forget(latency);
    }

    /** A failure that took the mean time: the call's own was booked as that of a success. */
    @Override
    public void brokeOff(Candidate candidate, long nowNanos) {
        if (candidate.state() instanceof Latency latency) {
            fleet.judged(latency, true);
            failed(latency, Math.max(1, fleet.latency.value()), nowNanos);
        }
    }

    /**
     * What is learnt decays over the time that is set, or that in which an average replica answers some forty
     * times, if that is shorter: a busy client can afford to look again. But not over less than some mean latencies.
     */
    private double perDecayNow() {
        double most = fleet.perMean() * PER_LEAST_DECAY;
        double wanted = Math.max(perDecay, fleet.perNano() * perAnswers);
        return most > 0 && most < wanted ? most : wanted;
    }

    private void succeeded(Candidate candidate, Latency latency, double took, long now) {
        if (!latency.wasAnswered() && fleet.isYoung(latencies.length)) {
            succeededAtFirst(latency, took, now);
        } else {
            succeeded(latency, took, now);
        }
        if (remembers && !(payoff.isNone() && fleet.isLeftOut())) {
            remember(candidate, latency, now);
        }
    }

    /** The mean to compare with is that before this answer, for the two to be reckoned side by side. */
    private void succeeded(Latency latency, double took, long now) {
        if (fleet.perMean() == 0) {
            fleet.succeeded(took);
        }
        book(latency, took, false, now);
        fleet.succeeded(took);
        payoff.answered(latency.chosenByMemory(), took);
    }

    /**
     * A young client's first call to a replica makes the connection, and wakes what sleeps on both sides: it may take a hundred times
     * as long as the next. Taken for the replica's latency it would send all that follow to whoever was called twice first.
     */
    private void succeededAtFirst(Latency latency, double took, long now) {
        fleet.succeededAtFirst(took);
        if (took >= fleet.latency.value()) {
            latency.note(took, now);
        } else {
            book(latency, took, false, now);
        }
    }

    private void remember(Candidate candidate, Latency latency, long now) {
        memory.remember(latency, Memory.classOf(costs.ofKnown(latency, candidate.inFlight(), now)));
    }

    /** A cancelled call would have taken longer: it says something only if it took longer than expected. */
    private boolean isNews(Latency latency, double took, long now) {
        return Costs.price(took * fleet.perMean()) > costs.of(latency, 0, now);
    }

    private void book(Latency latency, double tookNanos, boolean failed, long now) {
        double most = Costs.MOST * fleet.latency.value();
        double counted = tookNanos > most && most > 0 ? most : tookNanos;
        latency.book(counted, failed, kept(latency, now), prior, failureCharge, now);
    }

    private double kept(Latency latency, long now) {
        double kept = Decay.after(latency.sinceAnswerNanos(now) * fleet.perDecay());
        return kept < MOST_KEPT ? kept : MOST_KEPT;
    }

    @Override
    public void reported(Candidate candidate, double inFlight, double latencyNanos, long nowNanos) {
        if (settings.reports()
                && candidate.state() instanceof Latency latency
                && isLoad(inFlight)
                && (Double.isNaN(latencyNanos) || (isLoad(latencyNanos) && latencyNanos > 0))) {
            fleet.reportedInFlight.add(inFlight + 1);
            latency.reporting().tell(inFlight, withTheWay(latencyNanos), fleet.reportedInFlight.value(), nowNanos);
            if (memory.holds(latency)) {
                remember(candidate, latency, nowNanos);
            }
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
        return latencyNanos + Math.max(0, fleet.latency.value() - fleet.reportedLatency.value());
    }

    @Override
    public void returned(Candidate candidate) {
        if (candidate.state() instanceof Latency latency) {
            latency.forgive(prior);
        }
    }

    private static boolean isLoad(double value) {
        return value >= 0 && value < Float.MAX_VALUE;
    }

    /** In mean latencies. */
    @Override
    public double score(Candidate candidate, long nowNanos) {
        return candidate.state() instanceof Latency latency
                ? costs.of(latency, candidate.inFlight(), nowNanos) / candidate.weight()
                : Double.NaN;
    }
}
