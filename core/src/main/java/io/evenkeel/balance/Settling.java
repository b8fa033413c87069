package io.evenkeel.balance;

import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
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

    private final Engine engine;
    private final Settings settings;
    private final Runnable wanted;
    /** Told of replicas that come back. */
    private final Consumer<Replica> returned;

    private long lastProbeNanos;
    /** How many more may be taken out; {@link #UNCOUNTED} until somebody asks, which is seldom. */
    private long quota;
    /** Whether more than one is in service: the only one is never taken out. */
    private boolean others;

    // Of the last time that all were settled.

    private final List<Replica> toBar = new ArrayList<>();
    private final List<Replica> toProbe = new ArrayList<>();
    /** Nanoseconds until something but a probe is due by itself. */
    private long nextStep;

    Settling(Engine engine, Settings settings, Runnable wanted, Consumer<Replica> returned) {
        this.engine = engine;
        this.settings = settings;
        this.wanted = wanted;
        this.returned = returned;
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
                EndpointState before = replica.reportedState();
                replica.standing.eject(true, replica.lastErrorInWords("no connection"), now, engine.random());
                tell(replica, before);
            }
        }
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
        if (replica.takeSignal(Replica.FAILING)) {
            replica.forgetRow();
            ejectForFailures(members, replica, now);
        }
        if (replica.takeSignal(Replica.ACCEPTS) && replica.standing.wantsProbe()) {
            comeBack(replica, "accepts connections again", now);
        }
        if (replica.standing.isDue(now)) {
            moveOn(replica, now);
        }
        if (replica.settle(now)) {
            toBar.add(replica);
        }
        if (replica.isInService() && replica.standing.wantsProbe()) {
            toProbe.add(replica);
        }
    }

    /** The breaker decides on its own, from calls: it opened, or its trials ended. */
    private void followGate(Membership members, Replica replica, long now) {
        Standing standing = replica.standing;
        switch (replica.gate().state()) {
            case OPEN -> {
                if (standing.isTrying()) {
                    standing.open("trial calls failed", now, engine.random());
                } else if (!standing.isOut() && mayTakeOut(members)) {
                    standing.open("too many of the last calls failed", now, engine.random());
                } else if (!standing.isOut()) {
                    replica.gate().close();
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

    private void ejectForFailures(Membership members, Replica replica, long now) {
        if (!replica.standing.isOut() && mayTakeOut(members)) {
            replica.standing.eject(false, replica.lastErrorInWords("failed in a row"), now, engine.random());
        }
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
        replica.forgetRow();
        if (quota != UNCOUNTED && replica.isToServe() && !replica.standing.isUnreachable()) {
            quota++; // it was counted as one that is out
        }
        replica.standing.comeBack(why, now);
        returned.accept(replica);
    }

    private void moveOn(Replica replica, long now) {
        Standing standing = replica.standing;
        switch (standing.state()) {
            case EJECTED -> comeBack(replica, "ejection is over", now);
            case OPEN -> {
                replica.gate().halfOpen();
                standing.halfOpen(now);
            }
            case HALF_OPEN -> endTrials(replica, now);
            case RAMPING -> standing.up();
            default -> throw new AssertionError(standing.state());
        }
    }

    /** Half-open for as long as it was open, and no verdict: a trial takes long, or hangs, or no repeatable call came. */
    private void endTrials(Replica replica, long now) {
        Standing standing = replica.standing;
        if (!replica.gate().trialUnderWay()) {
            standing.letAnyCallTry(now);
            return;
        }
        long hangs = standing.trialHangs(replica.gate().trialBegan());
        if (hangs - now > 0) {
            standing.waitForTrial(hangs);
        } else {
            replica.gate().reopen();
            standing.open("a trial call hangs", now, engine.random());
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
            if (accepts && replica.signal(Replica.ACCEPTS)) {
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

    void tell(Replica replica, EndpointState before) {
        EndpointState after = replica.reportedState();
        if (before == after) {
            return;
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
