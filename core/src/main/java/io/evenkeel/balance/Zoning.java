package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * How many calls stay in the own zone: 97 % while it answers about as fast as the others, fewer while it does not. It lives
 * longer than a snapshot.
 *
 * <p>Every four mean latencies it compares the latencies of both {@linkplain Side sides}. If the own zone is slower by more
 * than a quarter and what may be chance, calls move away, in proportion, at most half of them at a time; if it is not slower by a
 * quarter, they come back, by a twentieth at a time. In between nothing moves, so that nothing swings. The side
 * that gets few calls gets 3 %, to learn of it; fewer, down to 0.3 %, the slower it is.
 *
 * <p>Threads: any. Calls add to the sides; the one that comes when a comparison is due makes it, the others pass by.
 */
final class Zoning {

    private static final double PROBES = 0.03;
    private static final double FEWEST_PROBES = 0.003;
    private static final double SLOWER = 1.25;
    /** Standard deviations of the quotient of two mean latencies, these being exponential. */
    private static final double CHANCE = 2.5;

    private static final double MOST_AWAY = 0.5;
    private static final double COME_BACK = 1.05;
    /** While the own zone gets less than half of what it would get if zones did not matter. */
    private static final double COME_BACK_FAST = 1.3;
    /** Between two moves there must be so many answers of the own zone, or that would be so many by now if it did not hang. */
    private static final double ANSWERS_PER_MOVE = 16;
    /** So many times more if the own zone is only a little too slow: it may be what was seen before. */
    private static final double MOST_PATIENCE = 8;
    /** Answers of average latency that each side is taken to have given before. */
    private static final double PRIOR = 8;
    /** How many answers of a side count. */
    private static final double WINDOW = 128;
    /** A failure counts as so many mean latencies more; and neither a call nor a side is ever taken to be slower than this. */
    private static final double FAILURE_CHARGE = 10;

    private static final double LATENCIES_PER_LOOK = 4;
    private static final long SHORTEST_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** What is known of the own zone is forgotten over so long; of the others, which may get few calls, over longer. */
    private static final double FORGET_OWN_NANOS = 10e9;

    private static final double FORGET_OTHERS_NANOS = 60e9;

    /** Told as spilling from below this part of what the own zone may get, and as over from above the other. */
    private static final double SPILLS = 0.7;

    private static final double IS_BACK = 0.9;

    private final String zone;
    private final Runnable wanted;
    private final Side own = new Side(this);
    private final Side others = new Side(this);
    private volatile double ownShare = 1 - PROBES;
    private volatile double even = 1;
    private volatile boolean spilling;
    private volatile long lookedNanos;
    private volatile long pauseNanos = SHORTEST_NANOS;

    private final AtomicBoolean looking = new AtomicBoolean();
    // Of the one who looks.
    private final Sums ownSums = new Sums();
    private final Sums otherSums = new Sums();
    private double sinceMove;

    /** For calls from {@code zone}; {@code wanted} is run when it begins or ends to spill. */
    Zoning(String zone, Runnable wanted, long now) {
        this.zone = zone;
        this.wanted = wanted;
        this.lookedNanos = now;
    }

    String zone() {
        return zone;
    }

    boolean isOwn(Endpoint endpoint) {
        return endpoint.zone().isPresent() && endpoint.zone().get().equals(zone);
    }

    Side own() {
        return own;
    }

    Side others() {
        return others;
    }

    /** The share of the calls that stay in the own zone, as far as latency tells. */
    double ownShare() {
        return ownShare;
    }

    /** The share that the own zone would get if zones did not matter. */
    void even(double share) {
        even = share;
    }

    /** Whether markedly fewer calls stay than could. */
    boolean isSpilling() {
        return spilling;
    }

    /** A call begins or ends: compares the sides, if that is due. */
    void look(long now) {
        if (now - lookedNanos >= pauseNanos && looking.compareAndSet(false, true)) {
            try {
                long elapsed = now - lookedNanos;
                if (elapsed >= pauseNanos) {
                    lookedNanos = now;
                    compare(now, elapsed);
                }
            } finally {
                looking.set(false);
            }
        }
    }

    private void compare(long now, long elapsed) {
        ownSums.add(own, now, Math.exp(-elapsed / FORGET_OWN_NANOS));
        otherSums.add(others, now, Math.exp(-elapsed / FORGET_OTHERS_NANOS));
        double usual = otherSums.answers >= 1 ? otherSums.mean() : ownSums.mean();
        if (usual < Double.MAX_VALUE) {
            own.countAtMost((long) (FAILURE_CHARGE * usual));
            others.countAtMost((long) (FAILURE_CHARGE * usual));
            sinceMove += ownSums.evidence(usual);
            move(ownSums.expected(usual) / otherSums.expected(usual));
            double pause = LATENCIES_PER_LOOK * Math.min(ownSums.mean(), otherSums.mean());
            pauseNanos = Math.clamp((long) pause, SHORTEST_NANOS, LONGEST_NANOS);
        }
    }

    private void move(double slower) {
        double chance = CHANCE * Math.sqrt(1 / (ownSums.answers + PRIOR) + 1 / (otherSums.answers + PRIOR));
        double most = 1 - Math.max(FEWEST_PROBES, PROBES * Math.min(1, slower));
        double least = Math.max(FEWEST_PROBES, PROBES / Math.max(1, slower));
        double share = Math.min(most, ownShare);
        double limit = SLOWER + chance;
        if (slower > limit && sinceMove >= ANSWERS_PER_MOVE * Math.min(MOST_PATIENCE, limit / (slower - limit))) {
            share = Math.max(least, share * Math.max(MOST_AWAY, limit / slower));
            sinceMove = 0;
        } else if (slower < SLOWER && share < most && sinceMove >= ANSWERS_PER_MOVE * Math.min(1, share / PROBES)) {
            double more = share * (share < even / 2 ? COME_BACK_FAST : COME_BACK);
            share = Math.max(PROBES, Math.min(most, more));
            sinceMove = 0;
        }
        ownShare = share;
        if (spilling ? share > IS_BACK * (1 - PROBES) : share < SPILLS * (1 - PROBES)) {
            spilling = !spilling;
            wanted.run();
        }
    }

    /** Of one side: what calls spent and how many were answered, the older the less. */
    private static final class Sums {

        private double nanos;
        private double newNanos;
        private double newAnswers;
        private double answers;
        private double failures;
        private double nanosBefore;
        private long answersBefore;
        private long failuresBefore;

        /** Takes in what has come since the last time, and keeps a part of what was. */
        void add(Side side, long now, double kept) {
            double spent = side.spentNanos(now);
            long answered = side.answers();
            long failed = side.failures();
            newNanos = spent - nanosBefore; // below 0 if fewer calls than before are open that count in full
            newAnswers = answered - answersBefore;
            double keptToo = kept / (1 + newAnswers / WINDOW);
            nanos = Math.max(0, nanos * keptToo + newNanos);
            answers = answers * keptToo + newAnswers;
            failures = failures * keptToo + (failed - failuresBefore);
            nanosBefore = spent;
            answersBefore = answered;
            failuresBefore = failed;
        }

        /** How many answers have come since the last time, or would have. */
        double evidence(double usual) {
            return Math.max(newAnswers, newNanos / usual);
        }

        /** The mean latency; more than any if there was no answer. */
        double mean() {
            return answers < 1e-3 ? Double.MAX_VALUE : Math.max(1, nanos / answers);
        }

        /** The latency of one more call, failures charged. */
        double expected(double usual) {
            nanos = Math.min(nanos, FAILURE_CHARGE * (answers + PRIOR) * usual);
            return (nanos + (FAILURE_CHARGE * failures + PRIOR) * usual) / (answers + PRIOR);
        }
    }
}
