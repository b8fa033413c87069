package io.evenkeel.balance;

import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Brings every replica to where it should stand now: answers the signals of calls, moves what is due, starts probes.
 * Guarded by the lock of {@link Updates}.
 */
final class Settling {

    /** At most two probes a second for all replicas of a balancer. */
    private static final long PROBE_SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long AGAIN_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long UNCOUNTED = Long.MIN_VALUE;

    /** Where the others' windows fail as often, but for so much, the trouble is not the replica's. */
    private static final double ALIKE = 0.25;

    private final Engine engine;
    private final Settings settings;
    private final Comparison comparison;
    private final Runnable wanted;
    /** Told of replicas that come back. */
    private final Consumer<Replica> returned;
    /** Run as a replica turns out to fail. */
    private final Runnable failing;

    private long lastProbeNanos;
    /** How many more may be taken out; {@link #UNCOUNTED} until somebody asks, which is seldom. */
    private long quota;

    private boolean watches;
    /** Whether more than one is in service: the only one is never taken out. */
    private boolean others;

    // Of the last time that all were settled.

    private final List<Replica> toBar = new ArrayList<>();
    private final List<Replica> toProbe = new ArrayList<>();
    /** Nanoseconds until something but a probe is due by itself. */
    private long nextStep;

    Settling(Engine engine, Settings settings, Runnable wanted, Consumer<Replica> returned, Runnable failing) {
        this.engine = engine;
        this.settings = settings;
        this.comparison = new Comparison(settings.outliers());
        this.wanted = wanted;
        this.returned = returned;
        this.failing = failing;
        this.lastProbeNanos = engine.nanoTime() - PROBE_SPACING_NANOS;
    }

    void settle(Membership members, long now) {
        toBar.clear();
        toProbe.clear();
        nextStep = AGAIN_NANOS; // should something be thrown
        quota = UNCOUNTED;
        others = all(members).filter(Replica::isToServe).limit(2).count() > 1;
        ejectRefused(members.listed(), now); // all of them first: these are not among those that may be out
        ejectRefused(members.lastResort(), now);
        nextStep = Math.min(settle(members, members.listed(), now), settle(members, members.lastResort(), now));
        probe(now);
    }

    private static Stream<Replica> all(Membership members) {
        return Stream.concat(members.listed().stream(), members.lastResort().stream());
    }

    /** A refused connection is a fact, not a judgement: it needs no place among those that may be out. */
    private void ejectRefused(Collection<Replica> replicas, long now) {
        for (Replica replica : replicas) {
            if (replica.takeSignal(Replica.REFUSED) && !replica.standing.isOut() && others) {
                ejectRefused(replica, replica.lastErrorInWords("no connection"), now);
            }
        }
    }

    private void ejectRefused(Replica replica, String why, long now) {
        if (settings.outliers().dryRun()) {
            pretend(replica, EndpointState.EJECTED, settings.outliers().ejectFor(), why, now);
            return;
        }
        EndpointState before = replica.reportedState();
        replica.takeSignal(Replica.NOBODY_THERE); // that was before
        replica.standing.eject(true, why, now, engine.random());
        tell(replica, before);
    }

    /** Nanoseconds until something but a probe is due by itself. */
    private long settle(Membership members, Collection<Replica> replicas, long now) {
        long next = Standing.NEVER;
        for (Replica replica : replicas) {
            EndpointState before = replica.reportedState();
            settle(members, replica, now);
            tell(replica, before);
            next = Math.min(next, replica.standing.nextChange(now));
        }
        return next;
    }

    private void settle(Membership members, Replica replica, long now) {
        replica.takeSignal(Replica.GATE); // before looking at it: what changes from now on is told again
        followGate(members, replica, now);
        watches |= replica.isToBeWatched();
        if (replica.takeSignal(Replica.FAILING)) {
            if (othersFailInARow(members, replica)) {
                replica.forgetHalfTheRow();
            } else {
                eject(members, replica, replica.lastErrorInWords("failed in a row"), now);
                replica.forgetRow();
            }
        }
        if (replica.takeSignal(Replica.FAILING_MORE)) {
            eject(members, replica, comparison.failsMoreInWords(replica), now);
        }
        if (replica.takeSignal(Replica.SLOW)) {
            eject(members, replica, comparison.slowInWords(replica), now);
        }
        if (replica.takeSignal(Replica.PAUSE)) {
            pause(members, replica, now);
        }
        if (replica.takeSignal(Replica.LEAVES)) {
            replica.standing.leaves(now);
        }
        if (replica.takeSignal(Replica.ACCEPTS) && replica.standing.wantsProbe()) {
            comeBack(replica, "accepts connections again", now);
        }
        if (replica.standing.isDue(now)) {
            moveOn(replica, now);
        }
        followChecks(members, replica, now);
        if (replica.settle(now)) {
            toBar.add(replica);
        }
        if (replica.isInService()
                && replica.standing.wantsProbe()
                && settings.healthCheck().isEmpty()) {
            toProbe.add(replica);
        }
    }

    /** Takes out again who was out before a restart, as far as it is not over and may be done now. */
    void recall(Membership members, Map<String, Absence> out, long now) {
        quota = UNCOUNTED;
        others = all(members).filter(Replica::isToServe).limit(2).count() > 1;
        recall(members, out, true, now); // first, as in settle: these are not among those that may be out
        recall(members, out, false, now);
    }

    private void recall(Membership members, Map<String, Absence> out, boolean unreachable, long now) {
        for (Replica replica : members.listed()) {
            Absence absence = out.get(replica.id());
            if (absence != null
                    && absence.unreachable() == unreachable
                    && absence.untilNanos() - now > 0
                    && isStillJudged(absence.state())
                    && (unreachable ? others : mayTakeOut(members))) {
                recall(replica, absence, now);
            }
        }
    }

    private void recall(Replica replica, Absence absence, long now) {
        EndpointState before = replica.reportedState();
        replica.standing.recall(absence, now);
        if (replica.standing.state() == EndpointState.OPEN) {
            replica.gate().reopen();
        }
        tell(replica, before);
    }

    /** Whether the settings of now can take somebody out in this way. */
    private boolean isStillJudged(EndpointState state) {
        return switch (state) {
            case EJECTED -> !settings.outliers().isOff() && !settings.outliers().dryRun();
            case OPEN, HALF_OPEN ->
                !settings.breaker().isOff() && !settings.breaker().dryRun();
            case UNHEALTHY -> settings.healthCheck().isPresent() && !isCheckDryRun();
            default -> false;
        };
    }

    /** The breaker decides on its own, from calls: it opened, or its trials ended. */
    private void followGate(Membership members, Replica replica, long now) {
        Standing standing = replica.standing;
        switch (replica.gate().state()) {
            case OPEN -> {
                if (standing.isTrying()) {
                    open(replica, "trial calls failed", now);
                } else if (!standing.isOut()) {
                    open(members, replica, "too many of the last calls failed", now);
                }
            }
            case CLOSED -> {
                if (standing.isTrying()) {
                    comeBack(replica, "trial calls succeeded", now);
                }
            }
            case HALF_OPEN -> {}
        }
    }

    private void followChecks(Membership members, Replica replica, long now) {
        if (settings.healthCheck().isEmpty()) {
            return;
        }
        Standing standing = replica.standing;
        if (standing.isUnhealthy() && replica.checked().isRisen()) {
            admit(replica, now);
        } else if (!standing.isOut() && replica.isFallen()) {
            String why = replica.checked().inWords();
            if (settings.healthCheck().get().dryRun()) {
                pretend(
                        replica,
                        EndpointState.UNHEALTHY,
                        settings.healthCheck().get().interval(),
                        why,
                        now);
            } else if (mayTakeOut(members)) {
                standing.unhealthy(why, now);
            }
        }
    }

    private void admit(Replica replica, long now) {
        if (replica.checked().admit()) {
            replica.standing.up();
            replica.standing.ease("newly listed", now);
        } else {
            comeBack(replica, "health checks passed", now);
        }
    }

    /** A health check has ended. True if an update is wanted. */
    boolean checked(Replica replica, boolean passed) {
        if (passed) {
            replica.checked().passed();
            return (replica.standing.isUnreachable() && replica.signal(Replica.ACCEPTS))
                    || (replica.standing.isUnhealthy() && replica.checked().isRisen());
        }
        replica.checked().failed();
        if (replica.standing.wantsProbe()) {
            replica.signal(Replica.NOBODY_THERE);
        }
        return !replica.standing.isOut() && replica.isFallen();
    }

    private void open(Membership members, Replica replica, String why, long now) {
        if (othersFailAlike(members, replica, now)) {
            replica.standing.failsLikeTheOthers(now);
        } else {
            if (settings.breaker().dryRun()) {
                pretend(replica, EndpointState.OPEN, settings.breaker().openFor(), why, now);
            } else if (mayTakeOut(members)) {
                open(replica, why, now);
                return;
            }
        }
        replica.gate().close();
    }

    private void open(Replica replica, String why, long now) {
        replica.standing.open(why, now, engine.random());
        if (settings.healthCheck().isPresent()) {
            replica.checked().forgetPassed();
        }
    }

    private void eject(Membership members, Replica replica, String why, long now) {
        replica.conduct().restart();
        if (replica.standing.isOut()) {
            return;
        }
        if (settings.outliers().dryRun()) {
            pretend(replica, EndpointState.EJECTED, settings.outliers().ejectFor(), why, now);
        } else if (mayTakeOut(members)) {
            replica.standing.eject(false, why, now, engine.random());
        }
    }

    private void pause(Membership members, Replica replica, long now) {
        Standing standing = replica.standing;
        if (standing.isTrying()) {
            replica.gate().reopen();
        }
        if (standing.isOut()) {
            standing.stayOut(replica.pauseNanos(), now);
            return;
        }
        String why = "it asked for a pause of " + Duration.ofNanos(replica.pauseNanos());
        if (settings.outliers().dryRun()) {
            pretend(replica, EndpointState.EJECTED, settings.outliers().ejectFor(), why, now);
        } else if (mayTakeOut(members)) {
            standing.pause(why, replica.pauseNanos(), now, engine.random());
        }
    }

    /** Where the others fail in a row, too, what all depend on fails: to take one out would help nobody. */
    private boolean othersFailInARow(Membership members, Replica replica) {
        int row = (settings.outliers().consecutiveFailures() + 1) / 2;
        long usable = others(members, replica).count();
        return usable > 0
                && others(members, replica)
                                        .filter(other -> other.failedInARow() >= row)
                                        .count()
                                * 2
                        >= usable;
    }

    /** The same, by the windows of their breakers; or since the window was emptied, for that reason. */
    private static boolean othersFailAlike(Membership members, Replica replica, long now) {
        double own = replica.gate().failedShare();
        double share = others(members, replica)
                .mapToDouble(other -> other.standing.failedLikeTheOthers(now)
                        ? own
                        : other.gate().failedShare())
                .average()
                .orElse(0);
        return share + ALIKE >= own;
    }

    private static Stream<Replica> others(Membership members, Replica replica) {
        return all(members).filter(Replica::isUsable).filter(other -> other != replica);
    }

    /** Looks at what calls have shown since the last look, so long ago; signals, and asks for an update, if a replica stands out. */
    boolean look(Membership members, long sinceNanos) {
        Comparison.Seen seen = comparison.look(members.listed(), sinceNanos);
        if (seen == Comparison.Seen.OUTLIER) {
            wanted.run();
        }
        return seen != Comparison.Seen.NO_CALLS;
    }

    /** Whether calls have come that are to be compared. */
    boolean watches() {
        return watches && !comparison.isOff();
    }

    /** None have come for long. */
    void watchNoMore(Membership members) {
        watches = false;
        all(members).forEach(replica -> replica.takeSignal(Replica.WATCH));
    }

    private boolean mayTakeOut(Membership members) {
        if (quota == UNCOUNTED) {
            quota = Eligibility.mayTakeOut(
                    members.listed(), members.lastResort(), settings.outliers().maxShare());
        }
        if (quota <= 0) {
            return false;
        }
        quota--;
        return true;
    }

    private void comeBack(Replica replica, String why, long now) {
        replica.gate().close();
        replica.back(now);
        replica.conduct().restart();
        if (replica.isFallen() && !isCheckDryRun()) {
            replica.standing.unhealthy(replica.checked().inWords(), now);
            return;
        }
        if (quota != UNCOUNTED && replica.isToServe() && !replica.standing.isUnreachable()) {
            quota++; // it was counted as one that is out
        }
        replica.standing.comeBack(why, now);
        returned.accept(replica);
    }

    private boolean isCheckDryRun() {
        return settings.healthCheck().isPresent()
                && settings.healthCheck().get().dryRun();
    }

    private void moveOn(Replica replica, long now) {
        Standing standing = replica.standing;
        switch (standing.state()) {
            case EJECTED -> {
                if (!replica.takeSignal(Replica.NOBODY_THERE) || !standing.stayOutToTheEnd(now, engine.random())) {
                    comeBack(replica, "ejection is over", now);
                }
            }
            case OPEN -> {
                replica.gate().halfOpen();
                standing.halfOpen(now);
            }
            case HALF_OPEN -> endTrials(replica, now);
            case RAMPING -> standing.up();
            default -> throw new AssertionError(standing.state());
        }
    }

    /** Half-open for as long as it was open, and no verdict: a trial takes long, or hangs, or no repeatable call came; or then, none at all. */
    private void endTrials(Replica replica, long now) {
        Standing standing = replica.standing;
        if (!replica.gate().trialUnderWay()) {
            if (standing.anyCallMayTry()
                    && settings.healthCheck().isPresent()
                    && replica.checked().isRisen()) {
                comeBack(replica, "no call came that could be a trial, and health checks passed", now);
            } else {
                standing.letAnyCallTry(now);
            }
            return;
        }
        long hangs = standing.trialHangs(replica.gate().trialBegan());
        if (hangs - now > 0) {
            standing.waitForTrial(hangs);
        } else {
            replica.gate().reopen();
            open(replica, "a trial call hangs", now);
        }
    }

    /** Keeps out whom the snapshot, which is there now, does not name. */
    void raiseBars() {
        toBar.forEach(Replica::raiseBar);
    }

    /** The one that waits longest for a probe gets the next. */
    private void probe(long now) {
        if (now - lastProbeNanos < PROBE_SPACING_NANOS) {
            return;
        }
        toProbe.stream()
                .filter(replica -> replica.standing.nextProbe(now) <= 0)
                .min(Comparator.comparingLong(replica -> replica.standing.nextProbe(now)))
                .ifPresent(replica -> probe(replica, now));
    }

    private void probe(Replica replica, long now) {
        lastProbeNanos = now;
        replica.standing.probed(now);
        engine.ambient().probe().accepts(replica.endpoint()).thenAccept(accepts -> {
            if (!accepts) {
                replica.signal(Replica.NOBODY_THERE);
            } else if (replica.signal(Replica.ACCEPTS)) {
                wanted.run();
            }
        });
    }

    /** Nanoseconds until something is due by itself, seen from the time of the last {@link #settle}. */
    long nextChange(long now) {
        long next = nextStep;
        long spaced = Math.max(0, lastProbeNanos + PROBE_SPACING_NANOS - now);
        for (Replica replica : toProbe) {
            next = Math.min(next, Math.max(spaced, replica.standing.nextProbe(now)));
        }
        return next;
    }

    /** Says what a dry run does not do. */
    private void pretend(Replica replica, EndpointState to, Duration first, String why, long now) {
        if (!replica.standing.pretend(to, first, now)) {
            return;
        }
        Observer.WouldHaveTakenOut event = new Observer.WouldHaveTakenOut(engine.name(), replica.endpoint(), to, why);
        engine.events()
                .add(
                        log -> log.info(
                                "{}: {} would be {}, but for a dry run: {}", engine.name(), replica.id(), to, why),
                        observer -> observer.wouldHaveTakenOut(event));
    }

    void tell(Replica replica, EndpointState before) {
        EndpointState after = replica.reportedState();
        if (before == after) {
            return;
        }
        if (after == EndpointState.EJECTED || after == EndpointState.OPEN || after == EndpointState.UNHEALTHY) {
            failing.run();
        }
        Observer.StateChanged event =
                new Observer.StateChanged(engine.name(), replica.endpoint(), before, after, replica.reportedReason());
        engine.events()
                .add(
                        log -> log.info(
                                "{}: {} is {}{}",
                                engine.name(),
                                replica.id(),
                                after,
                                event.reason().isEmpty() ? "" : ": " + event.reason()),
                        observer -> observer.stateChanged(event));
    }
}
