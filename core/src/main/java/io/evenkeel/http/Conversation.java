package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Call;
import io.evenkeel.Hedge;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.Retry;
import io.evenkeel.balance.Attempt;
import io.evenkeel.balance.Exchange;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One request through its attempts. What is known at the headers decides: an answer that is to be repeated never reaches
 * the caller's body handler, and once the handler has been asked, the answer is the caller's and nothing is repeated.
 *
 * @param <T> the body
 * @param <R> what the driver wants of an attempt: a response, or a stage of one
 */
abstract class Conversation<T, R> implements Exchange<R> {

    /** RFC 9110, section 9.2.2. */
    private static final Set<String> IDEMPOTENT = Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");

    private static final Set<String> SECURE = Set.of("https");
    private static final Set<String> ANY = Set.of("http", "https");

    /** What all requests of a client have in common. */
    record Shared(
            Transports transports,
            Naming naming,
            Lifecycle lifecycle,
            Optional<String> deadlineHeader,
            ToIntFunction<HttpRequest> priority,
            Sessions sessions) {}

    private static final VarHandle WINNER = winnerHandle();

    final Shared shared;
    final Way way;
    /** Where it goes: the way may lead to another than it belongs to. */
    private LoadBalancer balancer;

    private Destination to;
    private Session session;
    /** Of a request that is to be settled once there is a list. */
    private Sessions.@Nullable Own unsettled;

    final HttpRequest request;
    final BodyHandler<T> handler;
    private final Replay replay;
    private final boolean repeatable;
    /** Whether the caller's handler was asked: from then on nothing is repeated. */
    private volatile boolean handedOver;
    /** Reads the caller's answer: what the handler gave, or around it a {@link BodyEnd}. */
    private volatile @Nullable BodySubscriber<T> body;
    /** Whether nobody wants the answer any more. */
    private volatile boolean abandoned;
    /** Of two attempts side by side, the first: it knows who was answered first. */
    private final Conversation<T, R> first;

    private volatile @Nullable Conversation<T, R> winner;

    Conversation(
            Shared shared, Way way, HttpRequest request, BodyHandler<T> handler, @Nullable Conversation<T, R> first) {
        this.shared = shared;
        this.way = way;
        this.request = request;
        this.handler = handler;
        this.replay = Replay.of(request);
        this.repeatable = IDEMPOTENT.contains(request.method()) && replay.repeats();
        this.first = first == null ? this : first;
        this.balancer = first == null ? way.balancer() : first.balancer;
        this.to = first == null ? way.first() : first.to;
        this.session = first == null ? Session.NONE : first.session;
    }

    /** Whether this is the attempt, of two side by side, whose answer the caller gets: the first that comes, unless a hedge is refused. */
    @SuppressWarnings("ReferenceEquality") // each is itself and no other
    private boolean wins(int status) {
        return first.winner == this
                || ((first == this || !isWorthRepeating(status)) && WINNER.compareAndSet(first, null, this));
    }

    /** Whether the other of two side by side is the one. */
    @SuppressWarnings("ReferenceEquality")
    private boolean hasLost() {
        return first.winner != null && first.winner != this;
    }

    /** What choosing may know of the request. */
    Call call() {
        Call call = repeatable ? Call.any().idempotent() : Call.any();
        int priority = shared.priority.applyAsInt(request);
        return priority == 0 ? call : call.withPriority(priority);
    }

    /** The balancer to which its way leads it, or else its session; a copy goes elsewhere, if it is to. */
    LoadBalancer balancer(Call call) throws NoEndpointException {
        Sessions.Own sessions = shared.sessions.of(request);
        unsettled = way.isEarly() ? sessions : null;
        to = way.destination(call, sessions);
        balancer = to.balancer();
        session = sessions.at(balancer);
        way.mirror(this, call, to);
        return balancer;
    }

    /** Whether the request's body can be sent twice. */
    boolean bodyRepeats() {
        return replay.repeats();
    }

    @Override
    public Call place(Call call) throws IOException {
        Sessions.Own sessions = unsettled;
        if (sessions != null) {
            to = way.settled(to, call, sessions);
            unsettled = null;
        }
        return session.place(to.of(call));
    }

    @Override
    public Optional<Duration> deadline() {
        Optional<Duration> own = request.timeout();
        return own.isPresent() ? own : way.timeout();
    }

    @Override
    public Optional<Retry> retry() {
        return way.retry();
    }

    @Override
    public Optional<Hedge> hedge() {
        return way.hedge();
    }

    /** An https call never goes to an http endpoint. */
    @Override
    public Set<String> schemes() {
        return request.uri().getScheme().equalsIgnoreCase("https") ? SECURE : ANY;
    }

    @Override
    public R attempt(Attempt attempt) throws IOException, InterruptedException {
        Access access = shared.naming.access(balancer, attempt.endpoint(), request);
        HttpRequest addressed = new Addressed(
                request, way.path(request.uri()), replay.publisher(), access, attempt, shared.deadlineHeader);
        return transmit(access, addressed, info -> answered(info, attempt), attempt);
    }

    abstract R transmit(Access access, HttpRequest addressed, BodyHandler<T> handler, Attempt attempt)
            throws IOException, InterruptedException;

    private BodySubscriber<T> answered(ResponseInfo info, Attempt attempt) {
        Hints.heed(info, attempt);
        Outcome outcome = attempt.ofStatus(info.statusCode());
        way.ended(attempt, outcome);
        boolean again = attempt.answered(outcome, repeatable && isWorthRepeating(info.statusCode()) && !hasLost());
        LoadReport report = LoadReport.in(info.headers());
        if (report != null) {
            attempt.reported(report.inFlight(), report.latencyNanos());
        }
        if (again || !wins(info.statusCode())) {
            return new Discarded<>(info, shared.lifecycle);
        }
        handedOver = true;
        BodySubscriber<T> reader = requireNonNull(handler.apply(info), "the body handler gave no subscriber");
        BodySubscriber<T> watched = BodyEnd.of(reader, attempt, this);
        body = watched;
        if (abandoned) {
            abandonBody();
        }
        return watched;
    }

    private static boolean isWorthRepeating(int status) {
        return status == 502 || status == 503 || status == 504;
    }

    /** The answer that the caller sees, whose body may be still to come; or one that nobody sees. */
    final HttpResponse<T> deliver(HttpRequest addressed, HttpResponse<T> response, Attempt attempt) {
        if (!attempt.isRepeated() && !wins(response.statusCode())) {
            throw new CancellationException("the other attempt's answer is the call's");
        }
        HttpHeaders headers = headers(addressed, response, attempt);
        BodyEnd<T> unread = body instanceof BodyEnd<T> end ? end : null;
        if (unread != null) {
            attempt.endWhenAbandoned();
        } else if (handedOver) {
            attempt.complete(Outcome.SUCCESS);
        } else {
            attempt.complete(
                    attempt.ofStatus(response.statusCode())); // a transport that asks no handler: a cache, a mock
        }
        return new Answer<>(request, addressed.uri(), attempt.endpoint(), response, headers, unread);
    }

    /** Those that the caller sees, once the session has heeded them: if they are the replica's. */
    private HttpHeaders headers(HttpRequest addressed, HttpResponse<T> response, Attempt attempt) {
        return attempt.isRepeated() || Answer.wasRedirected(response, addressed.uri())
                ? response.headers()
                : session.answered(response, attempt);
    }

    /** Whether the caller, not the replica, ended what now ends with {@code error}. */
    boolean endedByCaller(Throwable error) {
        return shared.lifecycle.isStopped() || shared.transports.isTerminated() || Failures.cancelled(error);
    }

    /** Beyond the peer's limit of streams is the client's own doing, and so the replica's fault no more than a cancel is, or an end in order. */
    @Override
    public Outcome judge(Throwable error, Attempt attempt) {
        Hints.heed(error, attempt);
        if (!handedOver) {
            way.ended(attempt, Outcome.FAILURE);
        }
        return judgedElsewhere() || replay.failed() || endedByCaller(error) || Failures.innocent(error)
                ? Outcome.IGNORED
                : Exchange.super.judge(error, attempt);
    }

    /** By the end of the body; and what the caller's handler throws is not the replica's doing. */
    private boolean judgedElsewhere() {
        return handedOver && (body == null || body instanceof BodyEnd);
    }

    @Override
    public boolean neverConnected(Throwable error, Attempt attempt) {
        return !mayHaveBeenRedirected()
                && !(error instanceof HttpConnectTimeoutException && isShorterThanConnecting(attempt))
                && Exchange.super.neverConnected(error, attempt);
    }

    /** Then the time that the call gave was too short, which says nothing of the replica. */
    private boolean isShorterThanConnecting(Attempt attempt) {
        Optional<Duration> connecting = shared.transports.connectTimeout();
        return connecting.isEmpty() || attempt.timeoutNanos() < connecting.get().toNanos();
    }

    @Override
    public boolean mayRepeat(Throwable error, Outcome outcome, Attempt attempt) {
        if (handedOver || hasLost() || (outcome == Outcome.IGNORED && !Failures.innocent(error))) {
            return false;
        }
        return repeatable || (!mayHaveBeenRedirected() && Failures.unsent(error) && replay.maySend());
    }

    /** Then the error may be that of a second request, to which an answer to the first led. */
    private boolean mayHaveBeenRedirected() {
        return shared.transports.followsRedirects();
    }

    @Override
    public void abandoned(Attempt attempt) {
        abandoned = true;
        if (!handedOver) {
            way.ended(attempt, Outcome.IGNORED);
        }
        abandonBody();
    }

    private void abandonBody() {
        if (body instanceof BodyEnd<T> unread) {
            unread.abandon();
        }
    }

    private static VarHandle winnerHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(Conversation.class, "winner", Conversation.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public IOException timedOut(String message) {
        return new HttpTimeoutException(message);
    }

    /** On the caller's thread. */
    static final class Blocking<T> extends Conversation<T, HttpResponse<T>> {

        Blocking(Shared shared, Way way, HttpRequest request, BodyHandler<T> handler) {
            super(shared, way, request, handler, null);
        }

        private Blocking(Blocking<T> first) {
            super(first.shared, first.way, first.request, first.handler, first);
        }

        @Override
        public Blocking<T> another() {
            return new Blocking<>(this);
        }

        @Override
        HttpResponse<T> transmit(Access access, HttpRequest addressed, BodyHandler<T> handler, Attempt attempt)
                throws IOException, InterruptedException {
            return deliver(addressed, access.send(addressed, handler), attempt);
        }
    }

    /** By composing futures. */
    static final class Async<T> extends Conversation<T, CompletionStage<HttpResponse<T>>> {

        private final @Nullable PushPromiseHandler<T> pushes;

        Async(
                Shared shared,
                Way way,
                HttpRequest request,
                BodyHandler<T> handler,
                @Nullable PushPromiseHandler<T> pushes) {
            super(shared, way, request, handler, null);
            this.pushes = pushes;
        }

        private Async(Async<T> first) {
            super(first.shared, first.way, first.request, first.handler, first);
            this.pushes = first.pushes;
        }

        @Override
        public Async<T> another() {
            return new Async<>(this);
        }

        @Override
        CompletionStage<HttpResponse<T>> transmit(
                Access access, HttpRequest addressed, BodyHandler<T> handler, Attempt attempt) {
            return new Sending<>(access, addressed, handler, pushes, response -> deliver(addressed, response, attempt))
                    .begin();
        }
    }
}
