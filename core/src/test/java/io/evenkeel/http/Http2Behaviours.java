package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What only HTTP/2 has. */
final class Http2Behaviours {

    private Http2Behaviours() {}

    static List<Behaviour> all() {
        return Stream.concat(real(), scripted()).toList();
    }

    private static Stream<Behaviour> real() {
        return Stream.of(
                that("calls over HTTP/2 share a connection", caller -> {
                            String first = caller.body("/port");
                            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 10)
                                    .mapToObj(i -> caller.start(caller.to("/port")))
                                    .toList();
                            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                                caller.note(
                                        "version",
                                        answer.get(20, TimeUnit.SECONDS).version());
                                caller.note("same", first.equals(answer.join().body()));
                            }
                        })
                        .at(Origin.JETTY_H2C, Origin.JETTY_H2, Origin.NGINX_H2, Origin.HAPROXY_H2),
                that(
                                "the server is told the service's name as its authority",
                                caller -> caller.note("told", caller.body("/host")))
                        .at(Origin.JETTY_H2C, Origin.JETTY_H2)
                        .differs(Why.HOST, "told"),
                that("a pushed answer is taken by who wants it", Http2Behaviours::takePushed)
                        .at(Origin.JETTY_H2)
                        .differs(Why.PUSHED, "pushed"),
                that("a pushed answer that nobody wants changes nothing", caller -> caller.get("/push"))
                        .at(Origin.JETTY_H2, Origin.JETTY_H2C),
                that("trailers of HTTP/2 are not taken for the body", caller -> caller.get("/trailers"))
                        .at(Origin.JETTY_H2, Origin.JETTY_H2C),
                that("a stream that Jetty aborts is an error", caller -> caller.send(caller.post("/abort")))
                        .at(Origin.JETTY_H2),
                that("a body that Jetty aborts is an error", caller -> caller.get("/abort/late"))
                        .at(Origin.JETTY_H2, Origin.JETTY));
    }

    private static void takePushed(Caller caller) throws Exception {
        ConcurrentHashMap<HttpRequest, CompletableFuture<HttpResponse<String>>> pushed = new ConcurrentHashMap<>();
        List<String> initiating = new ArrayList<>();
        var handler = HttpResponse.PushPromiseHandler.of(request -> BodyHandlers.ofString(), pushed);
        HttpResponse<String> answer = caller.client()
                .sendAsync(caller.to("/push").build(), BodyHandlers.ofString(), (first, promised, acceptor) -> {
                    initiating.add(first.uri() + " " + promised.uri());
                    handler.applyPushPromise(first, promised, acceptor);
                })
                .get(20, TimeUnit.SECONDS);
        caller.noteAnswer(answer);
        caller.note("pushed", initiating);
        for (CompletableFuture<HttpResponse<String>> one : pushed.values()) {
            caller.note("content", one.get(20, TimeUnit.SECONDS).body());
            caller.note("pushed", one.join().uri());
        }
    }

    private static Stream<Behaviour> scripted() {
        return Stream.of(
                that("a call is answered by HTTP/2 after an upgrade", caller -> caller.get("/"))
                        .at((visit, cues) -> {
                            Http2Visit upgraded = Http2Visit.upgrade(visit, 100);
                            upgraded.answer(1, "in frames");
                            upgraded.next();
                        }),
                that("a stream that is reset is an error", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> {
                            Http2Visit upgraded = Http2Visit.upgrade(visit, 100);
                            upgraded.reset(1, Http2Visit.INTERNAL_ERROR);
                            upgraded.next();
                        }),
                that(
                                "a stream that is reset in its body is an error",
                                caller -> caller.noteClass(() ->
                                        caller.client().send(caller.post("/").build(), BodyHandlers.ofString())))
                        .at((visit, cues) -> {
                            Http2Visit upgraded = Http2Visit.upgrade(visit, 100);
                            upgraded.begin(1);
                            upgraded.reset(1, Http2Visit.INTERNAL_ERROR);
                            upgraded.next();
                        }),
                that(
                                "a stream that is refused is asked for again, whatever the method",
                                caller -> caller.send(caller.post("/", BodyPublishers.ofString("body"))))
                        .at((visit, cues) -> {
                            Http2Visit upgraded = Http2Visit.upgrade(visit, 100);
                            upgraded.reset(1, Http2Visit.REFUSED_STREAM);
                            upgraded.answer(upgraded.next(), "second");
                            upgraded.next();
                        }),
                that(
                                "a call that a server did not look at as it went away is sent again",
                                caller -> caller.send(caller.post("/", BodyPublishers.ofString("body"))))
                        .at((visit, cues) -> {
                            if (cues.count("visits").incrementAndGet() > 1) {
                                visit.answer(200, "second");
                                return;
                            }
                            Http2Visit upgraded = Http2Visit.upgrade(visit, 100);
                            upgraded.goAway(0);
                            upgraded.next();
                        }),
                that("of six calls two are answered where two streams are allowed", Http2Behaviours::callSix)
                        .at(Http2Behaviours::allowTwo)
                        .whateverArrives()
                        .differs(Why.STREAMS, "answered"));
    }

    /** Those that the server has wait until the others have failed, which the JDK's client lets them at once. */
    private static void callSix(Caller caller) throws Exception {
        caller.get("/");
        List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 6)
                .mapToObj(i -> caller.start(caller.post("/" + i)))
                .toList();
        Waiting.until(
                "each of the six, and the first, has failed or is at the server",
                () -> caller.cues().count("at the server").get()
                                + answers.stream()
                                        .filter(CompletableFuture::isCompletedExceptionally)
                                        .count()
                        >= 7);
        caller.cues().give("answer");
        int answered = 0;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            if (answer.handle((response, error) -> error == null).get(20, TimeUnit.SECONDS)) {
                answered++;
            }
        }
        caller.note("answered", answered);
    }

    private static void allowTwo(ScriptedServer.Visit visit, Cues cues) throws IOException {
        Http2Visit upgraded = Http2Visit.upgrade(visit, 2);
        cues.count("at the server").incrementAndGet();
        upgraded.answer(1, "first");
        for (int stream = upgraded.next(); stream != 0; stream = upgraded.next()) {
            cues.count("at the server").incrementAndGet();
            int next = stream;
            Thread.ofVirtual().start(() -> {
                try {
                    cues.await("answer");
                    upgraded.answer(next, "later");
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
            });
        }
    }
}
