package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;

/** What {@code sendAsync} gives, and which threads run what. */
final class FutureBehaviours {

    private FutureBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                that("a future that fails tells who joins it and who gets it", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.post("/"));
                            caller.attempt(answer::join);
                            caller.attempt(() -> answer.get(20, TimeUnit.SECONDS));
                            caller.note("failed", answer.isCompletedExceptionally());
                            caller.note("now", answer.exceptionNow().getClass());
                        })
                        .at((visit, cues) -> visit.close()),
                that("a future that fails tells the stages that depend on it", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.post("/"));
                            caller.note(
                                    "handled",
                                    answer.handle((response, error) -> error.getClass())
                                            .join());
                            caller.note(
                                    "later",
                                    answer.thenApply(HttpResponse::body)
                                            .handle((body, error) -> error.getClass())
                                            .join());
                        })
                        .at((visit, cues) -> visit.close()),
                that("a stage that depends on a future runs elsewhere than what sends", caller -> {
                            CompletableFuture<Boolean> virtual = caller.start(caller.to("/"))
                                    .thenApply(answer -> Thread.currentThread().isVirtual());
                            caller.cues().give("dependent is there");
                            caller.note("virtual", virtual.get(20, TimeUnit.SECONDS));
                        })
                        .at((visit, cues) -> {
                            cues.await("dependent is there");
                            visit.answer(200, "ok");
                        }),
                that(
                                "a handler is asked on the client's executor",
                                caller -> caller.send(caller.to("/"), info -> {
                                    caller.note("thread", Thread.currentThread().getName());
                                    return BodySubscribers.ofString(StandardCharsets.UTF_8);
                                }))
                        .with(settings -> settings.executor(named())),
                that("an executor that runs at once will do", caller -> caller.sendAsync(caller.to("/")))
                        .with(settings -> settings.executor(Runnable::run)),
                that(
                                "an executor that refuses fails the call",
                                caller -> caller.noteClass(() ->
                                        caller.client().send(caller.post("/").build(), BodyHandlers.ofString())))
                        .with(settings -> settings.executor(refusing()))
                        .whateverArrives(),
                that("a result cannot be forced upon a future", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.to("/"));
                            answer.join();
                            caller.attempt(() -> answer.obtrudeValue(null));
                            caller.attempt(() -> answer.obtrudeException(new IOException("forced")));
                        })
                        .differs(Why.WORDS, "message"),
                that("a future may be completed by the caller", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.post("/"));
                            caller.note("completed", answer.complete(null));
                            caller.note("value", answer.join());
                            caller.cues().give("completed");
                        })
                        .at((visit, cues) -> {
                            cues.await("completed");
                            visit.answer(200, "ok");
                        })
                        .whateverArrives(),
                that("a future may be given a time", caller -> {
                            CompletableFuture<HttpResponse<String>> answer =
                                    caller.start(caller.post("/")).orTimeout(100, TimeUnit.MILLISECONDS);
                            try {
                                answer.join();
                            } catch (CompletionException e) {
                                caller.note("cause", e.getCause() instanceof TimeoutException);
                            }
                        })
                        .at((visit, cues) -> visit.hang())
                        .whateverArrives(),
                that("twenty calls at once are answered", caller -> {
                            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 20)
                                    .mapToObj(i -> caller.start(caller.to("/" + i)))
                                    .toList();
                            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                                caller.note(
                                        "body",
                                        answer.get(20, TimeUnit.SECONDS)
                                                .body()
                                                .lines()
                                                .findFirst());
                            }
                        })
                        .everywhere()
                        .whateverArrives(),
                that("an answer has a label of its connection", caller -> {
                            HttpResponse<String> answer =
                                    caller.client().send(caller.to("/").build(), BodyHandlers.ofString());
                            Object label = HttpResponse.class
                                    .getMethod("connectionLabel")
                                    .invoke(answer);
                            caller.note("label", label.toString().startsWith("Optional["));
                        })
                        .sinceJdk(25)
                        .differs(Why.LABEL, "label"),
                that("nothing in place of a request, a handler or what it is made for is refused", caller -> {
                    var client = caller.client();
                    var request = caller.to("/").build();
                    caller.noteClass(() -> client.send(null, BodyHandlers.ofString()));
                    caller.noteClass(() -> client.send(request, null));
                    caller.noteClass(() -> client.sendAsync(null, BodyHandlers.ofString()));
                    caller.noteClass(() -> client.sendAsync(request, null));
                    caller.noteClass(() -> client.sendAsync(request, null, null));
                    caller.noteAnswer(client.sendAsync(request, BodyHandlers.ofString(), null)
                            .get(20, TimeUnit.SECONDS));
                }));
    }

    private static ExecutorService named() {
        return Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("callers-own").factory());
    }

    private static ExecutorService refusing() {
        ExecutorService refusing = Executors.newSingleThreadExecutor();
        refusing.shutdown();
        return refusing;
    }
}
