package io.evenkeel.http;

import static java.util.Objects.requireNonNull;

import io.evenkeel.Call;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
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
 * <p>An https request never goes to an http endpoint. WebSockets and pushed answers are not balanced, and redirects that the
 * transport follows are not, either.
 *
 * <p>Threads: as any {@code HttpClient}, every method may be called by any threads.
 */
public final class BalancedHttpClient extends HttpClient {

    private final HttpClient transport;
    private final Lifecycle lifecycle;
    private final Services services;
    private final boolean onlyBalanced;
    private final Conversation.Shared shared;

    private BalancedHttpClient(Builder builder) {
        HttpClient given = builder.transport;
        this.transport = given == null ? transport(builder.factory) : given;
        this.lifecycle = new Lifecycle(transport, given == null);
        this.services = new Services(builder.routes, lifecycle);
        this.onlyBalanced = builder.onlyBalanced;
        services.balancers().forEach(balancer -> balancer.checkBy(transport));
        this.shared = new Conversation.Shared(transport, lifecycle, builder.deadlineHeader, builder.priority);
    }

    /** What the factory wants; the JDK's own executor, if it names none, would cost more than twice the CPU. */
    private static HttpClient transport(Supplier<HttpClient.Builder> factory) {
        HttpClient.Builder wanted = requireNonNull(factory.get(), "the transport's factory gave no builder");
        HttpClient made = wanted.build();
        if (made.executor().isPresent()
                || wanted.getClass() != HttpClient.newBuilder().getClass()) {
            return made;
        }
        made.shutdownNow();
        return wanted.executor(Defaults.executor()).build();
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

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        requireNonNull(handler, "handler");
        lifecycle.begin();
        try {
            Service service = serviceOf(request);
            return service == null
                    ? transport.send(request, handler)
                    : balanced(service.wayOf(request), request, handler);
        } finally {
            lifecycle.end();
        }
    }

    private <T> HttpResponse<T> balanced(Way way, HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        var conversation = new Conversation.Blocking<>(shared, way, request, handler);
        Call call = conversation.call();
        Destination to = way.destination(call);
        way.mirror(conversation, call, to);
        return to.balancer().<HttpResponse<T>, RuntimeException>execute(to.of(call), conversation);
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
            response = service == null
                    ? transport.sendAsync(request, handler, pushes)
                    : balanced(service.wayOf(request), request, handler, pushes);
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
            Way way, HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) {
        var conversation = new Conversation.Async<>(shared, way, request, handler, pushes);
        Call call = conversation.call();
        Destination to = way.destination(call);
        way.mirror(conversation, call, to);
        return to.balancer().executeAsync(to.of(call), conversation);
    }

    private @Nullable Service serviceOf(HttpRequest request) throws IOException {
        Service service = services.of(request);
        if (service == null && onlyBalanced) {
            throw new IOException("no balancer is named " + request.uri().getHost() + ", only " + services.names()
                    + ", and onlyBalanced() lets no other call pass");
        }
        return service;
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return transport.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return transport.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return transport.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return transport.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return transport.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return transport.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return transport.authenticator();
    }

    @Override
    public Version version() {
        return transport.version();
    }

    @Override
    public Optional<Executor> executor() {
        return transport.executor();
    }

    /** The transport's: a WebSocket is not balanced. */
    @Override
    public WebSocket.Builder newWebSocketBuilder() {
        return transport.newWebSocketBuilder();
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

        private Builder() {}

        /**
         * Builds the client's transport: called when the client is built, and the transport is closed with it. If the builder
         * names no executor, it gets one of a virtual thread per task. Default: the JDK's client with that, and a limit of a
         * second on connecting.
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

        /** Refuses requests to hosts that no balancer is named after, which else go to the transport as they are. */
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

        /** Makes the client.
         *
         * @throws IllegalArgumentException if a route is never taken, is split into a single share, wants an alternative to no tag, or names a host that
         *     selects another balancer */
        public BalancedHttpClient build() {
            RouteChecks.check(routes);
            return new BalancedHttpClient(this);
        }
    }
}
