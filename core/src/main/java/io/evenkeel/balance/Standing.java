package io.evenkeel.balance;

import io.evenkeel.Breaker;
import io.evenkeel.EndpointState;
import io.evenkeel.Outliers;
import io.evenkeel.SlowStart;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * Where a replica stands: in, out, or on its way back. One machine for ejection and breaker, so that there is one way out,
 * one way back and one ramp.
 *
 * <pre>
 *   UP ---> EJECTED --(time, or a probe)--> RAMPING ---> UP
 *   UP ---> OPEN --(time)--> HALF_OPEN --(trials)--> RAMPING, or OPEN for longer
 *   UP ---> UNHEALTHY --(health checks)--> RAMPING ---> UP
 *   new ---> RAMPING ---> UP
 * </pre>
 *
 * <p>Guarded by the lock of {@link Updates}. Draining and disabling are the operator's, and lie over it.
 */
final class Standing {

    /** "Never", as a time to come. */
    static final long NEVER = Long.MAX_VALUE;

    /** For so long after it said that it goes away it gets the least share. */
    private static final long LEAVING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int RAMP_STEPS = 10;
    private static final int RAMP_PER_ABSENCE = 10;
    private static final double JITTER = 0.2;
    private static final int MOST_DOUBLINGS = 20;
    private static final String RESTARTED = ", before a restart";
    /** Longest time until the past of a replica that is back no longer counts, unless its ramp is longer. */
    private static final long FORGIVEN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final Outliers outliers;
    private final Breaker breaker;
    private final SlowStart slowStart;
    private EndpointState state = EndpointState.UP;
    private String reason = "";
    private long sinceNanos;
    private long untilNanos;
    private int doublings;
    /** When the doublings of a replica that is back are forgiven. */
    private long forgivenNanos;

    /** Whether its ramp is that of a new one, and no return from being out. */
    private boolean easing;
    /** Whether the list named it after the first, for the first time or again. */
    private boolean listedLater;
    /** Until when it then is new. */
    private long newUntilNanos;

    private boolean refused;
    private boolean unchecked;
    /** UP unless the operator says otherwise. */
    private EndpointState operators = EndpointState.UP;
    /** NaN unless the operator says otherwise. */
    private double operatorsWeight = Double.NaN;
    /** Until when it is kept as a last resort, once it left the list. */
    private long resortUntilNanos;

    /** When it left the list, and nobody's last resort was any more. */
    private long leftNanos;

    private boolean leaving;
    private long leavingUntilNanos;

    private long probedNanos;
    /** Until when a dry run says no more of it, by the state that it would have. */
    private final Map<EndpointState, Long> pretended = new EnumMap<>(EndpointState.class);

    /** Until when its calls fail as those of the others do. */
    private long alikeUntilNanos;

    private boolean alike;
    /** Read by calls. */
    private volatile boolean anyCallMayTry;

    Standing(Outliers outliers, Breaker breaker, SlowStart slowStart) {
        this.outliers = outliers;
        this.breaker = breaker;
        this.slowStart = slowStart;
    }

    EndpointState state() {
        return state;
    }

    // The operator's word, and the list's.

    EndpointState reported() {
        return isOperators() ? operators : state;
    }

    boolean isOperators() {
        return operators != EndpointState.UP;
    }

    void operators(EndpointState word) {
        operators = word;
    }

    void operatorsWeight(double weight) {
        operatorsWeight = weight;
    }

    /** The operator's word goes by id. */
    void operatorsWordOf(Standing other) {
        operators = other.operators;
        operatorsWeight = other.operatorsWeight;
    }

    /** The operator's weight, or else the listed one. */
    double weight(double listed) {
        return Double.isNaN(operatorsWeight) ? listed : operatorsWeight;
    }

    long resortUntil() {
        return resortUntilNanos;
    }

    void resortUntil(long nanos) {
        resortUntilNanos = nanos;
    }

    void left(long now) {
        leftNanos = now;
    }

    /** How long it was not listed, now that it is again. */
    long away(long now) {
        return now - leftNanos;
    }

    /** Whether it was gone for longer than an ejection lasts. */
    boolean wasAwayForLong(long now) {
        return away(now) > outliers.ejectFor().toNanos();
    }

    // Settings that calls ask for when they fail.

    boolean mayEject() {
        return !outliers.isOff();
    }

    /** Whether its calls are compared with those of others. */
    boolean isCompared() {
        return mayEject() && (outliers.failureMargin() > 0 || outliers.slowness() > 0);
    }

    boolean isTooLong(int failuresInARow) {
        return mayEject() && failuresInARow >= outliers.consecutiveFailures();
    }

    // Health.

    String reason() {
        return reason.isEmpty() && leaving ? "it said that it goes away" : reason;
    }

    /** Whether it is out: not in the selector. */
    boolean isOut() {
        return switch (state) {
            case EJECTED, OPEN, HALF_OPEN, UNHEALTHY -> true;
            default -> false;
        };
    }

    boolean isTrying() {
        return state == EndpointState.HALF_OPEN;
    }

    /** Whether a half-open replica has waited so long that a call which may not be repeated is let in, too. */
    boolean anyCallMayTry() {
        return anyCallMayTry;
    }

    /** Whether it is time for a dry run to say that it would be taken out, for so long at first. */
    boolean pretend(EndpointState to, Duration first, long now) {
        Long until = pretended.get(to);
        if (until != null && until - now > 0) {
            return false;
        }
        pretended.put(to, now + first.toNanos());
        return true;
    }

    /** Its calls fail, and so do the others': that counts for as long as a breaker is open at first. */
    void failsLikeTheOthers(long now) {
        alike = true;
        alikeUntilNanos = now + breaker.openFor().toNanos();
    }

    boolean failedLikeTheOthers(long now) {
        alike = alike && alikeUntilNanos - now > 0;
        return alike;
    }

    /** Out because of what calls showed. The first probe is earlier by up to a fifth, so that not all clients ask at once. */
    void eject(boolean connectionRefused, String why, long now, RandomGenerator random) {
        refused = connectionRefused;
        probedNanos = now - (long) (outliers.probeEvery().toNanos() * JITTER * random.nextDouble());
        leave(EndpointState.EJECTED, why, outliers.ejectFor(), outliers.maxEjectFor(), now, random);
    }

    /** Probes find nobody: it stays out for as long as an ejection may last. True if that is longer than until now. */
    boolean stayOutToTheEnd(long now, RandomGenerator random) {
        long longest = outliers.maxEjectFor().toNanos();
        long until = sinceNanos + longest + (long) (longest * JITTER * random.nextDouble());
        if (!refused || until - now <= 0) {
            return false;
        }
        untilNanos = until;
        return true;
    }

    /** Out because the breaker opened. */
    void open(String why, long now, RandomGenerator random) {
        refused = false;
        leave(EndpointState.OPEN, why, breaker.openFor(), breaker.maxOpenFor(), now, random);
    }

    /** Out because it asked for it, for so long, up to the longest ejection. */
    void pause(String why, long length, long now, RandomGenerator random) {
        refused = false;
        if (!isOut()) {
            sinceNanos = now;
        }
        long bounded = Math.min(length, outliers.maxEjectFor().toNanos());
        state = EndpointState.EJECTED;
        reason = why;
        untilNanos = now + bounded + (long) (bounded * JITTER * random.nextDouble());
    }

    /** It said that it goes away. */
    void leaves(long now) {
        leaving = true;
        leavingUntilNanos = now + LEAVING_NANOS;
    }

    /** While it is out it asked for it to be longer; or as it was tried, for it to be out again. */
    void stayOut(long length, long now) {
        long until = now + Math.min(length, outliers.maxEjectFor().toNanos());
        boolean tried = state == EndpointState.HALF_OPEN;
        if (state != EndpointState.UNHEALTHY && (tried || until - untilNanos > 0)) {
            state = tried ? EndpointState.OPEN : state;
            refused = false;
            untilNanos = until;
        }
    }

    private boolean isLeaving(long now) {
        leaving = leaving && leavingUntilNanos - now > 0;
        return leaving;
    }

    /** How it is out, for the next start: in words of ours alone, since those of an error may hold anything. */
    Optional<Absence> absence() {
        if (!isOut()) {
            return Optional.empty();
        }
        String why = reason.split(": ", 2)[0];
        return Optional.of(new Absence(state, why, isUnreachable(), doublings, sinceNanos, untilNanos));
    }

    /** Out as it was before a restart; for its longest absence at most, should the clock have been set. */
    void recall(Absence before, long now) {
        boolean ejected = before.state() == EndpointState.EJECTED;
        Duration longest = ejected ? outliers.maxEjectFor() : breaker.maxOpenFor();
        refused = before.unreachable();
        probedNanos = now;
        doublings = Math.clamp(before.doublings(), 0, MOST_DOUBLINGS);
        state = before.state() == EndpointState.HALF_OPEN ? EndpointState.OPEN : before.state();
        reason = before.reason().endsWith(RESTARTED) ? before.reason() : before.reason() + RESTARTED;
        sinceNanos = before.sinceNanos();
        untilNanos = before.state() == EndpointState.HALF_OPEN
                ? now
                : now + Math.min(before.untilNanos() - now, longest.toNanos());
    }

    /** Out because of health checks, until they say otherwise. */
    void unhealthy(String why, long now) {
        if (!isOut()) {
            sinceNanos = now;
        }
        state = EndpointState.UNHEALTHY;
        reason = why;
    }

    /** New, and out until it has passed a check. */
    void awaitCheck(String why, long now) {
        unhealthy(why, now);
        unchecked = true;
    }

    boolean isUnhealthy() {
        return state == EndpointState.UNHEALTHY;
    }

    private void leave(
            EndpointState to, String why, Duration first, Duration longest, long now, RandomGenerator random) {
        if (!isOut()) {
            sinceNanos = now;
        }
        if (doublings > 0 && forgivenNanos - now <= 0 && !isOut()) {
            doublings = 0;
        }
        long length = Math.min(first.toNanos(), longest.toNanos() >> doublings) << doublings;
        doublings = Math.min(doublings + 1, MOST_DOUBLINGS);
        state = to;
        reason = why;
        untilNanos = now + length + (long) (length * JITTER * random.nextDouble());
    }

    /** From open to half-open. */
    void halfOpen(long now) {
        state = EndpointState.HALF_OPEN;
        anyCallMayTry = false;
        untilNanos = now + breaker.openFor().toNanos();
    }

    /** Half-open, and no call came that could be the trial. */
    void letAnyCallTry(long now) {
        anyCallMayTry = true;
        untilNanos = now + breaker.openFor().toNanos();
    }

    /** When a trial that began then counts as one that hangs. */
    long trialHangs(long beganNanos) {
        return beganNanos + breaker.maxOpenFor().toNanos();
    }

    /** Half-open for longer: a trial is under way. */
    void waitForTrial(long until) {
        untilNanos = until;
    }

    /** Back in, by a ramp as long as ten times the absence, up to the setting; its end forgives. */
    void comeBack(String why, long now) {
        long absence = now - sinceNanos;
        refused = false;
        unchecked = false;
        easing = false;
        ramp(why, absence, now);
        forgivenNanos = now + Math.max(untilNanos - now, tenfold(absence, FORGIVEN_NANOS));
    }

    /** Listed as new (away for ever), or again: it is new for as long as its ramp would last. Until when that is. */
    long listedLater(long now) {
        listedLater = true;
        newUntilNanos = now + tenfold(away(now), slowStart.over().toNanos());
        return newUntilNanos;
    }

    boolean isNew(long now) {
        return listedLater && newUntilNanos - now > 0;
    }

    /** Begins the ramp of a new one, which ends no sooner than one that it was on. */
    void ease(String why, long now) {
        if (!isOut()) {
            easing |= state != EndpointState.RAMPING;
            long absence = away(now);
            long end = state == EndpointState.RAMPING && untilNanos - now > 0 ? untilNanos : now;
            ramp(why, absence, now);
            untilNanos = end - untilNanos > 0 ? end : untilNanos;
        }
    }

    /** The ramp of a new one is over by the next time that replicas settle. */
    void easeNoMore(long now) {
        if (state == EndpointState.RAMPING && easing) {
            untilNanos = now;
        }
    }

    /** Whether it is on the ramp of a new one. */
    boolean isEasing() {
        return easing && state == EndpointState.RAMPING;
    }

    private void ramp(String why, long absence, long now) {
        state = slowStart.isOff() ? EndpointState.UP : EndpointState.RAMPING;
        reason = slowStart.isOff() ? "" : why;
        sinceNanos = now;
        untilNanos = now + tenfold(absence, slowStart.over().toNanos());
    }

    private static long tenfold(long nanos, long most) {
        return nanos < most / RAMP_PER_ABSENCE ? nanos * RAMP_PER_ABSENCE : most;
    }

    /** The ramp is over. */
    void up() {
        state = EndpointState.UP;
        unchecked = false;
        reason = "";
    }

    boolean isDue(long now) {
        return isTimed() && untilNanos - now <= 0;
    }

    /** Whether its state ends by itself. */
    private boolean isTimed() {
        return state != EndpointState.UP && state != EndpointState.UNHEALTHY;
    }

    /** When something changes next, in nanoseconds from now; {@link #NEVER} if nothing will by itself. */
    long nextChange(long now) {
        return Math.min(isLeaving(now) ? leavingUntilNanos - now : NEVER, nextChangeOfState(now));
    }

    private long nextChangeOfState(long now) {
        if (!isTimed()) {
            return NEVER;
        }
        long end = Math.max(0, untilNanos - now);
        if (state == EndpointState.RAMPING) {
            long step = Math.max(1, (untilNanos - sinceNanos) / RAMP_STEPS);
            return Math.min(end, step - (now - sinceNanos) % step);
        }
        return end;
    }

    /** Share of its weight that it gets: 1, or the ramp's step; and a tenth while it goes away. */
    double share(long now) {
        return isLeaving(now) ? Math.min(1.0 / RAMP_STEPS, shareByState(now)) : shareByState(now);
    }

    private double shareByState(long now) {
        if (state != EndpointState.RAMPING || untilNanos - sinceNanos <= 0) {
            return 1;
        }
        long step = (now - sinceNanos) * RAMP_STEPS / (untilNanos - sinceNanos);
        return Math.min(RAMP_STEPS, Math.max(0, step) + 1) / (double) RAMP_STEPS;
    }

    /** Whether it is out for a reason that is no judgement: nobody accepts connections there, or it has not been asked yet. */
    boolean isUnreachable() {
        return state == EndpointState.UNHEALTHY ? refused || unchecked : refused && state == EndpointState.EJECTED;
    }

    /** Whether a probe may end the absence. */
    boolean wantsProbe() {
        return refused && state == EndpointState.EJECTED;
    }

    /** Nanoseconds until the next probe is due; negative for how long it has been. */
    long nextProbe(long now) {
        return probedNanos + outliers.probeEvery().toNanos() - now;
    }

    void probed(long now) {
        probedNanos = now;
    }
}
