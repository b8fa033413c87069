package io.evenkeel.policy;

/**
 * What one more call to a replica costs, as {@link Adaptive} sees it: the latency that it has to expect, in mean latencies,
 * times a power of the calls in flight.
 *
 * <p>The latency is the maximum-likelihood mean of exponential latencies of which some, those of open calls, are known to
 * be longer than their age only, with a few answers of mean latency added. The last answer counts beside it while it is
 * fresh. The least it may be is half the mean age of open calls, and after a failure, while failures are rare, its charge.
 * The power is 1 where many answers are known, and next to 3 where none is.
 */
final class Costs {

    /** No latency counts with more, and none with less, in mean latencies. */
    static final double MOST = 1_000;

    private static final double LEAST = 0.25;
    /**
     * Of few replicas a young client calls each before it judges any: calls get faster while a process warms up, and
     * whoever answered last would look best. Of many, a call to each would cost more than it tells.
     */
    private static final double UNTRIED = 0;

    private static final int FEW = 8;
    private static final double DOUBLE = 2;
    /** So many answers of mean latency are added to a replica's own; next to none of them without shrinkage. */
    private static final double PRIOR = 2;

    private static final double NO_PRIOR = 1e-3;
    /** The most that the last answer counts beside the estimate; it is forgotten over one mean latency. */
    private static final double MOST_OF_LAST = 0.5;
    /** From so little on it is left out. */
    private static final double LEAST_OF_LAST = 1.0 / 16;
    /** After so many mean latencies the last answer counts no more. */
    private static final double PER_STALE = 1.0 / 8;
    /** An estimate is as good as new if no more than this part of what was learnt has been forgotten since. */
    private static final double SOON = 1.0 / 8;
    /** If more than this part of the last calls failed, here and there, the next is no news of one replica. */
    private static final double MANY_FAILURES = 0.005;

    private final Fleet fleet;
    private final int replicas;
    private final double perDecay;
    private final double prior;
    private final double failureCharge;
    private final boolean censoring;

    Costs(Adaptive settings, Fleet fleet, int replicas) {
        this.fleet = fleet;
        this.replicas = replicas;
        this.perDecay = 1.0 / settings.decay().toNanos();
        this.prior = prior(settings);
        this.failureCharge = settings.failureCharge();
        this.censoring = settings.censoring();
    }

    /** How many answers of mean latency are added to a replica's own. */
    static double prior(Adaptive settings) {
        return settings.shrinkage() ? PRIOR : NO_PRIOR;
    }

    double of(Latency latency, int inFlight, long now) {
        if (replicas <= FEW && inFlight == 0 && !latency.wasAnswered() && fleet.isYoung(replicas)) {
            return UNTRIED;
        }
        double since = latency.sinceAnswerNanos(now);
        double forgotten = since * fleet.perDecay();
        return forgotten < SOON ? ofKnown(latency, inFlight, now) : ofForgotten(latency, forgotten, inFlight, now);
    }

    /** The same, just after an answer. */
    double ofKnown(Latency latency, int inFlight, long now) {
        double expected = latency.expected(fleet.perMean());
        return of(latency, expected, latency.perOpen(), latency.doubt(), inFlight, now);
    }

    /** The same where much of what was learnt has been forgotten since the last answer. */
    private double ofForgotten(Latency latency, double forgotten, int inFlight, long now) {
        double kept = Decay.after(forgotten);
        double failures = latency.failures();
        if (failures > 0) {
            failures *= Decay.after(latency.sinceAnswerNanos(now) * perDecay);
        }
        double answers = Math.max(latency.answers() * kept, failures);
        double perAnswer = 1 / (answers + prior);
        double sum = latency.nanos() * kept * fleet.perMean() + prior + failures * failureCharge;
        return of(latency, sum * perAnswer, perAnswer, Latency.doubt(answers), inFlight, now);
    }

    private double of(Latency latency, double answered, double perOpen, double doubt, int inFlight, long now) {
        double perMean = fleet.perMean();
        double expected = answered;
        double ofLast = MOST_OF_LAST * doubt;
        if (ofLast > LEAST_OF_LAST && latency.wasAnswered()) {
            double fresh = fresh(latency.sinceAnswerNanos(now) * perMean);
            expected += ofLast * fresh * (last(latency, perMean) - expected);
        }
        if (latency.lastFailed() && fleet.failureShare() < MANY_FAILURES) {
            double kept = Decay.after(latency.sinceAnswerNanos(now) * perDecay);
            expected = Math.max(expected, failureCharge * kept);
        }
        long reading = censoring ? latency.reading() : 0;
        if (reading != 0) {
            double age = OpenCalls.ageNanos(reading, now) * perMean;
            expected = Math.max(expected + age * perOpen, age / (2 * OpenCalls.open(reading)));
        }
        double power = inFlight > 0 ? power(inFlight + 1.0, doubt) : 1;
        LoadReport report = latency.report();
        return report == LoadReport.NONE
                ? price(expected) * power
                : reported(report, expected, inFlight, power, now, perMean);
    }

    /** From {@code calls}, where much is known, to their cube, where nothing is. */
    private static double power(double calls, double doubt) {
        return calls * (1 + doubt * (calls * calls - 1));
    }

    /** How much the last answer counts still: next to e^-x. */
    private static double fresh(double since) {
        double left = Math.max(0, Math.min(1, 1 - since * PER_STALE));
        double square = left * left;
        double fourth = square * square;
        return fourth * fourth;
    }

    private double last(Latency latency, double perMean) {
        return latency.lastNanos() * perMean + (latency.lastFailed() ? failureCharge : 0);
    }

    /** As far as the report is believed, it counts instead of the estimate and of the calls in flight. */
    private static double reported(
            LoadReport report, double expected, int inFlight, double power, long now, double perMean) {
        double reported = report.expected(expected, perMean);
        double belief = report.belief(reported, now, perMean);
        double blend = expected + belief * (reported * report.growth(inFlight) - expected);
        return price(blend) * (1 + (1 - belief) * (power - 1));
    }

    /**
     * A latency beyond twice the mean counts with its square. Else a replica twelve times slower than the others, idle, would
     * cost as much as one of them with eleven calls in flight, which to a replica that serves many at once are no burden.
     */
    static double price(double latency) {
        double bounded = latency < LEAST ? LEAST : latency > MOST ? MOST : latency;
        return bounded > DOUBLE ? bounded * bounded / DOUBLE : bounded;
    }
}
