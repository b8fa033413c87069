package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Condition;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Explanation;
import io.evenkeel.NoEndpointException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The update pipeline: owner of the replicas and of the snapshot. A list, a signal of a call, a timer, an operator's verb:
 * each settles every replica and publishes another snapshot, under one lock that no call takes (but for the first that
 * wants a part of a snapshot).
 */
final class Updates implements EndpointSource.Listener {

    /** A burst of signals makes one rebuild in this time. */
    private static final long SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Rebuilds that nobody waits for take a twentieth of the time at most; but none is put off for longer than this. */
    private static final long SPACING_PER_REBUILD = 20;

    private static final long MOST_SPACING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Where no calls are made looks become rarer, and end. */
    private static final long MOST_LOOK_NANOS = TimeUnit.SECONDS.toNanos(4);

    private final Engine engine;
    private final Settings settings;
    private final Membership members;
    private final Settling settling;
    private final @Nullable Checking checking;
    private final Assembly assembly;
    private final News news;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean wanted = new AtomicBoolean();
    private final AtomicBoolean lookingSoon = new AtomicBoolean();
    /** Calls that wait for a first list; each leaves when it is done. */
    private final Set<CompletableFuture<Snapshot>> waiting = ConcurrentHashMap.newKeySet();

    /** Tags whose parts each snapshot has from the beginning; guarded by the lock. */
    private final Set<Map<String, String>> keptReady = new HashSet<>();

    /** Of nobody. */
    private final Snapshot empty;

    private volatile Snapshot snapshot;
    /** When the next rebuild may be that nobody waits for. */
    private volatile long pauseEndsNanos;

    private boolean looking;
    /** How long the next look at calls is after the last, and when that was; guarded by the lock. */
    private long lookAgainNanos = LOOK_NANOS;

    private long lookedNanos;
    private boolean watching;
    /** Takes back the look at health checks that is to come; guarded by the lock. */
    private Runnable cancelChecks = () -> {};

    private volatile boolean ready;
    private volatile boolean closed;
    private final SourceState source;
    /** Tells the source that its list may be outdated, outside the lock. */
    private volatile Runnable doubt = () -> {};
    /** Whether a replica has turned out to fail; guarded by the lock. */
    private boolean doubted;
    /** Told of lists of the source, outside the lock. */
    private volatile Runnable listed = () -> {};
    /** Guarded by the lock. */
    private Runnable cancelTimer = () -> {};

    Updates(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.members = new Membership(engine, settings);
        this.settling = new Settling(engine, settings, this::wanted, this::returned, () -> doubted = true);
        this.checking = settings.healthCheck()
                .map(check -> new Checking(engine, check, this::checked))
                .orElse(null);
        this.assembly = new Assembly(engine, settings, this::wanted, this::crowded);
        this.news = new News(engine);
        this.source = new SourceState(engine);
        this.empty = new Snapshot(engine, this, Eligibility.of(List.of(), List.of()), Wanted.ALL, List.of(), Map.of());
        this.snapshot = empty;
        this.pauseEndsNanos = engine.nanoTime();
        this.lookedNanos = pauseEndsNanos;
    }

    /** What calls read. */
    Snapshot snapshot() {
        return snapshot;
    }

    /** For a lease that wants no more of its snapshot than what all have in common. */
    Snapshot empty() {
        return empty;
    }

    /** Completes with the first list, or exceptionally when the balancer is closed before; or earlier, by the caller. */
    @SuppressWarnings("UndefinedEquals") // each future is itself and no other
    CompletableFuture<Snapshot> firstSnapshot() {
        CompletableFuture<Snapshot> first = new CompletableFuture<>();
        CompletionStage<Snapshot> ended = first;
        waiting.add(first);
        ended.whenComplete((made, error) -> waiting.remove(first));
        tellWaiting();
        return first;
    }

    private void tellWaiting() {
        if (ready) {
            waiting.forEach(first -> engine.ambient().executor().execute(() -> first.complete(snapshot)));
        } else if (closed) {
            NoEndpointException why = new NoEndpointException(engine.name() + " is closed", null);
            waiting.forEach(first -> engine.ambient().executor().execute(() -> first.completeExceptionally(why)));
        }
    }

    /** Whether a first list has come and the balancer is not closed. */
    boolean isReady() {
        return ready;
    }

    boolean isClosed() {
        return closed;
    }

    /** {@link Condition#FAILING} before the first list, and once closed. */
    Condition condition() {
        return ready ? news.condition() : Condition.FAILING;
    }

    Optional<Exception> sourceError() {
        return source.errorOrSilence();
    }

    Optional<Duration> listAge() {
        return source.listAge();
    }

    /** From now on no call has to make the part of those with such tags. */
    void keepReady(Map<String, String> tags) {
        lock.lock();
        try {
            keptReady.add(tags);
            partNow(snapshot, tags);
        } finally {
            lock.unlock();
        }
    }

    List<Endpoint> endpoints() {
        return members.endpoints();
    }

    void whenDoubted(Runnable task) {
        doubt = task;
    }

    void whenListed(Runnable task) {
        listed = task;
    }

    /** Begins with a list that is not the source's, but {@code from} elsewhere, until the source has one. */
    void recall(Lineup lineup, String from) {
        update(() -> {
            source.recalled(from);
            members.obey(Membership.clean(lineup.endpoints(), new ArrayList<>()));
            settling.recall(members, lineup.out(), engine.nanoTime());
        });
        tellWaiting();
    }

    /** Who is listed, and who of them is out. */
    Lineup lineup() {
        List<Endpoint> endpoints = new ArrayList<>();
        Map<String, Absence> out = new HashMap<>();
        lock.lock();
        try {
            for (Replica replica : members.listed()) {
                endpoints.add(replica.endpoint());
                replica.standing.absence().ifPresent(absence -> out.put(replica.id(), absence));
            }
        } finally {
            lock.unlock();
        }
        return new Lineup(endpoints, out);
    }

    // What starts an update.

    @Override
    public void endpoints(List<Endpoint> all) {
        take(all, List.of());
    }

    @Override
    public void endpoints(List<Endpoint> all, @Nullable Exception odd) {
        take(all, odd == null ? List.of() : List.of(odd));
    }

    private void take(List<Endpoint> all, List<Exception> odd) {
        List<Exception> troubles = new ArrayList<>();
        Map<String, Endpoint> list = Membership.clean(all, troubles);
        if (list.isEmpty() && troubles.isEmpty()) {
            troubles.add(new IllegalStateException("the source published an empty list"));
        }
        update(() -> {
            if (list.isEmpty()) {
                Exception why = unusable(troubles.getFirst(), odd);
                source.unusable(why, members.hold(why) && odd.isEmpty());
            } else {
                members.obey(list);
                troubles.addAll(odd);
                source.listed(troubles);
            }
        });
        tellWaiting();
        if (!list.isEmpty()) {
            listed.run();
        }
    }

    /** Why a list is of no use, with what the source said of it. */
    private static Exception unusable(Exception trouble, List<Exception> odd) {
        return odd.isEmpty()
                ? trouble
                : new IllegalStateException(trouble.getMessage() + ": " + Events.words(odd.getFirst()), odd.getFirst());
    }

    @Override
    public void failed(@Nullable Exception cause) {
        update(() -> source.failed(cause == null ? new IllegalArgumentException("the source reported null") : cause));
    }

    /** Nothing to settle, and so no rebuild, unless it says that trouble is over. */
    @Override
    public void unchanged() {
        if (source.isAsListed()) {
            source.confirmed();
        } else {
            update(source::unchanged);
        }
    }

    /** A call found that something must change. Cheap, and one rebuild for many. */
    void wanted() {
        if (!closed && wanted.compareAndSet(false, true)) {
            try {
                engine.ambient().later(pauseNanos(), this::rebuildWanted);
            } catch (RejectedExecutionException e) {
                wanted.set(false);
                engine.events().complain("scheduler", e);
            }
        }
    }

    private long pauseNanos() {
        return Math.max(0, pauseEndsNanos - engine.nanoTime());
    }

    private void rebuildWanted() {
        wanted.set(false);
        update(() -> {});
    }

    private void returned(Replica replica) {
        snapshot.returned(replica);
    }

    /** An operator's verb on the replica that has the endpoint's id. */
    <T> T change(Endpoint endpoint, Function<Replica, T> verb) {
        List<T> result = new ArrayList<>(1);
        update(() -> result.add(verb.apply(members.find(endpoint))));
        if (result.isEmpty()) {
            throw new IllegalStateException(engine.name() + " is closed");
        }
        return result.get(0);
    }

    Replica admin(Endpoint endpoint, EndpointState word) {
        return change(endpoint, replica -> {
            EndpointState before = replica.reportedState();
            replica.standing.operators(word);
            settling.tell(replica, before);
            return replica;
        });
    }

    void checkBy(Checking.By by) {
        if (checking != null) {
            checking.goBy(by);
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            ready = false;
            cancelTimer.run();
            cancelChecks.run();
        } finally {
            lock.unlock();
        }
        tellWaiting();
        engine.closeRoom();
    }

    private void update(Runnable change) {
        lock.lock();
        try {
            if (!closed) {
                change.run();
                rebuild(engine.nanoTime());
            }
        } finally {
            boolean doubts = doubted;
            doubted = false;
            lock.unlock();
            engine.events().tell();
            engine.madeRoom();
            ask();
            if (doubts) {
                engine.events().safely("source", doubt);
            }
        }
    }

    // The rebuild, under the lock.

    private void rebuild(long now) {
        try {
            members.expire(now);
            settling.settle(members, now);
            publish(Eligibility.of(members.listed(), members.lastResort()), now);
            members.raiseBars();
            settling.raiseBars();
        } finally {
            long took = engine.nanoTime() - now;
            pauseEndsNanos = now + Math.clamp(took * SPACING_PER_REBUILD, SPACING_NANOS, MOST_SPACING_NANOS);
            schedule(Math.min(settling.nextChange(now), members.nextExpiry(now)));
            lookAtCrowds();
            watchCalls();
            check();
        }
    }

    /** Once a second while there are calls: does a replica stand out by what they have shown? */
    private void watchCalls() {
        if (settling.watches() && !watching && !closed) {
            try {
                engine.ambient().later(lookAgainNanos, this::watch);
                watching = true;
            } catch (RejectedExecutionException e) {
                engine.events().complain("scheduler", e);
            }
        }
    }

    /** Begins the health check that is due, if any, and looks again when the next is. */
    private void check() {
        if (checking == null || closed) {
            return;
        }
        cancelChecks.run();
        long next = checking.look(members.listed(), engine.nanoTime());
        if (next != Standing.NEVER) {
            try {
                cancelChecks = engine.ambient().later(next, this::checkNow);
            } catch (RejectedExecutionException e) {
                engine.events().complain("scheduler", e);
            }
        }
    }

    private void checkNow() {
        lock.lock();
        try {
            check();
        } finally {
            lock.unlock();
            ask();
        }
    }

    /** Never under the lock. */
    private void ask() {
        if (checking != null) {
            checking.ask();
        }
    }

    /** A health check has ended, on whichever thread: others may have become due meanwhile. */
    private void checked(Replica replica, boolean passed) {
        lock.lock();
        try {
            if (!closed && settling.checked(replica, passed)) {
                wanted();
            }
            check();
        } finally {
            lock.unlock();
            ask();
        }
    }

    private void watch() {
        lock.lock();
        try {
            watching = false;
            if (!closed) {
                long now = engine.nanoTime();
                boolean calls = settling.look(members, now - lookedNanos);
                lookedNanos = now;
                if (!calls && lookAgainNanos >= MOST_LOOK_NANOS) {
                    settling.watchNoMore(members);
                }
                lookAgainNanos = calls || !settling.watches() ? LOOK_NANOS : 2 * lookAgainNanos;
                watchCalls();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Once a second, where not all replicas are used: are they enough for the calls in flight? */
    private void lookAtCrowds() {
        if (assembly.hasSubsets() && !looking && !closed) {
            try {
                engine.ambient().later(LOOK_NANOS, this::look);
                looking = true;
            } catch (RejectedExecutionException e) {
                engine.events().complain("scheduler", e);
            }
        }
    }

    private void look() {
        lock.lock();
        try {
            looking = false;
            if (!closed && assembly.look(Crowd::look)) {
                wanted();
            }
            lookAtCrowds();
        } finally {
            lock.unlock();
        }
    }

    /** A call met others: looks soon. Cheap, and one look for many. */
    private void crowded() {
        if (!closed && !lookingSoon.get() && lookingSoon.compareAndSet(false, true)) {
            try {
                engine.ambient().later(SPACING_NANOS, this::lookSoon);
            } catch (RejectedExecutionException e) {
                lookingSoon.set(false);
                engine.events().complain("scheduler", e);
            }
        }
    }

    private void lookSoon() {
        lock.lock();
        try {
            lookingSoon.set(false);
            if (!closed && assembly.look(Crowd::lookInBetween)) {
                wanted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void publish(Eligibility eligibility, long now) {
        Snapshot before = snapshot;
        Snapshot made = snapshot(eligibility, Wanted.ALL, now);
        keptReady.forEach(before.parts()::get); // so that they count as in use
        continueAs(before, made, now);
        keptReady.stream().filter(tags -> made.parts().get(tags) == null).forEach(tags -> makePart(made, tags, now));
        snapshot = made;
        if (!ready && !members.listed().isEmpty()) {
            ready = true; // after the snapshot: calls look at this first
        }
        if (ready) {
            news.tell(eligibility, assembly.zonings(), source.error());
        }
    }

    /** Makes ready what calls used of the snapshot before: the tables of keyed calls, and parts. */
    private void continueAs(Snapshot before, Snapshot made, long now) {
        made.keyedAs(before);
        before.parts()
                .each(
                        now,
                        (some, part) -> continueAs(part, makePart(made, some, now), now),
                        part -> assembly.forget(part.wanted()));
        made.parts().usedAs(before.parts());
    }

    /**
     * The part that a call wants and that {@code whole} has not: that of the snapshot of now, should the call hold an older one.
     * A part made of an old list would be what the next goes on from.
     */
    Snapshot part(Snapshot whole, Object some) {
        lock.lock();
        try {
            Map<String, String> tags = whole.wanted().tags();
            return partNow(tags.isEmpty() ? snapshot : partNow(snapshot, tags), some);
        } finally {
            lock.unlock();
        }
    }

    private Snapshot partNow(Snapshot whole, Object some) {
        Snapshot known = whole.parts().get(some);
        if (known != null) {
            return known;
        }
        if (whole.parts().isFull()) {
            engine.events()
                    .warnOnce("calls want more than " + Parts.MOST + " combinations of tags: use few values,"
                            + " and a key for many. Those used less are made anew for each call");
            whole.parts().dropOne(part -> assembly.forget(part.wanted()));
        }
        return makePart(whole, some, engine.nanoTime());
    }

    @SuppressWarnings("unchecked")
    private Snapshot makePart(Snapshot whole, Object some, long now) {
        Wanted wanted = some instanceof Set<?> schemes
                ? whole.wanted().ofSchemes((Set<String>) schemes)
                : whole.wanted().withTags((Map<String, String>) some);
        Snapshot made = snapshot(whole.eligibility().of(wanted::includes), wanted, now);
        whole.parts().put(some, made, now);
        return made;
    }

    private Snapshot snapshot(Eligibility eligibility, Wanted wanted, long now) {
        List<Level> levels = assembly.levels(eligibility.tiers(), wanted, now);
        return new Snapshot(engine, this, eligibility, wanted, levels, members.byId());
    }

    private void schedule(long delayNanos) {
        cancelTimer.run();
        if (delayNanos != Standing.NEVER) {
            try {
                cancelTimer = engine.ambient().later(Math.max(delayNanos, pauseNanos()), () -> update(() -> {}));
            } catch (RejectedExecutionException e) {
                engine.events().complain("scheduler", e);
            }
        }
    }

    // For people.

    List<EndpointStats> stats() {
        List<Replica> replicas = new ArrayList<>();
        List<EndpointStats> lines = lines(replicas);
        return new Explaining(engine, settings.policy(), snapshot, Call.any()).noted(replicas, lines);
    }

    /** Of each replica, which are added to the list. */
    private List<EndpointStats> lines(List<Replica> replicas) {
        List<EndpointStats> lines = new ArrayList<>();
        lock.lock();
        try {
            members.listed().forEach(replica -> lines.add(withOrigin(replica.stats(false))));
            members.lastResort().forEach(replica -> lines.add(replica.stats(true)));
            replicas.addAll(members.listed());
            replicas.addAll(members.lastResort());
            return lines;
        } finally {
            lock.unlock();
        }
    }

    private EndpointStats withOrigin(EndpointStats line) {
        return source.origin().isEmpty() ? line : Explaining.withNote(line, source.origin());
    }

    Explanation explain(Call call) {
        List<Replica> replicas = new ArrayList<>();
        List<EndpointStats> lines = lines(replicas);
        return new Explaining(engine, settings.policy(), snapshot.of(Set.of(), call), call).of(replicas, lines);
    }

    /** What a caller whose call found no endpoint should know. */
    String describe(String what) {
        Throwable cause = engine.lastError();
        return engine.name() + ": " + what + ": " + snapshot.census()
                + (cause == null ? "" : "; last error: " + Events.words(cause))
                + sourceError().map(e -> "; source: " + Events.words(e)).orElse("");
    }
}
