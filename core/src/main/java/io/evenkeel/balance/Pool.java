package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Selector;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replicas among which a selector chooses: those of one priority, or of one side of it. Immutable. */
final class Pool {

    private final Engine engine;
    private final Replica[] replicas;
    private final Selector selector;
    private final boolean needsTime;
    private final int tolerated;
    /** Told when calls crowd on a replica, if not all replicas are used. */
    private final @Nullable Runnable crowded;
    /** What is learnt of a zone's calls, if zones matter. */
    private final @Nullable Side side;

    /** Of at least one replica; in {@code panic} also those that are barred get calls. */
    Pool(
            Engine engine,
            List<? extends Candidate> candidates,
            boolean panic,
            Selector selector,
            @Nullable Side side,
            @Nullable Runnable crowded) {
        this.engine = engine;
        this.replicas = new Replica[candidates.size()];
        Arrays.setAll(replicas, i -> Ring.replica(candidates.get(i)));
        this.selector = selector;
        this.needsTime = needsTime();
        this.tolerated = panic ? Replica.OUT : Replica.OPEN_TO_ALL;
        this.side = side;
        this.crowded = crowded;
    }

    private boolean needsTime() {
        try {
            return selector.needsTime();
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return true;
        }
    }

    /** The time, if choosing needs it, or else 0. */
    long timeToChoose() {
        return needsTime ? engine.nanoTime() : 0;
    }

    /** The time at which a call begins, {@code chosen} being the time at which it was chosen, if that was asked for. */
    long timeToBegin(long chosen) {
        return needsTime ? chosen : engine.nanoTime();
    }

    /** Which bars do not keep a call out. */
    int tolerated() {
        return tolerated;
    }

    /** One that the call has not tried; any if it has tried all. */
    Replica choose(Call call, long now) {
        int index = select(call, now);
        if (index < 0) {
            index = select(call.untried(), now);
        }
        if (index < 0) { // the policy says of nobody that all were tried
            index = engine.random().nextInt(replicas.length);
        }
        return call.triedAny() && call.tried(replicas[index].endpoint()) ? untriedFrom(index, call) : replicas[index];
    }

    /** Also if the policy did not look, or threw: as many steps as the call has tried. */
    private Replica untriedFrom(int start, Call call) {
        for (int step = 1; step < replicas.length; step++) {
            Replica replica = replicas[(start + step) % replicas.length];
            if (!call.tried(replica.endpoint())) {
                return replica;
            }
        }
        return replicas[start];
    }

    private int select(Call call, long now) {
        try {
            int index = selector.select(call, now, engine.random());
            if (index < replicas.length) {
                return index;
            }
            throw new IndexOutOfBoundsException("selector chose " + index + " of " + replicas.length);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return engine.random().nextInt(replicas.length);
        }
    }

    void started(Replica replica, long now) {
        if (side != null) {
            side.began(now);
        }
        if (crowded != null && replica.inFlight() >= Crowd.MANY) {
            crowded.run();
        }
        try {
            selector.started(replica, now);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
    }

    void answered(Replica replica, Outcome outcome, long latencyNanos, long now) {
        if (side != null) {
            side.answered(outcome, latencyNanos, now);
        }
        try {
            selector.answered(replica, outcome, latencyNanos, now);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
    }

    void brokeOff(Replica replica, long now) {
        if (side != null) {
            side.brokeOff();
        }
        try {
            selector.brokeOff(replica, now);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
    }

    void reported(Replica replica, double inFlight, double latencyNanos) {
        try {
            selector.reported(replica, inFlight, latencyNanos, engine.nanoTime());
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
    }

    void returned(Replica replica) {
        try {
            selector.returned(replica);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
    }

    Selector selector() {
        return selector;
    }

    /** Whether one is left that the call has not tried: as many steps as it has tried. */
    boolean hasUntried(Call call) {
        for (Replica replica : replicas) {
            if (!call.tried(replica.endpoint())) {
                return true;
            }
        }
        return false;
    }

    boolean hasTried(Call call) {
        for (Replica replica : replicas) {
            if (call.tried(replica.endpoint())) {
                return true;
            }
        }
        return false;
    }

    /** Whether one is left, but for {@code last}, that the call has not tried. */
    boolean hasOthers(Call call, Replica last) {
        for (Replica replica : replicas) {
            if (replica != last && !call.tried(replica.endpoint())) {
                return true;
            }
        }
        return false;
    }

    int size() {
        return replicas.length;
    }

    Replica at(int index) {
        return replicas[index];
    }

    Stream<Replica> members() {
        return Arrays.stream(replicas);
    }

    OptionalDouble score(Replica replica, long now) {
        try {
            double score = selector.score(replica, now);
            return Double.isNaN(score) ? OptionalDouble.empty() : OptionalDouble.of(score);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return OptionalDouble.empty();
        }
    }
}
