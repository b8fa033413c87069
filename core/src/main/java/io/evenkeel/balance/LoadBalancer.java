package io.evenkeel.balance;

import static java.util.Objects.requireNonNull;

import io.evenkeel.BalancerStats;
import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.Explanation;
import io.evenkeel.Guard;
import io.evenkeel.HealthCheck;
import io.evenkeel.Hedge;
import io.evenkeel.Limit;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Outliers;
import io.evenkeel.Retry;
import io.evenkeel.SlowStart;
import io.evenkeel.Subset;
import io.evenkeel.policy.Policy;
import io.evenkeel.resilience.Attempts;
import io.evenkeel.resilience.Onward;
import io.evenkeel.resilience.Percentile;
import io.evenkeel.resilience.RetryBudget;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Routes each call to one of a service's replicas, in-process. The engine of the HTTP client, and by itself a balancer for
 * any protocol: {@link #call}, {@link #callAsync}, or {@link #acquire} by hand.
 *
 * <p>Threads: every method may be called by any threads.
 */
public final class LoadBalancer implements AutoCloseable {

    /** Longest wait for a first list, or for a replica with room, for calls that have more time than this. */
    private static final long FIRST_LIST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final Duration CENTURY = Duration.ofDays(36_500);

    /** As a time to the second attempt. */
    private static final long NEVER = -1;

    private final Engine engine;
    private final Updates updates;
    private final Retry retry;
    private final RetryBudget budget;
    private final Optional<UnaryOperator<Executor>> context;
    private final Hedge hedge;
    /** Of the latencies, where hedges go by it. */
    private final @Nullable Percentile percentile;

    private final Optional<Duration> deadline;
    private final Optional<String> authority;
    /** Null where nothing is remembered. */
    private final @Nullable Remembering remembering;

    private volatile EndpointSource.@Nullable Watch watch;

    private LoadBalancer(Builder builder) {
        Ambient ambient =
                new Ambient(builder.clock, builder.random, builder.scheduler, builder.executor, builder.probe);
        this.context = builder.context;
        this.hedge = builder.hedge;
        this.percentile = hedge.percentile() > 0 ? new Percentile(hedge.percentile()) : null;
        WaitingCalls waiting =
                builder.limit.queue() == 0 ? null : new WaitingCalls(builder.name, ambient, builder.limit.queue());
        this.engine = new Engine(
                builder.name, ambient, builder.outcomes, builder.observer, builder.outliers, percentile, waiting);
        this.updates = new Updates(
                engine,
                new Settings(
                        builder.policy,
                        builder.breaker,
                        builder.outliers,
                        builder.healthCheck,
                        builder.slowStart,
                        BreakerGate.gates(builder.breaker),
                        builder.zone,
                        builder.subset,
                        builder.limit,
                        builder.guard));
        this.remembering = builder.file == null
                ? null
                : new Remembering(engine, updates, builder.file, builder.rememberFor, builder.wallClock);
        this.retry = builder.retry;
        this.budget = new RetryBudget(engine.nanoTime());
        this.deadline = builder.deadline;
        this.authority = builder.authority;
    }

    /**
     * Begins a balancer for the service called {@code name}, which is also the host name of its URIs for the HTTP client.
     *
     * @throws IllegalArgumentException if {@code name} is no legal host name
     */
    public static Builder builder(String name) {
        return new Builder(checkName(name));
    }

    private static String checkAuthority(String authority) {
        URI uri;
        try {
            uri = new URI("http", authority, null, null, null);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("authority \"" + authority + "\" is no host: " + e.getReason());
        }
        if (uri.getHost() == null || uri.getRawUserInfo() != null) {
            throw new IllegalArgumentException(
                    "authority is no legal host with an optional port, such as orders.example.com:8443");
        }
        return authority;
    }

    private static String checkName(String name) {
        requireNonNull(name, "name");
        String host;
        try {
            host = URI.create("http://" + name).getHost();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "balancer name \"" + name + "\" is no legal host name: " + e.getMessage());
        }
        if (!name.equals(host)) {
            throw new IllegalArgumentException(
                    "balancer name \"" + name + "\" is no legal host name: use letters, digits,"
                            + " inner hyphens and dots (no underscore), and begin the last label with a letter");
        }
        return name;
    }

    private void start(EndpointSource source) {
        if (remembering != null) {
            remembering.begin();
        }
        try {
            EndpointSource.Watch started = source.watch(updates);
            watch = started;
            updates.whenDoubted(started::refresh);
        } catch (RuntimeException e) {
            updates.failed(e);
        } catch (Error e) {
            updates.failed(new IllegalStateException("the source failed: " + e, e));
        }
    }

    /** The name, as given. */
    public String name() {
        return engine.name();
    }

    /** How long a call that brings no deadline of its own may take, if that is set. */
    public Optional<Duration> deadline() {
        return deadline;
    }

    /**
     * Runs {@code work} on this thread with the endpoint that is best for it, and again with another one if the first
     * could not be connected to. What the function throws tells the outcome ({@link Outcomes#ofError}).
     *
     * @throws E what the function throws, after the last attempt; earlier errors are suppressed in it
     * @throws NoEndpointException if there is nobody to send to
     * @throws IOException if every gate is shut, or the deadline passed before an attempt
     * @throws InterruptedException if interrupted while waiting for a first list or before a repeat
     */
    public <T, E extends Exception> T call(Work<T, E> work) throws E, IOException, InterruptedException {
        return call(Call.any(), work);
    }

    /** The same for a call of which something is known; one that is {@linkplain Call#idempotent() idempotent} is repeated
     * after whatever {@link Outcomes} call FAILURE or OVERLOADED. */
    public <T, E extends Exception> T call(Call call, Work<T, E> work) throws E, IOException, InterruptedException {
        return this.<T, E>execute(call, attempt -> {
            T result = work.on(attempt.endpoint());
            attempt.complete(Outcome.SUCCESS);
            return result;
        });
    }

    /** The asynchronous {@link #call(Work)}: never blocks, and cancelling the future cancels the function's. */
    public <T> CompletableFuture<T> callAsync(AsyncWork<T> work) {
        return callAsync(Call.any(), work);
    }

    /**
     * The asynchronous {@link #call(Call, Work)}. The future fails with a {@link SocketTimeoutException} when the
     * deadline passes.
     */
    public <T> CompletableFuture<T> callAsync(Call call, AsyncWork<T> work) {
        return executeAsync(call, attempt -> bounded(attempt, work.on(attempt.endpoint())));
    }

    private <T> CompletionStage<T> bounded(Attempt attempt, CompletionStage<T> stage) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        stage.whenComplete((value, error) -> {
            if (error == null) {
                attempt.complete(Outcome.SUCCESS);
                answer.complete(value);
            } else {
                answer.completeExceptionally(error);
            }
        });
        Runnable stopTimer =
                answer.isDone() || attempt.timeoutNanos() == Attempt.UNBOUNDED ? () -> {} : timer(attempt, answer);
        CompletionStage<T> result = answer;
        result.whenComplete((value, error) -> {
            stopTimer.run();
            if (error != null) {
                Onward.cancel(stage);
            }
        });
        return result;
    }

    private Runnable timer(Attempt attempt, CompletableFuture<?> answer) {
        return after(
                attempt.timeoutNanos(),
                () -> answer.completeExceptionally(new SocketTimeoutException(name() + ": no answer from "
                        + attempt.endpoint().id() + " within " + Duration.ofNanos(attempt.timeoutNanos()))));
    }

    /**
     * Permission to use one endpoint once, by hand: no retry, no deadline, though it waits for a first list as a call does.
     * Close the lease, or complete it.
     */
    public Lease acquire() throws IOException, InterruptedException {
        return acquire(Call.any());
    }

    /** The same for a call of which something is known. */
    public Lease acquire(Call call) throws IOException, InterruptedException {
        long timeout = timeoutNanos(call.deadline());
        long began = nanoTime();
        Snapshot snapshot = snapshot(timeout);
        if (engine.waiting() == null) {
            return admit(snapshot, call);
        }
        long left = Math.max(0, timeout - (nanoTime() - began));
        return WaitingCalls.await(room(() -> admit(updates.snapshot(), call), Set.of(), call, left));
    }

    private static Lease admit(Snapshot snapshot, Call call) throws IOException {
        return snapshot.of(Set.of(), call).admit(call, null, Set.of());
    }

    /**
     * Runs one call of a protocol through its attempts, on this thread: {@link #call} for protocols that judge answers
     * themselves or have bodies.
     */
    public <T, E extends Exception> T execute(Call call, Exchange<T> exchange)
            throws E, IOException, InterruptedException {
        try {
            return hedgeAfterNanos(call, exchange) == NEVER
                    ? new Driver(this, call, begin(call, exchange), null).run(exchange)
                    : wait(executeAsync(call, new Threaded<>(exchange, threads())));
        } catch (Exception e) {
            throw LoadBalancer.<E>asDeclared(e);
        }
    }

    private Executor threads() {
        Executor virtual = Defaults.executor();
        return context.map(carry -> carry.apply(virtual)).orElse(virtual);
    }

    private @Nullable Executor carried() {
        return context.map(carry -> carry.apply(engine.ambient().executor())).orElse(null);
    }

    private static <T> T wait(CompletableFuture<T> answer) throws Exception {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            answer.cancel(true);
            throw e;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    /** When a second attempt of the call starts, or {@link #NEVER}. */
    private long hedgeAfterNanos(Call call, Exchange<?> exchange) {
        Hedge wanted = exchange.hedge().orElse(hedge);
        long nanos = wanted.isOff() ? NEVER : hedgeAfterNanos(wanted);
        if (nanos != NEVER && !call.isIdempotent()) {
            engine.events().informOnce("calls that are not idempotent are not hedged");
            return NEVER;
        }
        return nanos;
    }

    private long hedgeAfterNanos(Hedge wanted) {
        if (wanted.after().isPresent()) {
            return wanted.after().get().toNanos();
        }
        return percentile != null && percentile.isKnown() ? percentile.nanos() : NEVER;
    }

    /** The asynchronous {@link #execute}. */
    public <T> CompletableFuture<T> executeAsync(Call call, Exchange<? extends CompletionStage<T>> exchange) {
        Attempts attempts = begin(call, exchange);
        Driver driver = new Driver(this, call, attempts, carried());
        long hedgeAfterNanos = hedgeAfterNanos(call, exchange);
        return hedgeAfterNanos == NEVER
                ? driver.runAsync(exchange)
                : new Race<>(this, driver, exchange, attempts).run(hedgeAfterNanos);
    }

    /** The function's own exception type, which the compiler lost on the way. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Exception> E asDeclared(Exception e) throws E {
        throw (E) e;
    }

    private Attempts begin(Call call, Exchange<?> exchange) {
        Optional<Duration> own = call.deadline().isPresent() ? call.deadline() : exchange.deadline();
        return Attempts.begin(exchange.retry().orElse(retry), budget, timeoutNanos(own), engine.nanoTime());
    }

    private long timeoutNanos(Optional<Duration> own) {
        Optional<Duration> timeout = own.isPresent() ? own : deadline;
        if (timeout.isEmpty()) {
            return Attempts.UNBOUNDED;
        }
        return timeout.get().compareTo(CENTURY) < 0 ? timeout.get().toNanos() : CENTURY.toNanos();
    }

    // Waiting, for the drivers.

    long nanoTime() {
        return engine.nanoTime();
    }

    Brake brake() {
        return engine.brake();
    }

    Snapshot snapshot(long timeoutNanos) throws IOException, InterruptedException {
        if (updates.isReady()) {
            return updates.snapshot();
        }
        try {
            return whenReady(timeoutNanos, FIRST_LIST_NANOS).get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NoEndpointException nobody ? nobody : new IOException(e.getCause());
        }
    }

    CompletionStage<Snapshot> whenReady(long timeoutNanos) {
        return updates.isReady()
                ? CompletableFuture.completedFuture(updates.snapshot())
                : whenReady(timeoutNanos, FIRST_LIST_NANOS);
    }

    private CompletableFuture<Snapshot> whenReady(long timeoutNanos, long mostNanos) {
        long wait = Math.min(timeoutNanos, mostNanos);
        CompletableFuture<Snapshot> first = updates.firstSnapshot();
        if (first.isDone()) {
            return first;
        }
        Runnable stopTimer = after(
                wait,
                () -> first.completeExceptionally(new NoEndpointException(
                        updates.describe("no list of endpoints within " + Duration.ofNanos(wait)),
                        updates.sourceError().orElse(null))));
        CompletionStage<Snapshot> ended = first;
        ended.whenComplete((snapshot, error) -> stopTimer.run());
        return first;
    }

    /** Whether calls may wait for a replica with room. */
    boolean letsWait() {
        return engine.waiting() != null;
    }

    /** Waits for a replica with room, for so long or 5 s. */
    CompletableFuture<Lease> room(WaitingCalls.Admission admission, Set<String> schemes, Call call, long timeoutNanos) {
        Wanted wanted = updates.snapshot().of(schemes, call).wanted().by(call);
        return requireNonNull(engine.waiting())
                .enter(admission, wanted, call.priority(), Math.min(timeoutNanos, FIRST_LIST_NANOS));
    }

    Snapshot snapshot() {
        return updates.snapshot();
    }

    void pause(long nanos) throws InterruptedException {
        if (nanos > 0) {
            CompletableFuture<Void> over = new CompletableFuture<>();
            after(nanos, () -> over.complete(null));
            try {
                over.get();
            } catch (ExecutionException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Runs {@code task} later; what it returns cancels it. */
    Runnable after(long nanos, Runnable task) {
        Ambient ambient = engine.ambient();
        return ambient.later(nanos, () -> ambient.executor().execute(task));
    }

    /**
     * Waits for a first list.
     *
     * @param timeout longer than zero
     * @throws IllegalArgumentException if it is not
     * @throws NoEndpointException if none came within {@code timeout}: it names the source's last error
     * @throws InterruptedException if interrupted while waiting
     */
    public void awaitReady(Duration timeout) throws NoEndpointException, InterruptedException {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout is " + timeout + ", but must be longer than zero");
        }
        long nanos = timeoutNanos(Optional.of(timeout));
        try {
            whenReady(nanos, nanos).get();
        } catch (ExecutionException e) {
            throw (NoEndpointException) e.getCause();
        }
    }

    /** Sends the request of a health check, by GET, to an endpoint of a balancer. */
    @FunctionalInterface
    public interface Prober {

        /** The answer to come. */
        CompletableFuture<HttpResponse<Void>> send(LoadBalancer balancer, Endpoint endpoint, HttpRequest request);
    }

    /**
     * Sends health checks by GET by this from now on, and only what it fails at on connections of their own: so there is an open connection to a
     * new replica before it gets its first call, and the client's TLS settings count. A {@code BalancedHttpClient} says so of itself as it is
     * built; the last one counts. It is not kept alive.
     */
    public void checkBy(Prober prober) {
        requireNonNull(prober, "prober");
        updates.checkBy(new Checking.By(prober, this));
    }

    /** What the service is called on the wire, if that was set. */
    public Optional<String> authority() {
        return authority;
    }

    /**
     * Makes the part of the endpoints that have the tags of such calls ready from now on with each list, where else the first call would; without effect if
     * it has none. A {@code BalancedHttpClient} says so of what its routes lead to.
     */
    public void keepReady(Call call) {
        if (!call.tags().isEmpty()) {
            updates.keepReady(call.tags());
        }
    }

    /**
     * A number from 0 to 1, without 1, by which calls can be split: {@code draw(call, 7) < 0.05} is true for one in 20. For equal keys and seeds it is the same
     * on every machine; without a key it is drawn at random.
     *
     * @param seed keys that draw low numbers by one seed do not by another
     */
    public double draw(Call call, long seed) {
        return call.key().isPresent()
                ? Hash.unit(Hash.mix(Hash.of(call.key().get()) ^ Hash.mix(seed + 1)))
                : engine.random().nextDouble();
    }

    /** The endpoints as last listed: the same list until it changes, empty before the first. */
    public List<Endpoint> endpoints() {
        return updates.endpoints();
    }

    /** What the balancer and each replica are doing. */
    public BalancerStats stats() {
        return new BalancerStats(
                name(),
                updates.isReady(),
                updates.snapshot().panic(),
                updates.condition(),
                budget.calls(),
                budget.repeats(),
                engine.malformedReports(),
                updates.sourceError().map(Events::words),
                updates.listAge(),
                updates.stats());
    }

    /** Why such a call would go where it goes, now. */
    public Explanation explain(Call call) {
        return updates.explain(call);
    }

    /**
     * Sends no more calls to the replica with the endpoint's id, nor those of sessions that live there; to let these end first, give it {@linkplain
     * #weight weight} 0 before. The future completes when the last call in flight there
     * has ended: now is the time to stop it; {@link #enable} cancels it. Lasts over all lists, while the replica is
     * remembered: one that leaves the list is for 10 minutes.
     *
     * @throws IllegalArgumentException if no such endpoint is known
     */
    public CompletableFuture<Void> drain(Endpoint endpoint) {
        CompletableFuture<Void> drained = new CompletableFuture<>();
        CompletionStage<Void> idle =
                updates.admin(endpoint, EndpointState.DRAINING).drained();
        idle.whenCompleteAsync(
                (nothing, enabled) -> {
                    if (enabled == null) {
                        drained.complete(null);
                    } else {
                        drained.cancel(false);
                    }
                },
                engine.ambient().executor()); // whatever hangs on it runs in nobody's call
        return drained;
    }

    /** Sends no more calls to the replica, and probes it no more, until {@link #enable}.
     *
     * @throws IllegalArgumentException if no such endpoint is known */
    public void disable(Endpoint endpoint) {
        updates.admin(endpoint, EndpointState.DISABLED);
    }

    /** Ends {@link #drain} or {@link #disable}.
     *
     * @throws IllegalArgumentException if no such endpoint is known */
    public void enable(Endpoint endpoint) {
        updates.admin(endpoint, EndpointState.UP).undrain();
    }

    /**
     * Puts {@code weight}, 0 to 1,000,000, in the place of the weight that the source gives. With 0 it gets no calls but those that {@linkplain
     * Call#withEndpoint ask for it}, as those of its sessions do. It lasts over all lists, while the replica is remembered.
     *
     * @throws IllegalArgumentException if no such endpoint is known, or the weight is out of range
     */
    public void weight(Endpoint endpoint, double weight) {
        double checked = endpoint.withWeight(weight).weight();
        updates.change(endpoint, replica -> {
            replica.standing.operatorsWeight(checked);
            return checked;
        });
    }

    /**
     * Stops the source and all timers. Calls in flight finish; new ones fail with {@link NoEndpointException}, operator's
     * verbs with {@link IllegalStateException}. Waits until the last list is written, up to 5 s, where there is a file to {@linkplain
     * Builder#remember remember} it. Closing twice is harmless.
     */
    @Override
    public void close() {
        updates.close();
        if (remembering != null) {
            remembering.close();
        }
        EndpointSource.Watch started = watch;
        if (started != null) {
            started.close();
        }
    }

    @Override
    public String toString() {
        return "LoadBalancer[" + name() + "]";
    }

    /**
     * Work done with an endpoint.
     *
     * @param <T> what it gives
     * @param <E> what it may throw
     */
    @FunctionalInterface
    public interface Work<T, E extends Exception> {
        /** Does it once, on the caller's thread. */
        T on(Endpoint endpoint) throws E;
    }

    /**
     * Work begun with an endpoint.
     *
     * @param <T> what it gives
     */
    @FunctionalInterface
    public interface AsyncWork<T> {
        /** Begins it, without blocking. */
        CompletionStage<T> on(Endpoint endpoint);
    }

    /** Collects settings; each has a good default. Not thread-safe. */
    public static final class Builder {

        private static final Duration DEFAULT_REMEMBER_FOR = Duration.ofDays(7);

        private final String name;
        private @Nullable EndpointSource source;
        private Policy policy = Policy.adaptive();
        private Breaker breaker = Breaker.defaults();
        private Outliers outliers = Outliers.defaults();
        private Optional<HealthCheck> healthCheck = Optional.empty();
        private Hedge hedge = Hedge.off();
        private Optional<UnaryOperator<Executor>> context = Optional.empty();
        private SlowStart slowStart = SlowStart.defaults();
        private Optional<String> zone = Optional.empty();
        private Optional<String> authority = Optional.empty();
        private Subset subset = Subset.defaults();
        private Limit limit = Limit.off();
        private Guard guard = Guard.defaults();
        private Outcomes outcomes = Outcomes.defaults();
        private Retry retry = Retry.upTo(3);
        private Optional<Duration> deadline = Optional.empty();
        private Observer observer = Observer.none();
        private LongSupplier clock = Defaults.clock();
        private Supplier<RandomGenerator> random = Defaults.random();
        private ScheduledExecutorService scheduler = Defaults.scheduler();
        private Executor executor = Defaults.executor();
        private Probe probe = Defaults.probe();
        private @Nullable LastListFile file;
        private Duration rememberFor = DEFAULT_REMEMBER_FOR;
        private InstantSource wallClock = Defaults.wallClock();

        private Builder(String name) {
            this.name = name;
        }

        /** Where endpoints come from. Replaces an earlier source or list. */
        public Builder source(EndpointSource source) {
            this.source = requireNonNull(source, "source");
            return this;
        }

        /** A list that never changes, of URIs such as {@code http://10.0.0.1:8080}.
         *
         * @throws IllegalArgumentException if it is empty, or an entry is bad or a duplicate */
        public Builder endpoints(String... uris) {
            return endpoints(Arrays.stream(uris).map(Endpoint::of).toArray(Endpoint[]::new));
        }

        /** A list that never changes.
         *
         * @throws IllegalArgumentException if it is empty, or an entry is a duplicate */
        public Builder endpoints(Endpoint... endpoints) {
            if (endpoints.length == 0) {
                throw new IllegalArgumentException(name + " has no endpoints: give at least one, or a source");
            }
            Set<String> ids = new HashSet<>();
            for (Endpoint endpoint : endpoints) {
                if (!ids.add(endpoint.id())) {
                    throw new IllegalArgumentException(name + " has endpoint " + endpoint.id() + " twice");
                }
            }
            return source(EndpointSource.of(List.of(endpoints)));
        }

        /** How to choose; default {@link Policy#adaptive()}. */
        public Builder policy(Policy policy) {
            this.policy = requireNonNull(policy, "policy");
            return this;
        }

        /** The breaker of each replica; default {@link Breaker#defaults()}. */
        public Builder breaker(Breaker breaker) {
            this.breaker = requireNonNull(breaker, "breaker");
            return this;
        }

        /** Passive health; default {@link Outliers#defaults()}. */
        public Builder outliers(Outliers outliers) {
            this.outliers = requireNonNull(outliers, "outliers");
            return this;
        }

        /** Asks each replica now and then how it is; default: nobody is asked but those that refused connections. */
        public Builder healthCheck(HealthCheck healthCheck) {
            this.healthCheck = Optional.of(healthCheck);
            return this;
        }

        /** How many calls a replica may have in flight; default {@link Limit#off()}. */
        public Builder limit(Limit limit) {
            this.limit = requireNonNull(limit, "limit");
            return this;
        }

        /** What to make of lists that name far fewer endpoints than before; default {@link Guard#defaults()}. */
        public Builder guard(Guard guard) {
            this.guard = requireNonNull(guard, "guard");
            return this;
        }

        /** How gently new replicas come in, and those that are back; default {@link SlowStart#defaults()}. */
        public Builder slowStart(SlowStart slowStart) {
            this.slowStart = requireNonNull(slowStart, "slowStart");
            return this;
        }

        /**
         * What the service is called on the wire, such as {@code orders.example.com} or {@code orders.example.com:8443}: the HTTP client puts it into
         * {@code Host}, and wants certificates of replicas that are known by address only to be for it. An endpoint's tag {@code authority} comes before it.
         * Over http a proxy is not told it ({@code BalancedHttpClient.Builder.build}). Default: {@code Host} is the replica's address, and such certificates are to be for the balancer's name.
         *
         * @throws IllegalArgumentException if it is no host with an optional port
         */
        public Builder authority(String authority) {
            this.authority = Optional.of(checkAuthority(authority));
            return this;
        }

        /**
         * Where this client runs. Endpoints of the same zone then get 97 % of the calls while their health and latency allow,
         * and those elsewhere the rest. Default: zones do not matter.
         *
         * @throws IllegalArgumentException if {@code zone} is blank
         */
        public Builder zone(String zone) {
            if (zone.isBlank()) {
                throw new IllegalArgumentException("zone is blank, but must be one that endpoints have: withZone(...)");
            }
            this.zone = Optional.of(zone);
            return this;
        }

        /** How many of many replicas this client uses; default {@link Subset#defaults()}. */
        public Builder subset(Subset subset) {
            this.subset = requireNonNull(subset, "subset");
            return this;
        }

        /** How answers and errors are classified; default {@link Outcomes#defaults()}. */
        public Builder outcomes(Outcomes outcomes) {
            this.outcomes = requireNonNull(outcomes, "outcomes");
            return this;
        }

        /** How long a call that brings no deadline of its own may take, over all attempts and waits; default: no limit. A
         * function that runs on the caller's thread is not cut short: the deadline is looked at between attempts.
         *
         * @throws IllegalArgumentException unless longer than zero */
        public Builder deadline(Duration deadline) {
            this.deadline = Call.any().withDeadline(deadline).deadline();
            return this;
        }

        /** How often a call is attempted; default {@code Retry.upTo(3)}. */
        public Builder retry(Retry retry) {
            this.retry = requireNonNull(retry, "retry");
            return this;
        }

        /** Whether a second attempt starts beside a first that takes long; default {@link Hedge#off()}. */
        public Builder hedge(Hedge hedge) {
            this.hedge = requireNonNull(hedge, "hedge");
            return this;
        }

        /**
         * Carries the caller's context, such as a trace or a logger's, to where its call goes on without it: attempts after the first, hedges, and
         * what had to wait. Asked on the caller's thread as each asynchronous or hedged call begins, for an executor that
         * runs tasks in the context of that moment, on the one that it is given. With OpenTelemetry: {@code .context(executor ->
         * Context.current().wrap(executor)::execute)}. Default: nothing is carried. A blocking call that is not hedged never leaves its thread.
         */
        public Builder context(UnaryOperator<Executor> context) {
            this.context = Optional.of(context);
            return this;
        }

        /** As {@link #remember(Path, Duration)}, for 7 days. */
        public Builder remember(Path file) {
            return remember(file, DEFAULT_REMEMBER_FOR);
        }

        /**
         * Keeps the last good list in {@code file}, and which replicas are out, why, and until when, so that a restart begins with them at once:
         * calls do not wait for the source, and nobody has to learn again who is bad. Default: no file.
         *
         * <p>{@link #build} reads the file, on the caller's thread. Its list is in use until the source publishes one, which
         * counts as a change of it: who is named in both stays as it was, and the {@linkplain #guard guard} looks at what it removes. {@link
         * BalancerStats#sourceError()}, {@link LoadBalancer#explain} and {@link Observer#listRecalled} say where the list is from. A missing file is no
         * news. One that is cut off, changed, of another version or balancer, unreadable, longer than 16 MB or too old is not used, and logged
         * once. An absence that is over is forgotten, and one that would last longer than the longest is shortened.
         *
         * <p>It is written a second after a list at most, 10 s after other replicas are out, every 10 minutes, and by {@link LoadBalancer#close}; not by
         * calls. A file that cannot be written is logged once, until it can be, and does no other harm. It is replaced in one step, so that
         * others never see half of it; readable for its owner only, where files have owners. The directory must be there, and nobody else should be
         * allowed to write in it. If two balancers have the same file, the last that writes wins: give each a file of its own; instances of a
         * service that have the same name may share one.
         *
         * <p>The operator's verbs are not remembered, nor is what the policy has learnt.
         *
         * @param file plain text, relative to the working directory unless absolute
         * @param longest a list that the source last stood by longer ago is not used; longer than zero
         * @throws IllegalArgumentException if {@code file} names no file in a directory, or {@code longest} is not longer than zero
         */
        public Builder remember(Path file, Duration longest) {
            if (longest.isNegative() || longest.isZero()) {
                throw new IllegalArgumentException("longest is " + longest + ", but must be longer than zero");
            }
            this.file = new LastListFile(file);
            this.rememberFor = longest;
            return this;
        }

        /** Told what happens; default {@link Observer#none()}. */
        public Builder observer(Observer observer) {
            this.observer = requireNonNull(observer, "observer");
            return this;
        }

        /** A monotonic clock in nanoseconds, for tests and simulations; default {@link System#nanoTime}. */
        public Builder clock(LongSupplier nanoClock) {
            this.clock = requireNonNull(nanoClock, "nanoClock");
            return this;
        }

        /** Chance, for tests and simulations; asked at each use. Default: the thread's own generator. */
        public Builder random(Supplier<RandomGenerator> random) {
            this.random = requireNonNull(random, "random");
            return this;
        }

        /**
         * Runs the balancer's background tasks, and what asynchronous calls go on with after a wait; not closed by it.
         * Default: one daemon thread for all balancers, and a virtual thread for each call that goes on.
         */
        public Builder scheduler(ScheduledExecutorService scheduler) {
            this.scheduler = requireNonNull(scheduler, "scheduler");
            this.executor = Ambient.DIRECT;
            return this;
        }

        Builder wallClock(InstantSource wallClock) {
            this.wallClock = wallClock;
            return this;
        }

        Builder probe(Probe probe) {
            this.probe = probe;
            return this;
        }

        private void warnOfWhatHasNoEffect(Events events) {
            warnUnlessBelowDeadline(events, "hedge", hedge.after());
            warnUnlessBelowDeadline(events, "attempt timeout", retry.attemptTimeout());
            if (retry.attempts() > 2) { // the second comes at once
                warnUnlessBelowDeadline(events, "backoff", Optional.of(retry.backoff()));
            }
        }

        private void warnUnlessBelowDeadline(Events events, String what, Optional<Duration> wait) {
            if (wait.isPresent() && deadline.isPresent() && wait.get().compareTo(deadline.get()) >= 0) {
                events.warnOnce("the " + what + " of " + wait.get() + " is not below the deadline of " + deadline.get()
                        + ", so it takes effect only for calls that bring a longer one of their own");
            }
        }

        /** Makes the balancer and starts its source. Returns at once; see {@link LoadBalancer#awaitReady}.
         *
         * @throws IllegalStateException if there is neither a source nor a list */
        public LoadBalancer build() {
            if (source == null) {
                throw new IllegalStateException(name + " has no endpoints: call endpoints(...) or source(...)");
            }
            LoadBalancer balancer = new LoadBalancer(this);
            warnOfWhatHasNoEffect(balancer.engine.events());
            balancer.start(source);
            return balancer;
        }
    }
}
