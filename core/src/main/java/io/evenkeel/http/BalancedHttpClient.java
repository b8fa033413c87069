package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An {@link HttpClient} that sends each request whose URI names a balancer to one of that balancer's replicas, and any
 * other request as it is. Works wherever an {@code HttpClient} is accepted.
 *
 * <p>A request is repeated, on another replica, if its method is idempotent and its body can be sent again, after 502, 503,
 * 504 and errors of the transport; any other request only if it provably was not sent. Once the caller's body handler has
 * been asked, nothing is repeated. The JDK's client itself silently repeats a GET or HEAD whose connection was closed before
 * an answer came, so that a server may see more of these than there were attempts; no other method, unless the system
 * property {@code jdk.httpclient.enableAllMethodRetry} is set, which should not be.
 *
 * <p>{@link HttpRequest#timeout()}, else that of the request's {@link Route}, else the balancer's deadline, bounds the time to the response headers over all attempts
 * and waits; an attempt that may be repeated gets half of what is left. When it is over, the error is an {@link
 * java.net.http.HttpTimeoutException}. With nobody to send to it is a {@link io.evenkeel.NoEndpointException}, with every gate
 * shut an {@link io.evenkeel.OverloadedException}.
 *
 * <p>An https request never goes to an http endpoint. Redirects are followed as the transport's factory wants, and are balanced where they lead to a
 * balancer's name or to a replica's address; cookies and challenges are the service's. A transport that is given does these by itself, by address. WebSockets and
 * pushed answers are not balanced; the latter come with each attempt, and so again where a request is repeated or hedged.
 *
 * <p>Threads: as any {@code HttpClient}, every method may be called by any threads.
 */
public final class BalancedHttpClient extends HttpClient {

    private final Transports transports;
    private final Lifecycle lifecycle;
    private final Services services;
    private final boolean onlyBalanced;
    private final Conversation.Shared shared;
    /** Null where redirects and cookies are the transport's own, or there are none. */
    private final @Nullable Hops hops;
    /** Held here, since balancers do not keep it. */
    private final LoadBalancer.Prober probing;

    private BalancedHttpClient(Builder builder) {
        this.onlyBalanced = builder.onlyBalanced;
        this.transports = builder.transport == null
                ? Transports.made(builder.factory, this::byName, builder.moves)
                : Transports.given(builder.transport);
        this.lifecycle = new Lifecycle(transports);
        this.services = new Services(builder.routes, lifecycle);
        this.shared = new Conversation.Shared(
                transports,
                new Naming(transports),
                lifecycle,
                builder.deadlineHeader,
                builder.priority,
                builder.affinity.map(Affinity::sessions).orElse(Sessions.NONE));
        services.balancers().forEach(this::check);
        this.hops = hops();
        this.probing = this::probe;
        services.balancers().forEach(balancer -> balancer.checkBy(probing));
    }

    private void check(LoadBalancer balancer) {
        try {
            if (!transports.isOwned() && !Naming.HOST_MAY_BE_SET) {
                refuseAuthority(balancer);
            }
            shared.naming().check(balancer);
        } catch (IllegalStateException e) {
            if (transports.isOwned()) {
                transports.shutdownNow();
            }
            throw e;
        }
    }

    private static void refuseAuthority(LoadBalancer balancer) {
        balancer.authority().ifPresent(authority -> {
            throw new IllegalStateException(balancer.name() + " has the authority " + authority
                    + ", which a transport that is given cannot tell replicas: give a factory,"
                    + " transport(() -> ...), or start the JVM with -Djdk.httpclient.allowRestrictedHeaders=host");
        });
    }

    /** A client for these balancers, on a transport of its own.
     *
     * @throws IllegalArgumentException if two balancers have the same name */
    public static BalancedHttpClient of(LoadBalancer... balancers) {
        Builder builder = builder();
        for (LoadBalancer balancer : balancers) {
            builder.balance(balancer);
        }
        return builder.build();
    }

    /** Begins a client; {@link HttpClient#newBuilder()} would begin one that does not balance. */
    public static Builder builder() {
        return new Builder();
    }

    /** Which replica sent a response of a client like this; empty if it is of another make, wrapped by another client's, or was not balanced,
     * or if a transport that was given went on from a replica to another host. */
    public static Optional<Endpoint> servedBy(HttpResponse<?> response) {
        if (response instanceof Redirected<?> redirected) {
            return servedBy(redirected.response());
        }
        return response instanceof Answer<?> answer && !Answer.isOfAnother(answer.response(), answer.sent())
                ? Optional.of(answer.endpoint())
                : Optional.empty();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        requireNonNull(handler, "handler");
        lifecycle.begin();
        try {
            Service service = serviceOf(request);
            if (hops != null && (service != null || hops.follow())) {
                return hops.send(request, handler);
            }
            return service == null
                    ? transports.own().send(request, handler)
                    : balanced(service.wayOf(request), request, handler);
        } finally {
            lifecycle.end();
        }
    }

    private <T> HttpResponse<T> balanced(Way way, HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        var conversation = new Conversation.Blocking<>(shared, way, request, handler);
        Call call = conversation.call();
        return conversation.balancer(call).<HttpResponse<T>, RuntimeException>execute(call, conversation);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return sendAsync(request, handler, null);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
        requireNonNull(handler, "handler");
        CompletableFuture<HttpResponse<T>> response;
        try {
            lifecycle.begin();
        } catch (IOException e) {
            return CompletableFuture.failedFuture(e);
        }
        try {
            Service service = serviceOf(request);
            if (hops != null && (service != null || hops.follow())) {
                response = hops.sendAsync(request, handler, pushes);
            } else {
                response = service == null
                        ? transports.own().sendAsync(request, handler, pushes)
                        : balanced(service.wayOf(request), request, handler, pushes);
            }
        } catch (IOException e) {
            response = CompletableFuture.failedFuture(e);
        } catch (RuntimeException | Error e) {
            lifecycle.end();
            throw e;
        }
        lifecycle.endWith(response);
        return response;
    }

    private <T> CompletableFuture<HttpResponse<T>> balanced(
            Way way, HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes)
            throws IOException {
        var conversation = new Conversation.Async<>(shared, way, request, handler, pushes);
        Call call = conversation.call();
        return conversation.balancer(call).executeAsync(call, conversation);
    }

    private @Nullable Hops hops() {
        Redirect policy = transports.isOwned() ? transports.own().followRedirects() : Redirect.NEVER;
        Optional<CookieHandler> cookies = transports.cookies();
        if (policy == Redirect.NEVER && cookies.isEmpty()) {
            return null;
        }
        Redirects redirects = new Redirects(policy, Redirects.MOST, services);
        return new Hops(new Steps(), redirects, cookies, lifecycle, Defaults::nanoTime);
    }

    /** Sends one request; where no balancer is named after the host, by a client that leaves redirects to {@link Hops}, too. */
    private final class Steps implements Hops.Sender {

        @Override
        public @Nullable Way way(HttpRequest request) throws IOException {
            Service service = serviceOf(request);
            return service == null ? null : service.wayOf(request);
        }

        @Override
        public <T> HttpResponse<T> send(@Nullable Way way, HttpRequest request, BodyHandler<T> handler)
                throws IOException, InterruptedException {
            return way == null ? plain().send(request, handler) : balanced(way, request, handler);
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                @Nullable Way way, HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes)
                throws IOException {
            return way == null ? plain().sendAsync(request, handler, pushes) : balanced(way, request, handler, pushes);
        }

        private HttpClient plain() {
            return transports.plain().client(0);
        }

        @Override
        public Optional<Duration> timeout(@Nullable Way way, HttpRequest request) {
            return way == null || request.timeout().isPresent() ? request.timeout() : way.deadline();
        }
    }

    private Optional<URI> byName(URI replica) {
        return services.byName(replica);
    }

    /** For a health check, as a call would go. */
    private CompletableFuture<HttpResponse<Void>> probe(LoadBalancer balancer, Endpoint endpoint, HttpRequest request) {
        return shared.naming().access(balancer, endpoint, request).probe(request);
    }

    private @Nullable Service serviceOf(HttpRequest request) throws IOException {
        Service service = services.of(request);
        if (service == null && onlyBalanced) {
            throw notBalanced(request.uri());
        }
        return service;
    }

    /** @throws IllegalArgumentException if it is no URI for HTTP, as the JDK's client does */
    private IOException notBalanced(URI uri) {
        if (uri.getHost() == null || !Services.isHttp(uri.getScheme())) {
            throw new IllegalArgumentException("URI is " + uri + ", but must be of http or https, with a host");
        }
        return new IOException("no balancer is named " + uri.getHost() + ", only " + services.names()
                + ", and onlyBalanced() lets no other call pass");
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return transports.own().cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return transports.own().connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return transports.own().followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return transports.own().proxy();
    }

    @Override
    public SSLContext sslContext() {
        return transports.own().sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return transports.own().sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return transports.own().authenticator();
    }

    @Override
    public Version version() {
        return transports.own().version();
    }

    @Override
    public Optional<Executor> executor() {
        return transports.own().executor();
    }

    /** The transport's: a WebSocket is not balanced. With {@link Builder#onlyBalanced()} one whose {@code buildAsync} fails with an {@link IOException}. */
    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return onlyBalanced ? new NoWebSockets() : transports.own().newWebSocketBuilder();
    }

    /** Refuses new requests; those under way run to their end, repeats included. */
    @Override
    public void shutdown() {
        lifecycle.shutdown();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
        return lifecycle.awaitTermination(duration);
    }

    @Override
    public boolean isTerminated() {
        return lifecycle.isTerminated();
    }

    /** Refuses new requests, and ends those under way where the transport is the client's own. */
    @Override
    public void shutdownNow() {
        lifecycle.shutdownNow();
    }

    /** Collects settings. Not thread-safe. */
    public static final class Builder {

        private final Map<String, LoadBalancer> balancers = new HashMap<>();
        private final Map<LoadBalancer, List<Route>> routes = new LinkedHashMap<>();
        private Supplier<HttpClient.Builder> factory = Defaults::transport;
        private @Nullable HttpClient transport;
        private boolean onlyBalanced;
        private Optional<String> deadlineHeader = Optional.empty();
        private ToIntFunction<HttpRequest> priority = request -> 0;
        private Moves moves = Defaults.moves();
        private Optional<Affinity> affinity = Optional.empty();

        private Builder() {}

        /**
         * Begins the client's transport: called when the client is built, and again for each further client of the JDK's that is needed, of a name in TLS or
         * where connections bear no more requests; all are closed with this one. It is asked by one thread at a time, and may give one builder again. Redirects, cookies and the authenticator that it has set are heeded by this
         * client, by the services' names. If the builder names no executor, it gets one of a virtual thread per task. Default: the JDK's client with
         * that, and a limit of a second on connecting.
         */
        public Builder transport(Supplier<HttpClient.Builder> factory) {
            this.factory = requireNonNull(factory, "factory");
            this.transport = null;
            return this;
        }

        /** A transport that is used exactly as it is, and not closed with the client. The JDK's client on its default
         * executor costs more than twice the CPU per call that it does on one of virtual threads. */
        public Builder transport(HttpClient transport) {
            this.transport = requireNonNull(transport, "transport");
            return this;
        }

        /** Sends requests for the host that has the balancer's name, in any case of letters and with any port, to the
         * balancer, or where the first of its routes that is for a request says. Routes that are given later come after these.
         *
         * @throws IllegalArgumentException if another balancer has the name already */
        public Builder balance(LoadBalancer balancer, Route... routes) {
            LoadBalancer before = balancers.putIfAbsent(balancer.name().toLowerCase(Locale.ROOT), balancer);
            if (before != null && before != balancer) {
                throw new IllegalArgumentException("two balancers are named " + balancer.name());
            }
            this.routes.computeIfAbsent(balancer, key -> new ArrayList<>()).addAll(List.of(routes));
            return this;
        }

        Builder moves(Moves moves) {
            this.moves = moves;
            return this;
        }

        /** Refuses requests to hosts that no balancer is named after, which else go to the transport as they are, and all WebSockets. */
        public Builder onlyBalanced() {
            this.onlyBalanced = true;
            return this;
        }

        /**
         * Tells replicas, in a header of this name, how many milliseconds they have for each attempt that has a timeout, so that they
         * need not work on what nobody waits for. Default: they are not told.
         *
         * @throws IllegalArgumentException if it is no name of a header that may be set
         */
        public Builder deadlineHeader(String name) {
            HttpRequest.newBuilder().setHeader(name, "1"); // checks it
            this.deadlineHeader = Optional.of(name);
            return this;
        }

        /**
         * Says what a request's priority is, -100 to 100, where calls wait for a replica ({@link io.evenkeel.Call#withPriority}). Asked as each
         * begins, on the caller's thread; what it throws is the caller's to see. Default: 0 for all.
         */
        public Builder priority(ToIntFunction<HttpRequest> priority) {
            this.priority = requireNonNull(priority, "priority");
            return this;
        }

        /**
         * Keeps requests of one session on one replica, for each balancer of the client by itself. Default: every request goes where it is best off.
         */
        public Builder affinity(Affinity affinity) {
            this.affinity = Optional.of(affinity);
            return this;
        }

        /**
         * Makes the client.
         *
         * @throws IllegalArgumentException if a route is never taken, is split into a single share, wants an alternative to no tag, or names a host that
         *     selects another balancer
         * @throws IllegalStateException if a balancer, be it one that only routes lead to, has an authority, which a transport that is used exactly as it is
         *     cannot tell replicas, or a proxy of the transport's or the JVM's cannot tell one that is known now
         */
        public BalancedHttpClient build() {
            RouteChecks.check(routes);
            return new BalancedHttpClient(this);
        }
    }
}
