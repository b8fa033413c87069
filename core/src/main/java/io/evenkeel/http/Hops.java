package io.evenkeel.http;

import java.io.IOException;
import java.net.CookieHandler;
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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A request and those that redirects lead to from it, each balanced where its host is a balancer's; and the cookies that they are given. */
final class Hops {

    /** Sends a request and nothing after it. */
    interface Sender {
        <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException;

        <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, BodyHandler<T> handler, @Nullable PushPromiseHandler<T> pushes) throws IOException;
    }

    private final Sender sender;
    private final Redirects redirects;
    private final Optional<CookieHandler> cookies;
    private final Lifecycle lifecycle;

    Hops(Sender sender, Redirects redirects, Optional<CookieHandler> cookies, Lifecycle lifecycle) {
        this.sender = sender;
        this.redirects = redirects;
        this.cookies = cookies;
        this.lifecycle = lifecycle;
    }

    <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        Hop<T> hop = new Hop<>(request, handler, 1, deadline(request), null);
        while (true) {
            HttpResponse<T> response = hop.seen(sender.send(hop.withCookies(), hop));
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
        goOn(new Hop<>(request, handler, 1, deadline(request), null), pushes, result);
        return result;
    }

    private <T> void goOn(Hop<T> hop, @Nullable PushPromiseHandler<T> pushes, Onward<HttpResponse<T>> result)
            throws IOException {
        CompletableFuture<HttpResponse<T>> sent = sender.sendAsync(hop.withCookies(), hop, pushes);
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

    /** The request's timeout is for all of them. */
    private static long deadline(HttpRequest request) {
        return request.timeout()
                .map(timeout -> Defaults.nanoTime() + Lifecycle.saturatedNanos(timeout))
                .orElse(0L);
    }

    /** One request of them; asked as a handler, it sees where the answer leads. */
    private final class Hop<T> implements BodyHandler<T> {

        private final HttpRequest request;
        private final BodyHandler<T> handler;
        private final int count;
        private final long deadlineNanos;
        private final @Nullable HttpResponse<T> previous;
        private volatile @Nullable HttpRequest next;
        private volatile List<String> setCookies = List.of();
        /** Of an answer that leads nowhere; thrown here it would be the body handler's. */
        private volatile @Nullable Exception lost;

        Hop(
                HttpRequest request,
                BodyHandler<T> handler,
                int count,
                long deadlineNanos,
                @Nullable HttpResponse<T> previous) {
            this.request = request;
            this.handler = handler;
            this.count = count;
            this.deadlineNanos = deadlineNanos;
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

        /** The request with the cookies of its service, before those that the caller set, on one line (RFC 6265, section 5.4). */
        HttpRequest withCookies() throws IOException {
            List<String> all = new ArrayList<>();
            if (cookies.isPresent()) {
                cookies.get().get(request.uri(), request.headers().map()).forEach((name, values) -> {
                    if (name.equalsIgnoreCase("Cookie")) {
                        all.addAll(values);
                    }
                });
            }
            if (all.isEmpty()) {
                return request;
            }
            all.addAll(request.headers().allValues("Cookie"));
            return HttpRequest.newBuilder(request, (name, value) -> true)
                    .setHeader("Cookie", String.join("; ", all))
                    .build();
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

        Hop<T> to(HttpRequest target, HttpResponse<T> response) throws HttpTimeoutException {
            return new Hop<>(intime(target), handler, count + 1, deadlineNanos, response);
        }

        private HttpRequest intime(HttpRequest target) throws HttpTimeoutException {
            if (request.timeout().isEmpty()) {
                return target;
            }
            long left = deadlineNanos - Defaults.nanoTime();
            if (left <= 0) {
                throw new HttpTimeoutException("request timed out");
            }
            return HttpRequest.newBuilder(target, (name, value) -> true)
                    .timeout(Duration.ofNanos(left))
                    .build();
        }
    }
}
