package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Timeouts, and callers who give up. */
final class TimeBehaviours {

    private static final Duration SHORT = Duration.ofMillis(200);

    private TimeBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(timeouts(), connecting(), cancelled(), interrupted())
                .flatMap(s -> s)
                .toList();
    }

    /** Says nothing, and tells when the client is gone. */
    private static void hang(ScriptedServer.Visit visit, Cues cues) throws IOException {
        cues.give("asked");
        visit.hang();
        cues.give("client gone");
    }

    /** Begins a body, and no more. */
    private static void stall(ScriptedServer.Visit visit, Cues cues) throws IOException {
        visit.begin(200, 1000);
        visit.write("some of it");
        hang(visit, cues);
    }

    private static Stream<Behaviour> timeouts() {
        return Stream.of(
                late(
                        "an answer that is late is a timeout, and the connection ends",
                        caller -> caller.send(caller.post("/").timeout(SHORT))),
                late("a late answer to an asynchronous call is a timeout, too", caller -> {
                    HttpRequest request = caller.post("/").timeout(SHORT).build();
                    caller.noteClass(() -> caller.client()
                            .sendAsync(request, BodyHandlers.ofString())
                            .get(20, TimeUnit.SECONDS));
                }),
                late(
                        "a late answer to a GET is a timeout of some kind",
                        caller -> caller.noteWhether(
                                HttpTimeoutException.class, // be it of connecting again
                                () -> caller.client()
                                        .send(caller.to("/").timeout(SHORT).build(), BodyHandlers.ofString()))),
                that("a late answer of WireMock is a timeout", caller -> {
                            caller.body("/warm");
                            caller.send(caller.post("/late").timeout(SHORT));
                        })
                        .at(Origin.WIREMOCK)
                        .whateverArrives(),
                that("a body that stalls is treated alike by a timeout", caller -> {
                            CompletableFuture<HttpResponse<InputStream>> answer = caller.client()
                                    .sendAsync(
                                            caller.post("/stalling")
                                                    .timeout(Duration.ofSeconds(1))
                                                    .build(),
                                            BodyHandlers.ofInputStream());
                            caller.note("status", answer.join().statusCode());
                            caller.send(caller.post("/silent").timeout(Duration.ofMillis(1500)));
                            caller.cues().give("that long");
                            caller.attempt(() -> caller.note(
                                    "body", new String(answer.join().body().readAllBytes(), StandardCharsets.UTF_8)));
                        })
                        .at((visit, cues) -> {
                            if (visit.request().target().equals("/silent")) {
                                visit.hang();
                            } else {
                                visit.begin(200, 4);
                                cues.await("that long");
                                visit.write("late");
                            }
                        })
                        .whateverArrives(),
                that(
                        "a timeout of any length is taken",
                        caller -> caller.send(caller.to("/").timeout(Duration.ofDays(1_000_000)))),
                that("a timeout of nothing is refused", caller -> {
                    caller.attempt(() -> caller.to("/").timeout(Duration.ZERO));
                    caller.attempt(() -> caller.to("/").timeout(Duration.ofSeconds(-1)));
                }),
                that(
                                "a timeout that is not needed changes nothing",
                                caller -> caller.send(caller.to("/").timeout(Duration.ofMinutes(1))))
                        .everywhere());
    }

    /** On a connection that there is already: so it is not the time of connecting. */
    private static Behaviour late(String name, Behaviour.Act act) {
        return that(name, caller -> {
                    caller.body("/warm");
                    act.perform(caller);
                    caller.cues().await("client gone");
                })
                .at((visit, cues) -> {
                    if (visit.request().target().equals("/warm")) {
                        visit.answer(200, "warm");
                    } else {
                        hang(visit, cues);
                    }
                })
                .whateverArrives();
    }

    private static Stream<Behaviour> connecting() {
        return Stream.of(
                that("connecting that takes too long is a timeout of the client's", caller -> {
                            caller.send(caller.post("/"));
                            caller.sendAsync(caller.post("/"));
                        })
                        .at(Origin.FULL)
                        .with(settings -> settings.connectTimeout(SHORT)),
                that("connecting that takes longer than the request may is a timeout", caller -> {
                            caller.send(caller.post("/").timeout(SHORT));
                            caller.sendAsync(caller.post("/").timeout(SHORT));
                        })
                        .at(Origin.FULL)
                        .with(settings -> settings));
    }

    private static Stream<Behaviour> cancelled() {
        return Stream.of(
                cancelling("a cancelled future ends the connection", answer -> answer.cancel(true)),
                cancelling(
                        "a cancelled stage ends the connection, too",
                        answer -> answer.thenApply(HttpResponse::body)
                                .thenApply(String::strip)
                                .cancel(true)),
                cancelling(
                        "a cancelled copy ends the connection, too",
                        answer -> answer.copy().cancel(true)),
                that("a future that is cancelled without an interrupt is treated alike", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.client()
                                    .sendAsync(caller.post("/").build(), info -> {
                                        caller.note("handled", info.statusCode());
                                        caller.cues().give("handled or gone");
                                        return BodySubscribers.ofString(StandardCharsets.UTF_8);
                                    });
                            caller.cues().await("asked");
                            caller.note("cancelled", answer.cancel(false));
                            caller.cues().give("cancelled");
                            caller.cues().await("handled or gone");
                            caller.note("state", answer.isCancelled());
                        })
                        .at((visit, cues) -> {
                            try {
                                cues.give("asked");
                                cues.await("cancelled");
                                visit.answer(200, "ok");
                                visit.hang();
                            } finally {
                                cues.give("handled or gone");
                            }
                        })
                        .differs(Why.CANCEL, "handled"),
                that("a future that is cancelled at once sends nothing more, or ends the connection", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.post("/"));
                            caller.note("cancelled", answer.cancel(true));
                            caller.note("done", answer.isDone());
                        })
                        .at(TimeBehaviours::hang)
                        .whateverArrives(),
                that("a call that is cancelled in its body ends the connection", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.client()
                                    .sendAsync(caller.to("/").build(), info -> {
                                        caller.cues().give("handled");
                                        return BodySubscribers.ofString(StandardCharsets.UTF_8);
                                    });
                            caller.cues().await("handled");
                            caller.note("cancelled", answer.cancel(true));
                            caller.cues().await("client gone");
                            noteCancelled(caller, answer);
                        })
                        .at(TimeBehaviours::stall),
                that("a call that is answered cannot be cancelled any more", caller -> {
                    CompletableFuture<HttpResponse<String>> answer = caller.start(caller.to("/"));
                    caller.noteAnswer(answer.get(20, TimeUnit.SECONDS));
                    caller.note("cancelled", answer.cancel(true));
                    caller.note("state", answer.isCancelled());
                }));
    }

    @FunctionalInterface
    private interface Cancelling {
        boolean cancel(CompletableFuture<HttpResponse<String>> answer);
    }

    private static Behaviour cancelling(String name, Cancelling cancelling) {
        return that(name, caller -> {
                    CompletableFuture<HttpResponse<String>> answer = caller.start(caller.to("/"));
                    caller.cues().await("asked");
                    caller.note("cancelled", cancelling.cancel(answer));
                    caller.cues().await("client gone");
                    noteCancelled(caller, answer);
                })
                .at(TimeBehaviours::hang);
    }

    /** Whether the future itself, or what it depends on, was cancelled first is chance. */
    private static void noteCancelled(Caller caller, CompletableFuture<?> answer) throws Exception {
        try {
            answer.get(20, TimeUnit.SECONDS);
        } catch (CancellationException e) {
            caller.note("state", "cancelled");
        } catch (ExecutionException e) {
            caller.note("state", e.getCause() instanceof CancellationException ? "cancelled" : e);
        }
    }

    private static Stream<Behaviour> interrupted() {
        return Stream.of(
                interrupting("an interrupt ends a call and its connection", TimeBehaviours::hang, Thread.ofPlatform()),
                interrupting(
                        "an interrupt ends a call of a virtual thread, too", TimeBehaviours::hang, Thread.ofVirtual()),
                interrupting("an interrupt ends a body", TimeBehaviours::stall, Thread.ofPlatform()),
                that("a thread that was interrupted before sends nothing", caller -> {
                    AtomicReference<String> seen = new AtomicReference<>();
                    Thread thread = Thread.ofVirtual().start(() -> {
                        Thread.currentThread().interrupt();
                        seen.set(interruptedBy(caller));
                    });
                    thread.join();
                    caller.note("seen", seen);
                }),
                that("a thread that was interrupted before may begin an asynchronous call", caller -> {
                    AtomicReference<CompletableFuture<HttpResponse<String>>> answer = new AtomicReference<>();
                    Thread thread = Thread.ofVirtual().start(() -> {
                        Thread.currentThread().interrupt();
                        answer.set(caller.start(caller.to("/")));
                        caller.note("interrupted", Thread.currentThread().isInterrupted());
                    });
                    thread.join();
                    caller.noteAnswer(answer.get().get(20, TimeUnit.SECONDS));
                }));
    }

    private static Behaviour interrupting(String name, Behaviour.Script script, Thread.Builder threads) {
        return that(name, caller -> {
                    AtomicReference<String> seen = new AtomicReference<>();
                    Thread thread = threads.start(() -> seen.set(interruptedBy(caller)));
                    caller.cues().await("asked");
                    thread.interrupt();
                    caller.cues().await("client gone");
                    thread.join();
                    caller.note("seen", seen);
                })
                .at(script);
    }

    private static String interruptedBy(Caller caller) {
        try {
            caller.client().send(caller.to("/").build(), BodyHandlers.ofString());
            return "an answer";
        } catch (IOException | InterruptedException e) {
            return e.getClass() + ", interrupted " + Thread.currentThread().isInterrupted();
        }
    }
}
