package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.OverloadedException;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import io.evenkeel.resilience.Attempts;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The eligible replicas of one moment, with their selector: the request's side of balancing. Immutable but for the
 * selector of keyed calls, which is made when the first of them comes.
 */
final class Snapshot {

    private static final int DRAWS = 4;
    /** Nobody has more in flight, or takes longer: about 11 days. */
    private static final double MOST_IN_FLIGHT = 1e9;

    private static final double MOST_LATENCY_NANOS = 1e15;

    private final Engine engine;
    private final Updates updates;
    private final Eligibility eligibility;
    /** What calls want of a part; empty for the whole. */
    private final Set<String> wanted;
    /** What there is. */
    private final Set<String> schemes;
    /** Made when the first call wants one: lists of mixed schemes are rare. */
    private final Map<Set<String>, Snapshot> parts = new ConcurrentHashMap<>();

    private final Replica[] replicas;
    private final Replica[] trials;
    private final Selector selector;
    private final boolean needsTime;
    private final boolean panic;
    /** Made by the first keyed call; should two make one, either will do. */
    private volatile @Nullable Selector keyed;

    Snapshot(Engine engine, Updates updates, Eligibility eligibility, Set<String> wanted, Selector selector) {
        this.engine = engine;
        this.updates = updates;
        this.eligibility = eligibility;
        this.wanted = wanted;
        this.schemes = Stream.concat(eligibility.candidates().stream(), eligibility.trials().stream())
                .map(Replica::scheme)
                .collect(Collectors.toUnmodifiableSet());
        this.replicas = eligibility.candidates().toArray(Replica[]::new);
        this.trials = eligibility.trials().toArray(Replica[]::new);
        this.selector = selector;
        this.needsTime = needsTime(selector);
        this.panic = eligibility.panic();
    }

    private boolean needsTime(Selector selector) {
        try {
            return selector.needsTime();
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return true;
        }
    }

    /** The part of this snapshot whose endpoints have one of these schemes; all of it if the set is empty. */
    Snapshot of(Set<String> some) {
        if (some.isEmpty() || some.containsAll(schemes)) {
            return this;
        }
        Snapshot part = parts.get(some);
        return part == null ? updates.part(this, some) : part;
    }

    /** Under the lock of Updates. */
    Snapshot part(Set<String> some, Function<List<Replica>, Selector> selectors) {
        Snapshot known = parts.get(some);
        if (known != null) {
            return known;
        }
        Eligibility part = eligibility.of(some);
        Snapshot made = new Snapshot(engine, updates, part, some, selectors.apply(part.candidates()));
        parts.put(some, made);
        return made;
    }

    /** Admits a call, or says why not; {@code some} schemes are what it can use, or if that is empty, any. */
    Lease admit(Call call, @Nullable Attempts attempts, Set<String> some) throws IOException {
        for (Replica trial : trials) {
            Lease lease = !trial.gate().trialUnderWay() && mayTry(trial, call, attempts)
                    ? tryTrial(trial, call, attempts)
                    : null;
            if (lease != null) {
                return lease;
            }
        }
        if (replicas.length == 0) {
            String what = wanted.isEmpty()
                    ? "no endpoint"
                    : "no endpoint of scheme " + String.join(" or ", new TreeSet<>(wanted));
            throw new NoEndpointException(updates.describe(what), engine.lastError());
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            long now = needsTime ? engine.nanoTime() : 0;
            Replica replica = choose(call, now);
            Lease lease = tryBegin(replica, needsTime ? now : engine.nanoTime(), call, attempts);
            if (lease != null) {
                return lease;
            }
        }
        return scan(call, attempts, some);
    }

    /** A trial may fail: it goes to a call that could then be repeated, unless none has come for long. */
    private boolean mayTry(Replica trial, Call call, @Nullable Attempts attempts) {
        if (call.tried(trial.endpoint())) {
            return false;
        }
        return trial.standing.anyCallMayTry()
                || (call.isIdempotent() && (attempts == null || attempts.mayRepeat(engine.nanoTime())));
    }

    private @Nullable Lease tryTrial(Replica trial, Call call, @Nullable Attempts attempts) {
        long now = engine.nanoTime();
        int token = trial.gate().tryTrial(now);
        if (token == Gate.UNWATCHED) {
            return null;
        }
        if (!trial.tryStart(Replica.OUT, now)) {
            booked(trial.gate().leave(token, Outcome.IGNORED, 0));
            return null;
        }
        return begun(trial, token, now, call, attempts);
    }

    private @Nullable Lease tryBegin(Replica replica, long now, Call call, @Nullable Attempts attempts) {
        if (!replica.tryStart(panic ? Replica.OUT : Replica.OPEN_TO_ALL, now)) {
            return null;
        }
        return begun(replica, replica.gate().enter(), now, call, attempts);
    }

    private Lease begun(Replica replica, int token, long now, Call call, @Nullable Attempts attempts) {
        try {
            selector.started(replica, now);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
        return attempts == null
                ? new Lease(this, replica, token, now)
                : new Attempt(this, replica, token, now, call, attempts);
    }

    private Replica choose(Call call, long now) {
        int index = select(call, now);
        if (index < 0) {
            index = Math.max(0, select(call.untried(), now));
        }
        return replicas[index];
    }

    /** Only for a call that holds a snapshot older than an ejection: every draw met a closed door. */
    private Lease scan(Call call, @Nullable Attempts attempts, Set<String> some) throws IOException {
        int start = engine.random().nextInt(replicas.length);
        for (int step = 0; step < replicas.length; step++) {
            Replica replica = replicas[(start + step) % replicas.length];
            Lease lease = call.tried(replica.endpoint()) ? null : tryBegin(replica, engine.nanoTime(), call, attempts);
            if (lease != null) {
                return lease;
            }
        }
        Snapshot newer = updates.snapshot().of(some);
        if (newer != this) {
            return newer.admit(call, attempts, some);
        }
        if (call.triedAny()) {
            return scan(call.untried(), attempts, some);
        }
        throw new OverloadedException(updates.describe("every gate is shut"), engine.lastError());
    }

    private int select(Call call, long now) {
        try {
            Selector asked = call.key().isPresent() ? keyed(now) : selector;
            int index = asked.select(call, now, engine.random());
            if (index < replicas.length) {
                return index;
            }
            throw new IndexOutOfBoundsException("selector chose " + index + " of " + replicas.length);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return engine.random().nextInt(replicas.length);
        }
    }

    private Selector keyed(long now) {
        Selector made = keyed;
        return made == null ? keyed(Optional.empty(), now) : made;
    }

    private Selector keyed(Optional<Selector> previous, long now) {
        Selector made = Policy.consistentHash().selector(List.<Candidate>of(replicas), previous, now, engine.random());
        keyed = made;
        return made;
    }

    /** Prepares for keyed calls if some came before: here rather than on the path of the next. */
    void keepKeyed(Snapshot before, long now) {
        Selector previous = before.keyed;
        if (previous != null) {
            keyed(Optional.of(previous), now);
        }
    }

    /** Whether a replica is left that the call, after its attempt on {@code last}, has not tried. */
    boolean hasOthers(Call call, Replica last) {
        for (Replica replica : replicas) {
            if (replica != last && !call.tried(replica.endpoint())) {
                return true;
            }
        }
        return false;
    }

    /** Tells policy and observer of an answer. */
    void tell(Replica replica, Outcome outcome, long latencyNanos, long now) {
        try {
            selector.answered(replica, outcome, latencyNanos, now);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
        engine.attemptEnded(replica.endpoint(), outcome, latencyNanos);
    }

    /** Tells the policy what a replica said of its load, if that makes sense. */
    void reported(Replica replica, double inFlight, double latencyNanos) {
        if (!(inFlight >= 0 && inFlight <= MOST_IN_FLIGHT) || latencyNanos <= 0 || latencyNanos > MOST_LATENCY_NANOS) {
            engine.malformedReport();
            return;
        }
        try {
            selector.reported(replica, inFlight, latencyNanos, engine.nanoTime());
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
        }
    }

    /** An outcome was booked, which may call for an update. */
    void booked(boolean updateWanted) {
        if (updateWanted) {
            updates.wanted();
        }
    }

    void ranInto(Replica replica, Throwable error, boolean neverConnected) {
        engine.lastError(error);
        booked(replica.ranInto(error, neverConnected));
    }

    Engine engine() {
        return engine;
    }

    /** What a lease needs once its answer has been told: it keeps no replicas and no tables in memory. */
    Snapshot afterAnswer() {
        return updates.empty();
    }

    long nanoTime() {
        return engine.nanoTime();
    }

    // For the update pipeline and for people.

    boolean panic() {
        return panic;
    }

    Selector selector() {
        return selector;
    }

    String census() {
        return eligibility.census();
    }

    Set<Replica> members() {
        return Set.copyOf(eligibility.candidates());
    }

    /** Where the key of a call leads now. */
    Optional<Replica> placeOf(Call call) {
        if (call.key().isEmpty() || replicas.length == 0) {
            return Optional.empty();
        }
        int index = select(call, engine.nanoTime());
        return index < 0 ? Optional.empty() : Optional.of(replicas[index]);
    }

    OptionalDouble score(Replica replica, Call call) {
        long now = engine.nanoTime();
        try {
            double score = (call.key().isPresent() ? keyed(now) : selector).score(replica, now);
            return Double.isNaN(score) ? OptionalDouble.empty() : OptionalDouble.of(score);
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return OptionalDouble.empty();
        }
    }
}
