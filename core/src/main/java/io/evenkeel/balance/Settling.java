package io.evenkeel.balance;

import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import java.util.Collection;
import java.util.Comparator;
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

    private final Engine engine;
    private final Settings settings;
    private final Runnable wanted;
    /** Told of replicas that come back. */
    private final Consumer<Replica> returned;

    private long lastProbeNanos;
    /** How many more may be taken out. */
    private long quota;
    /** Whether more than one is in service: the only one is never taken out. */
    private boolean others;

    Settling(Engine engine, Settings settings, Runnable wanted, Consumer<Replica> returned) {
        this.engine = engine;
        this.settings = settings;
        this.wanted = wanted;
        this.returned = returned;
        this.lastProbeNanos = engine.nanoTime() - PROBE_SPACING_NANOS;
    }

    void settle(Membership members, long now) {
        others = all(members).filter(Replica::isInService).limit(2).count() > 1;
        each(members, replica -> ejectIfRefused(replica, now)); // first: these are not among those that may be out
        quota = Eligibility.mayTakeOut(
                members.listed(), members.lastResort(), settings.outliers().maxShare());
        each(members, replica -> settle(replica, now));
        probe(members, now);
    }

    private static Stream<Replica> all(Membership members) {
        return Stream.concat(members.listed().stream(), members.lastResort().stream());
    }

    private void each(Membership members, Consumer<Replica> step) {
        all(members).forEach(replica -> {
            EndpointState before = replica.reportedState();
            step.accept(replica);
            tell(replica, before);
        });
    }

    /** A refused connection is a fact, not a judgement: it needs no place among those that may be out. */
    private void ejectIfRefused(Replica replica, long now) {
        if (replica.takeSignal(Replica.REFUSED) && !replica.standing.isOut() && others) {
            replica.standing.eject(true, replica.lastErrorInWords("no connection"), now, engine.random());
        }
    }

    private void settle(Replica replica, long now) {
        replica.takeSignal(Replica.GATE); // before looking at it: what changes from now on is told again
        followGate(replica, now);
        if (replica.takeSignal(Replica.FAILING)) {
            replica.forgetRow();
            ejectForFailures(replica, now);
        }
        if (replica.takeSignal(Replica.ACCEPTS) && replica.standing.wantsProbe()) {
            comeBack(replica, "accepts connections again", now);
        }
        if (replica.standing.isDue(now)) {
            moveOn(replica, now);
        }
        replica.weigh(now);
        replica.lowerBar();
    }

    /** The breaker decides on its own, from calls: it opened, or its trials ended. */
    private void followGate(Replica replica, long now) {
        Standing standing = replica.standing;
        switch (replica.gate().state()) {
            case OPEN -> {
                if (standing.isTrying()) {
                    standing.open("trial calls failed", now, engine.random());
                } else if (!standing.isOut() && mayTakeOut()) {
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

    private void ejectForFailures(Replica replica, long now) {
        if (!replica.standing.isOut() && mayTakeOut()) {
            replica.standing.eject(false, replica.lastErrorInWords("failed in a row"), now, engine.random());
        }
    }

    private boolean mayTakeOut() {
        if (quota <= 0) {
            return false;
        }
        quota--;
        return true;
    }

    private void comeBack(Replica replica, String why, long now) {
        replica.gate().close();
        replica.forgetRow();
        quota += replica.isInService() && !replica.standing.isUnreachable() ? 1 : 0; // as it was counted
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

    /** The one that waits longest for a probe gets the next. */
    private void probe(Membership members, long now) {
        if (now - lastProbeNanos < PROBE_SPACING_NANOS) {
            return;
        }
        all(members)
                .filter(replica -> wantsProbe(replica) && replica.standing.nextProbe(now) <= 0)
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

    private static boolean wantsProbe(Replica replica) {
        return replica.isInService() && replica.standing.wantsProbe();
    }

    /** Nanoseconds until something is due by itself. */
    long nextChange(Membership members, long now) {
        return Math.min(nextChange(members.listed(), now), nextChange(members.lastResort(), now));
    }

    private long nextChange(Collection<Replica> replicas, long now) {
        long next = Standing.NEVER;
        for (Replica replica : replicas) {
            next = Math.min(next, replica.standing.nextChange(now));
            if (wantsProbe(replica)) {
                long spaced = Math.max(0, lastProbeNanos + PROBE_SPACING_NANOS - now);
                next = Math.min(next, Math.max(spaced, Math.max(0, replica.standing.nextProbe(now))));
            }
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
