package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Statuses of all kinds. */
final class StatusBehaviours {

    private StatusBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(finals(), busy(), interim(), withoutBody())
                .flatMap(s -> s)
                .toList();
    }

    private static Stream<Behaviour> finals() {
        return IntStream.of(200, 201, 206, 300, 304, 400, 404, 408, 410, 418, 421, 429, 451, 499, 500, 501, 505, 599)
                .mapToObj(status -> that("a GET is answered " + status, caller -> caller.get("/status/" + status)))
                .map(behaviour -> behaviour.at(
                        Origin.SCRIPTED, Origin.JDK, Origin.JETTY, Origin.JETTY_H2, Origin.NGINX, Origin.HAPROXY_H2));
    }

    private static Stream<Behaviour> busy() {
        return IntStream.of(502, 503, 504)
                .boxed()
                .flatMap(status -> Stream.of(
                        that("a GET is answered " + status, caller -> caller.get("/status/" + status))
                                .everywhere()
                                .differs(Why.REPEATS, Set.of(Origin.SCRIPTED), "requests"),
                        that(
                                        "a PUT is answered " + status,
                                        caller -> caller.send(
                                                caller.to("/status/" + status).PUT(BodyPublishers.ofString("again"))))
                                .alsoAtTwo()
                                .differs(Why.REPEATS, "requests"),
                        that("a PUT whose body cannot repeat is answered " + status, caller -> {
                                    Publishing body = new Publishing(1, 10);
                                    caller.send(caller.to("/status/" + status).PUT(body));
                                    caller.note("subscriptions", body.subscriptions());
                                })
                                .alsoAtTwo(),
                        that(
                                        "a POST is answered " + status,
                                        caller -> caller.send(
                                                caller.post("/status/" + status, BodyPublishers.ofString("once"))))
                                .everywhere()));
    }

    private static Stream<Behaviour> interim() {
        return Stream.of(
                interim("a 100 before the answer is skipped", "HTTP/1.1 100 Continue\r\n\r\n"),
                interim("a 102 before the answer is skipped", "HTTP/1.1 102 Processing\r\n\r\n"),
                interim(
                        "early hints before the answer are skipped",
                        "HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n".repeat(3)),
                that(
                                "a change of protocol that nobody asked for is an error",
                                caller -> caller.noteWhether(
                                        IOException.class,
                                        () -> caller.client()
                                                .send(caller.post("/").build(), BodyHandlers.ofString())))
                        .at(
                                (visit, cues) -> visit.write(
                                        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: own\r\nConnection: Upgrade\r\n\r\nown words"))
                        .whateverArrives());
    }

    private static Behaviour interim(String name, String before) {
        return that(name, caller -> caller.send(caller.post("/"))).at((visit, cues) -> {
            visit.body();
            visit.write(before);
            visit.answer(200, "final");
        });
    }

    private static Stream<Behaviour> withoutBody() {
        return Stream.of(
                that("a 204 has no body", caller -> caller.get("/status/204")).everywhere(),
                that("a 205 has no body", caller -> caller.get("/status/205"))
                        .at(Origin.SCRIPTED, Origin.JETTY, Origin.NGINX),
                that("a 204 with a length is an error", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> visit.write("HTTP/1.1 204 None\r\nContent-Length: 4\r\n\r\nbody")),
                that("a 304 may tell a length and has no body", caller -> {
                            caller.get("/");
                            caller.get("/");
                        })
                        .at((visit, cues) -> visit.write("HTTP/1.1 304 Same\r\nContent-Length: 4\r\n\r\n")),
                that("the answer to a HEAD may tell a length and has no body", caller -> {
                            caller.send(caller.to("/").HEAD());
                            caller.get("/");
                        })
                        .at((visit, cues) -> visit.answer(200, "body")),
                that("no body is read as a stream, as lines and as bytes", caller -> {
                    caller.send(caller.to("/status/204"), BodyHandlers.ofInputStream());
                    caller.send(caller.to("/status/204"), BodyHandlers.ofLines());
                    caller.send(caller.to("/status/204"), BodyHandlers.ofByteArray());
                    caller.send(caller.to("/status/204"), BodyHandlers.discarding());
                }),
                that("a status of a kind that is none is treated alike", caller -> {
                            caller.send(caller.post("/"));
                        })
                        .at((visit, cues) -> visit.answer(777, "what?")),
                that("nobody's own words for a status matter", caller -> caller.get("/"))
                        .at((visit, cues) -> visit.write("HTTP/1.1 200 \r\nContent-Length: 2\r\n\r\nok")));
    }
}
