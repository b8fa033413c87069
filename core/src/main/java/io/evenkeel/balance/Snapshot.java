package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.OverloadedException;
import io.evenkeel.resilience.Attempts;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The eligible replicas of one moment, in pools with a selector each: the request's side of balancing. A call first draws its
 * pool, of which there is almost always one, and is then placed by the pool's selector.
 */
final class Snapshot {

    private static final int DRAWS = 4;
    private static final int LAST_DRAW = DRAWS - 1;
    /** Nobody has more in flight, or takes longer: about 11 days. */
    private static final double MOST_IN_FLIGHT = 1e9;

    private static final double MOST_LATENCY_NANOS = 1e15;

    private final Engine engine;
    private final Updates updates;
    private final Eligibility eligibility;
    private final Wanted wanted;
    /** All that are listed, by id, whatever is wanted and whether they can be used or not. */
    private final Map<String, Replica> listed;
    /** What there is. */
    private final Set<String> schemes;

    private final Parts parts = new Parts();

    private final Level[] levels;
    private final Replica[] trials;
    /** The pool, if there is but one. */
    private final @Nullable Pool only;

    Snapshot(
            Engine engine,
            Updates updates,
            Eligibility eligibility,
            Wanted wanted,
            List<Level> levels,
            Map<String, Replica> listed) {
        this.engine = engine;
        this.updates = updates;
        this.eligibility = eligibility;
        this.wanted = wanted;
        this.listed = listed;
        this.schemes = schemes(eligibility);
        this.trials = eligibility.trials().toArray(Replica[]::new);
        this.levels = levels.toArray(Level[]::new);
        this.only = levels.size() == 1 ? levels.get(0).only() : null;
    }

    /** In a loop, since it is over all replicas, and they mostly have one scheme, which is one object. */
    private static Set<String> schemes(Eligibility eligibility) {
        Set<String> schemes = new HashSet<>();
        String last = "";
        for (Replica replica : eligibility.inUse()) {
            String scheme = replica.scheme();
            if (!scheme.equals(last)) {
                schemes.add(scheme);
                last = scheme;
            }
        }
        return schemes;
    }

    /** The part of this snapshot that a call can use, of endpoints of one of these schemes; of any if there are none. */
    Snapshot of(Set<String> some, Call call) {
        if (call.tags().isEmpty()) {
            return of(some);
        }
        Snapshot part = part(call.tags()).of(some);
        return part.levels.length == 0 && call.isElseAll() ? of(some) : part;
    }

    private Snapshot of(Set<String> some) {
        return some.isEmpty() || some.containsAll(schemes) ? this : part(some);
    }

    private Snapshot part(Object some) {
        Snapshot part = parts.get(some);
        return part == null ? updates.part(this, some) : part;
    }

    /** Admits a call, or says why not; {@code some} schemes are what it can use, or if that is empty, any. */
    Lease admit(Call call, @Nullable Attempts attempts, Set<String> some) throws IOException {
        Optional<String> pin = call.endpoint();
        if (pin.isPresent()) {
            Lease lease = atPin(pin.get(), call, attempts, some);
            if (lease != null) {
                return lease;
            }
        }
        for (Replica trial : trials) {
            Lease lease = !trial.gate().trialUnderWay() && mayTry(trial, call, attempts)
                    ? tryTrial(trial, call, attempts)
                    : null;
            if (lease != null) {
                return lease;
            }
        }
        if (levels.length == 0) {
            throw new NoEndpointException(updates.describe("no endpoint" + wanted.inWords()), engine.lastError());
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            Pool pool = poolFor(call);
            long now = pool.timeToChoose();
            Replica replica = pool.choose(call, now);
            long begin = pool.timeToBegin(now);
            Lease lease = draw < LAST_DRAW && isUnwelcome(replica, call, attempts, begin)
                    ? null
                    : tryBegin(replica, pool.tolerated(), begin, call, attempts);
            if (lease != null) {
                return lease;
            }
        }
        return scan(call, attempts, some);
    }

    // Pinned calls: those that ask for an endpoint.

    /** At the endpoint that the call asks for; null if that does not work out and another will do. */
    private @Nullable Lease atPin(String id, Call call, @Nullable Attempts attempts, Set<String> some)
            throws IOException {
        Replica replica = includedById(id, some);
        Lease lease = replica == null || !isWelcome(replica, call) ? null : tryPinned(replica, call, attempts);
        return lease != null || !call.isOnlyThere() ? lease : nowhereElse(id, replica, call, attempts, some);
    }

    /** One that the call can use; those who are in use may all be of its schemes, and this one not. */
    private @Nullable Replica includedById(String id, Set<String> some) {
        Replica replica = listed.get(id);
        boolean included =
                replica != null && wanted.includes(replica) && (some.isEmpty() || some.contains(replica.scheme()));
        return included ? replica : null;
    }

    /** Not a second time, nor to where there is a crowd; unless nowhere else will do. */
    private boolean isWelcome(Replica replica, Call call) {
        if (call.isOnlyThere()) {
            return true;
        }
        Level level = levelOf(replica.endpoint());
        return !call.tried(replica.endpoint()) && (level == null || level.hasRoom(replica, call.bound()));
    }

    private @Nullable Lease tryPinned(Replica replica, Call call, @Nullable Attempts attempts) {
        Lease lease = tryBegin(replica, toleratedOf(replica), engine.nanoTime(), call, attempts);
        return lease == null && tries(replica) && mayTry(replica, call, attempts)
                ? tryTrial(replica, call, attempts)
                : lease;
    }

    /** Which bars do not keep out a call that asks for the replica. */
    private int toleratedOf(Replica replica) {
        Pool owner = owner(replica.endpoint());
        int tolerated = owner == null ? Replica.OPEN_TO_ALL : owner.tolerated();
        return replica.barred() == Replica.OPEN_TO_PINNED ? Replica.OPEN_TO_PINNED : tolerated;
    }

    private Lease nowhereElse(
            String id, @Nullable Replica replica, Call call, @Nullable Attempts attempts, Set<String> some)
            throws IOException {
        Snapshot newer = updates.snapshot().of(some, call);
        if (newer != this) {
            return newer.admit(call, attempts, some);
        }
        String what = "endpoint " + id + ", the only one for this call, is ";
        if (replica == null) {
            String why =
                    listed.containsKey(id) ? "not one" + wanted.ofSchemes(some).inWords() : "not listed";
            throw new NoEndpointException(updates.describe(what + why), engine.lastError());
        }
        if (replica.barred() > toleratedOf(replica)) {
            String why = replica.barred() == Replica.OUT ? "ejected, open or unhealthy" : "out of service";
            throw new NoEndpointException(updates.describe(what + why), engine.lastError());
        }
        throw new OverloadedException(updates.describe(what + "at its limit of calls in flight"), engine.lastError());
    }

    /** Whether no call that asks for that endpoint may begin there now. */
    boolean isGone(String id) {
        Snapshot now = updates.snapshot();
        Replica replica = now.listed.get(id);
        return replica == null || !wanted.includes(replica) || replica.barred() > now.toleratedOf(replica);
    }

    /** Whether another is to be drawn, if there is one: a zone that was tried may be down as a whole. A key stays where it is. */
    private static boolean isUnwelcome(Replica replica, Call call, @Nullable Attempts attempts, long now) {
        return call.key().isEmpty()
                && (isTooSlow(replica, call, attempts, now) || call.triedZoneOf(replica.endpoint()));
    }

    /** Whether it usually takes longer than what is left to the call, or than this attempt may. */
    private static boolean isTooSlow(Replica replica, Call call, @Nullable Attempts attempts, long now) {
        long usual = replica.usualNanos();
        return usual != 0 && attempts != null && attempts.timeoutNanos(call.isIdempotent(), now) < usual;
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

    private @Nullable Lease tryBegin(Replica replica, int tolerated, long now, Call call, @Nullable Attempts attempts) {
        if (!replica.tryStart(tolerated, now)) {
            return null;
        }
        return begun(replica, replica.gate().enter(), now, call, attempts);
    }

    private Lease begun(Replica replica, int token, long now, Call call, @Nullable Attempts attempts) {
        Lease lease = attempts == null
                ? new Lease(this, replica, token, now)
                : new Attempt(this, replica, token, now, call, attempts);
        Pool owner = owner(lease.endpoint());
        if (owner != null) {
            owner.started(replica, now);
        }
        return lease;
    }

    // Which pool.

    private Pool poolFor(Call call) {
        if (call.key().isPresent()) {
            return keyed(call, call.key().get());
        }
        Pool single = only;
        return single == null ? drawn(call) : single;
    }

    private Pool drawn(Call call) {
        RandomGenerator random = engine.random();
        Level level = levels.length == 1 ? levels[0] : level(random.nextDouble());
        Pool drawn = call.triedAny() ? level.elsewhere(call, random) : level.draw(random);
        return drawn.hasUntried(call) ? drawn : untried(drawn, level, call);
    }

    /** A call that has tried all of its pool goes to another of its priority, or else of any. */
    private Pool untried(Pool drawn, Level drawnFrom, Call call) {
        Pool other = drawnFrom.untried(call);
        for (int i = 0; other == null && i < levels.length; i++) {
            other = levels[i].untried(call);
        }
        return other == null ? drawn : other;
    }

    /** Equal keys go to the same priority while the shares are what they are; by other bits than those that choose the replica. */
    private Pool keyed(Call call, String key) {
        Pool home = levels.length == 1
                ? levels[0].keyed()
                : level(Hash.unit(Hash.mix(Hash.of(key)))).keyed();
        if (!home.hasUntried(call)) {
            for (Level level : levels) {
                if (level.keyed().hasUntried(call)) {
                    return level.keyed();
                }
            }
        }
        return home;
    }

    private Level level(double draw) {
        for (Level level : levels) {
            if (level.takes(draw)) {
                return level;
            }
        }
        return levels[0];
    }

    /** The pool that learns of calls to an endpoint, whoever chose it; null for a trial where there is no pool. */
    private @Nullable Pool owner(Endpoint endpoint) {
        return only == null ? find(endpoint) : only;
    }

    private @Nullable Pool find(Endpoint endpoint) {
        Level level = levelOf(endpoint);
        return level == null ? null : level.owner(endpoint);
    }

    private @Nullable Level levelOf(Endpoint endpoint) {
        for (Level level : levels) {
            if (level.holds(endpoint)) {
                return level;
            }
        }
        return null;
    }

    /** Only where every draw met a closed door: under overload, or with a snapshot that is older than an ejection. */
    private Lease scan(Call call, @Nullable Attempts attempts, Set<String> some) throws IOException {
        for (Level level : levels) {
            for (Pool pool : level.pools().toList()) {
                Lease lease = scan(pool, call, attempts);
                if (lease != null) {
                    return lease;
                }
            }
        }
        Snapshot newer = updates.snapshot().of(some, call);
        if (newer != this) {
            return newer.admit(call, attempts, some);
        }
        if (call.triedAny()) {
            return scan(call.untried(), attempts, some);
        }
        throw new OverloadedException(updates.describe("every gate is shut" + fullInWords()), engine.lastError());
    }

    /** The error of a call that is not sent, since most are not answered in time. */
    OverloadedException heldBack() {
        return new OverloadedException(
                updates.describe("most calls are not answered in time, so that few are sent"), engine.lastError());
    }

    private String fullInWords() {
        long full = Arrays.stream(levels)
                .flatMap(Level::pools)
                .flatMap(Pool::members)
                .filter(Replica::isFull)
                .count();
        return full == 0 ? "" : " (" + full + " at their limit of calls in flight)";
    }

    private @Nullable Lease scan(Pool pool, Call call, @Nullable Attempts attempts) {
        int start = engine.random().nextInt(pool.size());
        for (int step = 0; step < pool.size(); step++) {
            Replica replica = pool.at((start + step) % pool.size());
            Lease lease = call.tried(replica.endpoint())
                    ? null
                    : tryBegin(replica, pool.tolerated(), engine.nanoTime(), call, attempts);
            if (lease != null) {
                return lease;
            }
        }
        return null;
    }

    /** Whether a replica is left that the call, after its attempt on {@code last}, has not tried. */
    boolean hasOthers(Call call, Replica last) {
        if (call.isOnlyThere()) {
            return false;
        }
        for (Level level : levels) {
            if (level.hasOthers(call, last)) {
                return true;
            }
        }
        return false;
    }

    /** Tells policy and observer of an answer. */
    void tell(Replica replica, Endpoint endpoint, Outcome outcome, long latencyNanos, boolean late, long now) {
        Pool owner = owner(endpoint);
        if (owner != null) {
            owner.answered(replica, outcome, latencyNanos, now);
        }
        engine.attemptEnded(endpoint, outcome, latencyNanos, late);
    }

    /** Tells the policy that a call failed whose good answer it was told of, maybe from a snapshot that the lease has let go of. */
    void brokeOff(Replica replica, Endpoint endpoint) {
        Snapshot whole = levels.length == 0 ? updates.snapshot() : this;
        Pool owner = whole.owner(endpoint);
        if (owner != null) {
            owner.brokeOff(replica, engine.nanoTime());
        }
    }

    /** Tells the policy what a replica said of its load, if that makes sense. */
    void reported(Replica replica, double inFlight, double latencyNanos) {
        if (!(inFlight >= 0 && inFlight <= MOST_IN_FLIGHT) || latencyNanos <= 0 || latencyNanos > MOST_LATENCY_NANOS) {
            engine.malformedReport();
            return;
        }
        Pool owner = owner(replica.endpoint());
        if (owner != null) {
            owner.reported(replica, inFlight, latencyNanos);
        }
    }

    /** Tells the policy that a replica was out and comes back. */
    void returned(Replica replica) {
        Pool owner = owner(replica.endpoint());
        if (owner == null
                && levels.length
                        > 0) { // its priority has no pool, and what was learnt is the replica's, not the pool's
            owner = levels[0].owner(replica.endpoint());
        }
        if (owner != null) {
            owner.returned(replica);
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

    Parts parts() {
        return parts;
    }

    Wanted wanted() {
        return wanted;
    }

    Eligibility eligibility() {
        return eligibility;
    }

    boolean panic() {
        return eligibility.panic();
    }

    String census() {
        return eligibility.census().toString();
    }

    /** Makes ready here what the next keyed call would have to make. */
    void keyedAs(Snapshot before) {
        if (Arrays.stream(before.levels).anyMatch(Level::isKeyed)) {
            for (Level level : levels) {
                level.keyedAs(before.levels);
            }
        }
    }

    /** Whether a half-open replica may get trial calls. */
    boolean tries(Replica replica) {
        return Arrays.asList(trials).contains(replica);
    }

    /** Those among which such a call is placed. */
    Set<Replica> members(Call call) {
        return Arrays.stream(levels)
                .filter(Level::isNeeded)
                .flatMap(level -> level.members(call.key().isPresent()))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What is special about a replica, or why it gets no such call although it is usable. */
    Optional<String> note(Replica replica, Call call, boolean member) {
        if (!wanted.includes(replica)) {
            return Optional.of("not" + wanted.inWords());
        }
        Optional<String> note = Optional.empty();
        for (Level level : levels) {
            if (level.holds(replica.endpoint())) {
                note = level.note(replica, call.key().isPresent(), member);
            }
        }
        return note;
    }

    /** Where the key of a call leads now. */
    Optional<Replica> placeOf(Call call) {
        if (call.key().isEmpty() || levels.length == 0) {
            return Optional.empty();
        }
        return Optional.of(poolFor(call).choose(call, engine.nanoTime()));
    }

    OptionalDouble score(Replica replica, Call call) {
        Pool pool = call.key().isPresent() ? poolFor(call) : owner(replica.endpoint());
        return pool == null ? OptionalDouble.empty() : pool.score(replica, engine.nanoTime());
    }
}
