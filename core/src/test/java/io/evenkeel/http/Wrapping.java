package io.evenkeel.http;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** A client of another make: its futures cancel the exchange, but what is derived from them does not. */
class Wrapping extends HttpClient {

    private final HttpClient client;
    private final Rendezvous arrived;
    private final Rendezvous delivered;

    Wrapping(HttpClient client) {
        this(client, Rendezvous.none(), Rendezvous.none());
    }

    /** Whose answers wait before they complete the future, and before those who wait for it are told. */
    Wrapping(HttpClient client, Rendezvous arrived, Rendezvous delivered) {
        this.client = client;
        this.arrived = arrived;
        this.delivered = delivered;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
            throws IOException, InterruptedException {
        return client.send(request, handler);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        return sendAsync(request, handler, null);
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
        CompletableFuture<HttpResponse<T>> sent = client.sendAsync(request, handler, pushes);
        CompletableFuture<HttpResponse<T>> own = new Own<>(sent, delivered);
        sent.whenComplete((response, error) -> {
            arrived.meet();
            if (error == null) {
                own.complete(response);
            } else {
                own.completeExceptionally(error);
            }
        });
        return own;
    }

    private static final class Own<T> extends CompletableFuture<T> {

        private final CompletableFuture<?> sent;
        private final Rendezvous rendezvous;

        Own(CompletableFuture<?> sent, Rendezvous rendezvous) {
            this.sent = sent;
            this.rendezvous = rendezvous;
        }

        @Override
        public boolean cancel(boolean mayInterruptIfRunning) {
            return sent.cancel(mayInterruptIfRunning);
        }

        @Override
        public CompletableFuture<T> whenComplete(BiConsumer<? super T, ? super Throwable> action) {
            return super.whenComplete((value, error) -> {
                rendezvous.meet();
                action.accept(value, error);
            });
        }
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
        return client.cookieHandler();
    }

    @Override
    public Optional<Duration> connectTimeout() {
        return client.connectTimeout();
    }

    @Override
    public Redirect followRedirects() {
        return client.followRedirects();
    }

    @Override
    public Optional<ProxySelector> proxy() {
        return client.proxy();
    }

    @Override
    public SSLContext sslContext() {
        return client.sslContext();
    }

    @Override
    public SSLParameters sslParameters() {
        return client.sslParameters();
    }

    @Override
    public Optional<Authenticator> authenticator() {
        return client.authenticator();
    }

    @Override
    public Version version() {
        return client.version();
    }

    @Override
    public Optional<Executor> executor() {
        return client.executor();
    }

    @Override
    public void shutdown() {
        client.shutdown();
    }

    @Override
    public boolean awaitTermination(Duration duration) throws InterruptedException {
        return client.awaitTermination(duration);
    }

    @Override
    public boolean isTerminated() {
        return client.isTerminated();
    }

    @Override
    public void shutdownNow() {
        client.shutdownNow();
    }

    /** Makes such clients. */
    record Builder(HttpClient.Builder builder, Rendezvous arrived, Rendezvous delivered) implements HttpClient.Builder {

        @Override
        public HttpClient build() {
            return new Wrapping(builder.build(), arrived, delivered);
        }

        @Override
        public HttpClient.Builder cookieHandler(CookieHandler cookieHandler) {
            builder.cookieHandler(cookieHandler);
            return this;
        }

        @Override
        public HttpClient.Builder connectTimeout(Duration duration) {
            builder.connectTimeout(duration);
            return this;
        }

        @Override
        public HttpClient.Builder sslContext(SSLContext sslContext) {
            builder.sslContext(sslContext);
            return this;
        }

        @Override
        public HttpClient.Builder sslParameters(SSLParameters sslParameters) {
            builder.sslParameters(sslParameters);
            return this;
        }

        @Override
        public HttpClient.Builder executor(Executor executor) {
            builder.executor(executor);
            return this;
        }

        @Override
        public HttpClient.Builder followRedirects(Redirect policy) {
            builder.followRedirects(policy);
            return this;
        }

        @Override
        public HttpClient.Builder version(Version version) {
            builder.version(version);
            return this;
        }

        @Override
        public HttpClient.Builder priority(int priority) {
            builder.priority(priority);
            return this;
        }

        @Override
        public HttpClient.Builder proxy(ProxySelector proxySelector) {
            builder.proxy(proxySelector);
            return this;
        }

        @Override
        public HttpClient.Builder authenticator(Authenticator authenticator) {
            builder.authenticator(authenticator);
            return this;
        }
    }
}
