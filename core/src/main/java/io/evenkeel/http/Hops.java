package io.evenkeel.http;

import io.evenkeel.resilience.Onward;
import java.io.IOException;
import java.net.CookieHandler;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A request and those that redirects lead to from it, each balanced where its host is a balancer's; and the cookies that they are given. */
final class Hops {

    /** Sends a request, by the way that it has, and nothing after it. */
    interface Sender {
        /** The way of a request, which the user's code may choose: asked once for each; null if it is not balanced. */
        @Nullable
        Way way(HttpRequest request) throws IOException;

        <T> HttpResponse<T> send(@Nullable Way way, HttpRequest request, BodyHandler<T> handler)
                throws IOException, InterruptedException;

        <T> CompletableFuture<HttpResponse<T>> sendAsync(
                @Nullable Way way, HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes)
                throws IOException;

        /** How long the request may take, by itself or where it goes. */
        Optional<Duration> timeout(@Nullable Way way, HttpRequest request);
    }

    private final Sender sender;
    private final Redirects redirects;
    private final Optional<CookieHandler> cookies;
    private final Lifecycle lifecycle;
    private final LongSupplier nanoTime;

    Hops(
            Sender sender,
            Redirects redirects,
            Optional<CookieHandler> cookies,
            Lifecycle lifecycle,
            LongSupplier nanoTime) {
        this.sender = sender;
        this.redirects = redirects;
        this.cookies = cookies;
        this.lifecycle = lifecycle;
        this.nanoTime = nanoTime;
    }

    /** Whether redirects are followed, from wherever they come. */
    boolean follow() {
        return redirects.policy() != Redirect.NEVER;
    }

    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        Hop<T> hop = new Hop<>(request, dressed(request), handler);
        while (true) {
            HttpResponse<T> response = hop.seen(sender.send(hop.way, hop.toSend(), hop));
            HttpRequest next = hop.next();
            if (next == null) {
                return response;
            }
            hop = hop.to(next, dressed(next), response);
        }
    }

    /** The request with cookies. What their handler throws is an error of the call, as by the JDK's client; a future has it as it is. */
    private HttpRequest dressed(HttpRequest request) throws IOException {
        try {
            return withCookies(request);
        } catch (IllegalArgumentException | SecurityException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) throws IOException {
        HttpRequest dressed;
        try {
            dressed = withCookies(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        Onward<HttpResponse<T>> result = new Onward<>();
        goOn(new Hop<>(request, dressed, handler), pushes, result);
        return result;
    }

    /** Those of its service come before those that the caller set, on one line (RFC 6265, section 5.4). */
    private HttpRequest withCookies(HttpRequest request) throws IOException {
        List<String> all = cookiesOf(request);
        if (all.isEmpty()) {
            return request;
        }
        all.addAll(request.headers().allValues("Cookie"));
        return copyOf(request).setHeader("Cookie", String.join("; ", all)).build();
    }

    private List<String> cookiesOf(HttpRequest request) throws IOException {
        List<String> all = new ArrayList<>();
        if (cookies.isPresent()) {
            cookies.get().get(request.uri(), request.headers().map()).forEach((name, values) -> {
                if (name.equalsIgnoreCase("Cookie") && values != null) {
                    values.stream().filter(Cookies::isSendable).forEach(all::add);
                }
            });
        }
        return all;
    }

    private static HttpRequest.Builder copyOf(HttpRequest request) {
        return HttpRequest.newBuilder(request, (name, value) -> true);
    }

    private <T> void goOn(Hop<T> hop, @Nullable PushPromiseHandler<T> pushes, Onward<HttpResponse<T>> result)
            throws IOException {
        CompletableFuture<HttpResponse<T>> sent = sender.sendAsync(hop.way, hop.toSend(), hop, pushes);
        result.waitFor(sent);
        CompletionStage<HttpResponse<T>> answer = sent;
        answer.whenComplete((response, error) -> {
            if (error == null) {
                answered(hop, response, pushes, result);
            } else {
                result.fail(error);
            }
        });
    }

    private <T> void answered(
            Hop<T> hop,
            HttpResponse<T> response,
            @Nullable PushPromiseHandler<T> pushes,
            Onward<HttpResponse<T>> result) {
        try {
            HttpRequest next = hop.next();
            HttpResponse<T> seen = hop.seen(response);
            if (next != null && !result.isDone()) {
                goOn(hop.to(next, withCookies(next), seen), pushes, result);
            } else if (next == null && !result.answer(seen)) {
                Answer.abandon(response);
            }
        } catch (IOException | RuntimeException | Error e) {
            result.fail(e);
        }
    }

    /** What goes wrong with an answer is that to the caller, as by the JDK's client. */
    private static IOException asIOException(Exception error) {
        return error instanceof IOException e ? e : new IOException(error);
    }

    private static OptionalLong earlier(OptionalLong one, OptionalLong other) {
        boolean first = other.isEmpty() || (one.isPresent() && one.getAsLong() - other.getAsLong() < 0);
        return first ? one : other;
    }

    /** One request of them; asked as a handler, it sees where the answer leads. */
    private final class Hop<T> implements BodyHandler<T> {

        /** As the caller sees it. */
        private final HttpRequest request;
        /** The same with cookies. */
        private final HttpRequest dressed;

        private final BodyHandler<T> handler;
        private final int count;
        private final @Nullable Way way;
        private final long beginNanos = nanoTime.getAsLong();
        /** When the time of those before is over. */
        private final OptionalLong givenNanos;

        private final @Nullable HttpResponse<T> previous;
        private volatile @Nullable HttpRequest next;
        private volatile List<String> setCookies = List.of();
        /** Of an answer that leads nowhere; thrown here it would be the body handler's. */
        private volatile @Nullable IOException lost;

        Hop(HttpRequest request, HttpRequest dressed, BodyHandler<T> handler) throws IOException {
            this(request, dressed, handler, 1, OptionalLong.empty(), null);
        }

        private Hop(
                HttpRequest request,
                HttpRequest dressed,
                BodyHandler<T> handler,
                int count,
                OptionalLong givenNanos,
                @Nullable HttpResponse<T> previous)
                throws IOException {
            this.request = request;
            this.dressed = dressed;
            this.handler = handler;
            this.count = count;
            this.way = sender.way(dressed);
            this.givenNanos = givenNanos;
            this.previous = previous;
        }

        @Override
        public BodySubscriber<T> apply(ResponseInfo info) {
            try {
                setCookies = info.headers().allValues("Set-Cookie");
                keepCookies(info.headers());
                next = redirects.after(request, way, info.statusCode(), info.headers(), count);
            } catch (IOException | RuntimeException e) {
                lost = asIOException(e);
            }
            return next == null && lost == null ? handler.apply(info) : new Discarded<>(info, lifecycle);
        }

        /** The request that the answer leads to, if any. */
        @Nullable
        HttpRequest next() throws IOException {
            IOException error = lost;
            if (error != null) {
                throw error;
            }
            return next;
        }

        private void keepCookies(HttpHeaders headers) throws IOException {
            if (cookies.isPresent()) {
                cookies.get().put(request.uri(), headers.map());
            }
        }

        /** After a redirect with what time is left. */
        HttpRequest toSend() throws HttpTimeoutException {
            OptionalLong end = previous == null ? OptionalLong.empty() : endNanos();
            return end.isEmpty()
                    ? dressed
                    : copyOf(dressed).timeout(left(end.getAsLong())).build();
        }

        /** By when it is to be answered, and all that follow it; empty for never. */
        private OptionalLong endNanos() {
            Optional<Duration> own = sender.timeout(way, request);
            return own.isEmpty()
                    ? givenNanos
                    : earlier(givenNanos, OptionalLong.of(beginNanos + Lifecycle.saturatedNanos(own.get())));
        }

        private Duration left(long end) throws HttpTimeoutException {
            long left = end - nanoTime.getAsLong();
            if (left <= 0) {
                throw new HttpTimeoutException("request timed out");
            }
            return Duration.ofNanos(left);
        }

        /** As the caller sees it. */
        HttpResponse<T> seen(HttpResponse<T> response) throws IOException {
            try {
                keepCookiesUnseen(response);
            } catch (IOException | RuntimeException e) {
                Answer.abandon(response);
                throw asIOException(e);
            }
            return new Redirected<>(request, response, Optional.ofNullable(previous));
        }

        /** A session may have added a cookie to those that the handler has seen, and a challenge may have come before with its own. */
        private void keepCookiesUnseen(HttpResponse<T> response) throws IOException {
            Optional<HttpHeaders> challenge = response.previousResponse()
                    .map(HttpResponse::headers)
                    .filter(headers -> headers.firstValue("Set-Cookie").isPresent());
            if (challenge.isPresent()) {
                keepCookies(challenge.get());
            }
            if (challenge.isPresent()
                    || !response.headers().allValues("Set-Cookie").equals(setCookies)) {
                keepCookies(response.headers());
            }
        }

        Hop<T> to(HttpRequest target, HttpRequest dressed, HttpResponse<T> response) throws IOException {
            return new Hop<>(target, dressed, handler, count + 1, endNanos(), response);
        }
    }
}
