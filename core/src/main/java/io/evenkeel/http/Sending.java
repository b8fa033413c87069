package io.evenkeel.http;

import io.evenkeel.resilience.Onward;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An attempt under way: the answer to come, by one lane after the other while they have no stream left. */
final class Sending<T> extends Onward<HttpResponse<T>> {

    private final Access access;
    private final HttpRequest addressed;
    private final BodyHandler<T> handler;
    private final @Nullable PushPromiseHandler<T> pushes;
    private final Function<HttpResponse<T>, HttpResponse<T>> delivery;

    /** {@code delivery} makes of an answer what the caller sees. */
    Sending(
            Access access,
            HttpRequest addressed,
            BodyHandler<T> handler,
            @Nullable PushPromiseHandler<T> pushes,
            Function<HttpResponse<T>, HttpResponse<T>> delivery) {
        this.access = access;
        this.addressed = addressed;
        this.handler = handler;
        this.pushes = pushes;
        this.delivery = delivery;
    }

    Sending<T> begin() {
        by(access.lanes().first(addressed), 1);
        return this;
    }

    private void by(int lane, int tried) {
        CompletableFuture<HttpResponse<T>> sent = access.sendAsync(lane, addressed, handler, pushes);
        waitFor(sent);
        CompletionStage<HttpResponse<T>> answer = sent;
        answer.whenComplete((response, error) -> {
            if (error == null) {
                deliver(response);
            } else {
                failed(lane, tried, error);
            }
        });
    }

    private void deliver(HttpResponse<T> response) {
        try {
            answer(delivery.apply(response));
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void failed(int lane, int tried, Throwable error) {
        try {
            if (!isDone() && access.lanes().goesOn(tried, error)) {
                by(access.lanes().after(lane, addressed), tried + 1);
            } else {
                fail(access.lanes().asSeen(addressed, error));
            }
        } catch (IOException | RuntimeException | Error e) {
            fail(e);
        }
    }
}
