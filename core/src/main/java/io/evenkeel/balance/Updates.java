package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Explanation;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Observer;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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

    private final Engine engine;
    private final Settings settings;
    private final Membership members;
    private final Settling settling;
    private final ReentrantLock lock = new ReentrantLock();
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** Calls that wait for a first list; each leaves when it is done. */
    private final Set<CompletableFuture<Snapshot>> waiting = ConcurrentHashMap.newKeySet();

    /** Of nobody. */
    private final Snapshot empty;

    private volatile Snapshot snapshot;
    private volatile long rebuiltNanos;
    private volatile boolean ready;
    private volatile boolean closed;
    private volatile @Nullable Exception sourceError;
    /** Guarded by the lock. */
    private Runnable cancelTimer = () -> {};

    Updates(Engine engine, Settings settings) {
        this.engine = engine;
        this.settings = settings;
        this.members = new Membership(engine, settings);
        this.settling = new Settling(engine, settings, this::wanted);
        Eligibility nobody = Eligibility.of(List.of(), List.of());
        Selector none = Policy.random().selector(List.of(), Optional.empty(), engine.nanoTime(), engine.random());
        this.empty = new Snapshot(engine, this, nobody, Set.of(), none);
        this.snapshot = empty;
        this.rebuiltNanos = engine.nanoTime() - SPACING_NANOS;
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

    Optional<Exception> sourceError() {
        return Optional.ofNullable(sourceError);
    }

    // What starts an update.

    @Override
    public void endpoints(List<Endpoint> all) {
        List<Exception> troubles = new ArrayList<>();
        Map<String, Endpoint> list = Membership.clean(all, troubles);
        if (list.isEmpty() && troubles.isEmpty()) {
            troubles.add(new IllegalStateException("the source published an empty list"));
        }
        update(() -> {
            if (list.isEmpty() && members.hold(troubles.getFirst())) {
                sourceError = troubles.getFirst();
            } else {
                troubles.forEach(this::trouble);
            }
            if (!list.isEmpty()) {
                members.obey(list);
                sourceError = troubles.isEmpty() ? null : sourceError;
            }
        });
        tellWaiting();
    }

    @Override
    public void failed(@Nullable Exception cause) {
        update(() -> trouble(cause == null ? new IllegalArgumentException("the source reported null") : cause));
    }

    /** The same again is no news. */
    private void trouble(Exception cause) {
        Exception before = sourceError;
        sourceError = cause;
        if (before != null && words(before).equals(words(cause))) {
            return;
        }
        engine.events()
                .add(
                        log -> log.warn("{}: the source reports trouble: {}", engine.name(), words(cause)),
                        observer -> observer.sourceFailed(new Observer.SourceFailed(engine.name(), cause)));
    }

    /** It may be the user's own exception. */
    private static String words(Exception cause) {
        try {
            return cause.toString();
        } catch (RuntimeException | Error e) {
            return cause.getClass().getName();
        }
    }

    /** A call found that something must change. Cheap, and one rebuild for many. */
    void wanted() {
        if (!closed && wanted.compareAndSet(false, true)) {
            long pause = rebuiltNanos + SPACING_NANOS - engine.nanoTime();
            try {
                engine.ambient().later(Math.max(0, pause), this::rebuildWanted);
            } catch (RejectedExecutionException e) {
                wanted.set(false);
                engine.events().complain("scheduler", e);
            }
        }
    }

    private void rebuildWanted() {
        wanted.set(false);
        update(() -> {});
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

    void close() {
        lock.lock();
        try {
            closed = true;
            ready = false;
            cancelTimer.run();
        } finally {
            lock.unlock();
        }
        tellWaiting();
    }

    private void update(Runnable change) {
        lock.lock();
        try {
            if (!closed) {
                change.run();
                rebuild(engine.nanoTime());
            }
        } finally {
            lock.unlock();
            engine.events().tell();
        }
    }

    // The rebuild, under the lock.

    private void rebuild(long now) {
        try {
            members.expire(now);
            settling.settle(members, now);
            publish(Eligibility.of(members.listed(), members.lastResort()), now);
            members.raiseBars();
        } finally {
            rebuiltNanos = now;
            schedule(Math.min(settling.nextChange(members, now), members.nextExpiry(now)));
        }
    }

    private void publish(Eligibility eligibility, long now) {
        Snapshot before = snapshot;
        Selector selector = selector(eligibility.candidates(), Optional.of(before.selector()), now);
        Snapshot made = new Snapshot(engine, this, eligibility, Set.of(), selector);
        made.keepKeyed(before, now);
        snapshot = made;
        if (!ready && !members.listed().isEmpty()) {
            ready = true; // after the snapshot: calls look at this first
        }
        if (before.panic() != eligibility.panic()) {
            tellPanic(eligibility);
        }
    }

    /** Makes the part of a snapshot that a call wants and nobody wanted before. */
    Snapshot part(Snapshot whole, Set<String> schemes) {
        lock.lock();
        try {
            return whole.part(
                    schemes,
                    replicas -> replicas.isEmpty()
                            ? whole.selector()
                            : selector(replicas, Optional.empty(), engine.nanoTime()));
        } finally {
            lock.unlock();
        }
    }

    private Selector selector(List<Replica> replicas, Optional<Selector> before, long now) {
        if (replicas.isEmpty()) {
            return before.orElseThrow();
        }
        List<Candidate> candidates = List.copyOf(replicas);
        try {
            return requireNonNull(settings.policy().selector(candidates, before, now, engine.random()), "selector");
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return Policy.random().selector(candidates, Optional.empty(), now, engine.random());
        }
    }

    private void tellPanic(Eligibility now) {
        Observer.PanicChanged event = new Observer.PanicChanged(
                engine.name(), now.panic(), now.usable(), now.inService().size());
        engine.events()
                .add(
                        log -> log.warn(
                                "{}: {}, {} of {} replicas are usable{}",
                                engine.name(),
                                now.panic() ? "panic" : "panic is over",
                                now.usable(),
                                event.known(),
                                now.panic() ? ": all are used" : now.usable() == 0 ? ": departed ones are used" : ""),
                        observer -> observer.panicChanged(event));
    }

    private void schedule(long delayNanos) {
        cancelTimer.run();
        if (delayNanos != Standing.NEVER) {
            try {
                cancelTimer = engine.ambient().later(delayNanos, () -> update(() -> {}));
            } catch (RejectedExecutionException e) {
                engine.events().complain("scheduler", e);
            }
        }
    }

    // For people.

    List<EndpointStats> stats() {
        lock.lock();
        try {
            List<EndpointStats> lines = new ArrayList<>();
            members.listed().forEach(replica -> lines.add(replica.stats(false)));
            members.lastResort().forEach(replica -> lines.add(replica.stats(true)));
            return lines;
        } finally {
            lock.unlock();
        }
    }

    Explanation explain(Call call) {
        Snapshot current = snapshot;
        Set<Replica> eligible = current.members();
        Optional<Replica> home = current.placeOf(call);
        Map<Replica, EndpointStats> known = new LinkedHashMap<>();
        lock.lock();
        try {
            members.listed().forEach(replica -> known.put(replica, replica.stats(false)));
            members.lastResort().forEach(replica -> known.put(replica, replica.stats(true)));
        } finally {
            lock.unlock();
        }
        List<Explanation.Candidate> lines = new ArrayList<>();
        known.forEach((replica, stats) -> lines.add(explain(
                stats,
                eligible.contains(replica) ? current.score(replica, call) : OptionalDouble.empty(),
                eligible.contains(replica),
                home.filter(replica::equals).isPresent(),
                call)));
        return new Explanation(engine.name(), policyOf(call), current.panic(), lines);
    }

    private String policyOf(Call call) {
        if (call.key().isPresent()) {
            return Policy.consistentHash().name();
        }
        try {
            return settings.policy().name();
        } catch (RuntimeException | Error e) {
            engine.events().complain("policy", e);
            return settings.policy().getClass().getName();
        }
    }

    private static Explanation.Candidate explain(
            EndpointStats stats, OptionalDouble score, boolean eligible, boolean home, Call call) {
        String reason = stats.state() == EndpointState.UP && stats.reason().isEmpty()
                ? ""
                : (stats.state() + " " + stats.reason()).strip();
        if (call.tried(stats.endpoint())) {
            reason = (reason + " tried before").strip();
        }
        if (home) {
            reason = (reason + " the key's place").strip();
        }
        return new Explanation.Candidate(stats.endpoint(), eligible, stats.weight(), stats.inFlight(), score, reason);
    }

    /** What a caller whose call found no endpoint should know. */
    String describe(String what) {
        Throwable cause = engine.lastError();
        return engine.name() + ": " + what + ": " + snapshot.census()
                + (cause == null ? "" : "; last error: " + cause)
                + sourceError().map(e -> "; source: " + e).orElse("");
    }
}
