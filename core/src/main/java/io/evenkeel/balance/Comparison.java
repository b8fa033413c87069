package io.evenkeel.balance;

import io.evenkeel.Outliers;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compares each replica with all others together, about once a second: does it fail more often, or take much longer? Each
 * question is a cumulative sum test (Page, Continuous Inspection Schemes, 1954): every call adds what it says for or against, and
 * the sum begins anew where it would fall below zero. So it works with two replicas and a few calls a second, where shares of
 * a window would be noise; and where all fail alike nobody stands out. Guarded by the lock of {@link Updates}.
 *
 * <p>Failures: the logarithm of how much likelier the outcome is if the replica fails more often by the margin than if it fails as
 * the others do. A replica that does trips it by chance once in a million calls at most (Lorden, 1971). Latencies: how
 * many times the limit a call took, less one, and at most 5 a second. They are compared with those of the others of the same priority and zone, or of the same
 * priority where nobody else is in the zone: it is no fault to be far away.
 */
final class Comparison {

    /** What is kept for each second of what calls showed: half of it for 20 s. */
    private static final double KEPT_A_SECOND = Math.pow(0.5, 1 / 20.0);

    private static final double SECOND_NANOS = 1e9;
    private static final double FAILING = Math.log(1e6);
    private static final double SLOW = 20;
    private static final double MOST_SLOW_AT_ONCE = 5;
    /** Nobody fails less often, as far as can be known from a few calls. */
    private static final double LEAST_FAILED = 0.01;
    /** Added to the others' mean latency: what a network may differ by. */
    private static final double UNLIKE_NANOS = 5e6;
    /** Answers of others from which on their mean is one. */
    private static final double SOME = 5;

    private static final Times NOBODY = new Times();

    private final double margin;
    private final double slowness;

    // Of all that are usable, as of the last look.

    private double calls;
    private double failed;
    private final Map<Integer, Times> byPriority = new HashMap<>();
    private final Map<Place, Times> byPlace = new HashMap<>();

    /** Where those are who have much the same way to go. */
    private record Place(int priority, Optional<String> zone) {

        static Place of(Replica replica) {
            return new Place(replica.priority(), replica.endpoint().zone());
        }
    }

    /** How long the calls of some replicas took. */
    private static final class Times {

        private int replicas;
        private double answers;
        private double nanos;

        void add(Conduct conduct) {
            replicas++;
            answers += conduct.timed();
            nanos += conduct.time();
        }
    }

    Comparison(Outliers settings) {
        this.margin = settings.isOff() ? 0 : settings.failureMargin();
        this.slowness = settings.isOff() ? 0 : settings.slowness();
    }

    /** Whether there is anything to look at. */
    boolean isOff() {
        return margin == 0 && slowness == 0;
    }

    /** What came of a look. */
    enum Seen {
        NO_CALLS,
        NOTHING,
        OUTLIER
    }

    /** Looks at all, and signals those that stand out. */
    Seen look(Collection<Replica> replicas, long sinceNanos) {
        double kept = Math.pow(KEPT_A_SECOND, sinceNanos / SECOND_NANOS);
        calls = 0;
        failed = 0;
        byPriority.clear();
        byPlace.clear();
        boolean called = false;
        for (Replica replica : replicas) {
            called |= replica.lookAtConduct(kept);
            if (replica.isUsable()) {
                add(replica, replica.conduct());
            }
        }
        return !called ? Seen.NO_CALLS : judge(replicas) ? Seen.OUTLIER : Seen.NOTHING;
    }

    private void add(Replica replica, Conduct conduct) {
        calls += conduct.calls();
        failed += conduct.failed();
        byPriority.computeIfAbsent(replica.priority(), priority -> new Times()).add(conduct);
        byPlace.computeIfAbsent(Place.of(replica), place -> new Times()).add(conduct);
    }

    /** Of those with whom a usable replica is compared, itself included. */
    private Times times(Replica replica) {
        Times ofPlace = byPlace.getOrDefault(Place.of(replica), NOBODY);
        return ofPlace.replicas > 1 ? ofPlace : byPriority.getOrDefault(replica.priority(), NOBODY);
    }

    private boolean judge(Collection<Replica> replicas) {
        boolean any = false;
        for (Replica replica : replicas) {
            if (replica.isUsable()) {
                any |= margin > 0 && failsMore(replica.conduct()) && replica.signal(Replica.FAILING_MORE);
                any |= slowness > 0 && isSlow(replica.conduct(), times(replica)) && replica.signal(Replica.SLOW);
            }
        }
        return any;
    }

    private boolean failsMore(Conduct own) {
        double usual = othersShare(own);
        double more = usual + margin;
        return more < 1
                && own.failing(Math.log(more / usual), Math.log((1 - more) / (1 - usual))) >= FAILING
                && own.failed() > usual * own.calls();
    }

    /** How many of the others' calls fail, the upper end of what may be (Wilson's interval, one sigma); 1 if there are no calls. */
    private double othersShare(Conduct own) {
        double n = Math.max(0, calls - own.calls());
        double bad = Math.clamp(failed - own.failed(), 0, n);
        double spread = n == 0 ? 0.5 : Math.sqrt(bad * (n - bad) / n + 0.25);
        return Math.max(LEAST_FAILED, (bad + 0.5 + spread) / (n + 1));
    }

    private boolean isSlow(Conduct own, Times all) {
        double n = all.answers - own.timed();
        if (n < SOME) {
            return false;
        }
        double limit = slowness * ((all.nanos - own.time()) / n + UNLIKE_NANOS);
        return own.slow(limit, MOST_SLOW_AT_ONCE) >= SLOW && own.time() > limit * own.timed();
    }

    /** In words, what a replica was signalled for. */
    String failsMoreInWords(Replica replica) {
        return "%.0f %% of its calls failed, of the others' %.0f %%"
                .formatted(
                        percent(replica.conduct().failed(), replica.conduct().calls()),
                        percent(
                                failed - replica.conduct().failed(),
                                calls - replica.conduct().calls()));
    }

    private static double percent(double part, double whole) {
        return whole > 0 ? 100 * part / whole : 0;
    }

    /** The same. */
    String slowInWords(Replica replica) {
        Conduct own = replica.conduct();
        Times all = times(replica);
        return "it takes %.0f ms on average, the others %.0f ms"
                .formatted(millis(own.time(), own.timed()), millis(all.nanos - own.time(), all.answers - own.timed()));
    }

    private static double millis(double nanos, double answers) {
        return answers > 0 ? nanos / answers / 1e6 : 0;
    }
}
