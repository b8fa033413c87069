package io.evenkeel.http;

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

    /** Sends a request and nothing after it. */
    interface Sender {
        <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException;

        <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) throws IOException;

        /** How long the request may take, by itself or where it goes. */
        Optional<Duration> timeout(HttpRequest request) throws IOException;
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
        Hop<T> hop = new Hop<>(request, handler, 1, OptionalLong.empty(), null);
        while (true) {
            HttpResponse<T> response = hop.seen(sender.send(hop.toSend(), hop));
            HttpRequest next = hop.next();
            if (next == null) {
                return response;
            }
            hop = hop.to(next, response);
        }
    }

    <T> CompletableFuture<HttpResponse<T>> sendAsync(
            HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) throws IOException {
        Onward<HttpResponse<T>> result = new Onward<>();
        goOn(new Hop<>(request, handler, 1, OptionalLong.empty(), null), pushes, result);
        return result;
    }

    private <T> void goOn(Hop<T> hop, @Nullable PushPromiseHandler<T> pushes, Onward<HttpResponse<T>> result)
            throws IOException {
        CompletableFuture<HttpResponse<T>> sent = sender.sendAsync(hop.toSend(), hop, pushes);
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
                goOn(hop.to(next, seen), pushes, result);
            } else if (next == null && !result.answer(seen)) {
                Answer.abandon(response);
            }
        } catch (IOException | RuntimeException | Error e) {
            result.fail(e);
        }
    }

    /** When the time of a request is over; empty for never. */
    private OptionalLong end(HttpRequest request, long beginNanos) throws IOException {
        Optional<Duration> timeout = sender.timeout(request);
        return timeout.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(beginNanos + Lifecycle.saturatedNanos(timeout.get()));
    }

    private static OptionalLong earlier(OptionalLong one, OptionalLong other) {
        boolean first = other.isEmpty() || (one.isPresent() && one.getAsLong() - other.getAsLong() < 0);
        return first ? one : other;
    }

    /** One request of them; asked as a handler, it sees where the answer leads. */
    private final class Hop<T> implements BodyHandler<T> {

        private final HttpRequest request;
        private final BodyHandler<T> handler;
        private final int count;
        private final long beginNanos = nanoTime.getAsLong();
        /** By when a request after a redirect is to be answered: the time of each is for all that follow. */
        private final OptionalLong endNanos;

        private final @Nullable HttpResponse<T> previous;
        private volatile @Nullable HttpRequest next;
        private volatile List<String> setCookies = List.of();
        /** Of an answer that leads nowhere; thrown here it would be the body handler's. */
        private volatile @Nullable Exception lost;

        Hop(
                HttpRequest request,
                BodyHandler<T> handler,
                int count,
                OptionalLong endNanos,
                @Nullable HttpResponse<T> previous) {
            this.request = request;
            this.handler = handler;
            this.count = count;
            this.endNanos = endNanos;
            this.previous = previous;
        }

        @Override
        public BodySubscriber<T> apply(ResponseInfo info) {
            try {
                setCookies = info.headers().allValues("Set-Cookie");
                keepCookies(info.headers());
                next = redirects.after(request, info.statusCode(), info.headers(), count);
            } catch (IOException | RuntimeException e) {
                lost = e;
            }
            return next == null && lost == null ? handler.apply(info) : new Discarded<>(info, lifecycle);
        }

        /** The request that the answer leads to, if any. */
        @Nullable
        HttpRequest next() throws IOException {
            Exception error = lost;
            if (error instanceof IOException e) {
                throw e;
            }
            if (error instanceof RuntimeException e) {
                throw e;
            }
            return next;
        }

        private void keepCookies(HttpHeaders headers) throws IOException {
            if (cookies.isPresent()) {
                cookies.get().put(request.uri(), headers.map());
            }
        }

        /** The request with cookies and, after a redirect, what time is left. */
        HttpRequest toSend() throws IOException {
            List<String> more = cookies();
            return more.isEmpty() && endNanos.isEmpty() ? request : with(more);
        }

        /** Those of its service; they come before those that the caller set, on one line (RFC 6265, section 5.4). */
        private List<String> cookies() throws IOException {
            List<String> all = new ArrayList<>();
            if (cookies.isPresent()) {
                cookies.get().get(request.uri(), request.headers().map()).forEach((name, values) -> {
                    if (name.equalsIgnoreCase("Cookie")) {
                        all.addAll(values);
                    }
                });
            }
            return all;
        }

        private HttpRequest with(List<String> more) throws HttpTimeoutException {
            HttpRequest.Builder copy = HttpRequest.newBuilder(request, (name, value) -> true);
            if (!more.isEmpty()) {
                more.addAll(request.headers().allValues("Cookie"));
                copy.setHeader("Cookie", String.join("; ", more));
            }
            if (endNanos.isPresent()) {
                copy.timeout(left(endNanos.getAsLong()));
            }
            return copy.build();
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
                throw e;
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

        Hop<T> to(HttpRequest target, HttpResponse<T> response) throws IOException {
            OptionalLong end = earlier(endNanos, end(request, beginNanos));
            end = earlier(end, end(target, nanoTime.getAsLong()));
            return new Hop<>(target, handler, count + 1, end, response);
        }
    }
}
