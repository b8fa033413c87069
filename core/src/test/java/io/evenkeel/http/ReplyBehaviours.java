package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;

/** Replies that are no HTTP, or only just. */
final class ReplyBehaviours {

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private ReplyBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(broken(), cutOff(), odd(), faults()).flatMap(s -> s).toList();
    }

    /** A POST, which nobody repeats, and its reply, after which the server closes. */
    private static Behaviour replied(String name, String reply) {
        return that(name, caller -> caller.send(caller.post("/"))).at((visit, cues) -> {
            visit.body();
            visit.write(reply);
            visit.close();
        });
    }

    private static Stream<Behaviour> broken() {
        return Stream.of(
                replied("a reply of nothing is an error", ""),
                replied("a reply of half a status line is an error", "HTTP/1.1 20"),
                replied("a reply of half a head is an error", OK + "Content-Le"),
                replied("a reply of another protocol is an error", "SSH-2.0-OpenSSH_9.2\r\n"),
                replied("a reply of a version that is none is an error", "HTTP/9.9 200 OK\r\n\r\n"),
                replied("a reply of a status that is none is an error", "HTTP/1.1 abc OK\r\n\r\n"),
                replied("a reply of a status of two digits is an error", "HTTP/1.1 20 OK\r\n\r\n"),
                replied("a reply of empty lines is an error", "\r\n\r\n"),
                replied("a reply in HTTP/2 that nobody asked for is an error", "\0\0\0\4\0\0\0\0\0"),
                replied("a header without a colon is an error", OK + "no colon\r\n\r\n"),
                replied("a header with a blank in its name is an error", OK + "X Y: 1\r\nContent-Length: 0\r\n\r\n"),
                replied("a header without a name is an error", OK + ": 1\r\nContent-Length: 0\r\n\r\n"),
                replied("a header with a zero byte is treated alike", OK + "X-Zero: \0\r\nContent-Length: 0\r\n\r\n"),
                replied("a negative length is an error", OK + "Content-Length: -1\r\n\r\nbody"),
                replied("a length that is no number is an error", OK + "Content-Length: many\r\n\r\nbody"),
                replied(
                        "a length beyond all measure is treated alike",
                        OK + "Content-Length: 99999999999999999999\r\n\r\nbody"),
                replied("two lengths are treated alike", OK + "Content-Length: 4\r\nContent-Length: 2\r\n\r\nbody"),
                replied(
                        "a length and chunks are treated alike",
                        OK + "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n"),
                replied(
                        "a coding of the transfer that nobody knows is treated alike",
                        OK + "Transfer-Encoding: own\r\n\r\nbody"));
    }

    private static Stream<Behaviour> cutOff() {
        return Stream.of(
                replied("a body that is cut off is an error", OK + "Content-Length: 100\r\n\r\nshort"),
                replied("a chunk that is cut off is an error", OK + "Transfer-Encoding: chunked\r\n\r\n8\r\nshort"),
                replied("chunks without an end are an error", OK + "Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n"),
                replied(
                        "a chunk of a size that is none is an error",
                        OK + "Transfer-Encoding: chunked\r\n\r\nxyz\r\nbody\r\n0\r\n\r\n"),
                replied(
                        "a chunk that is longer than it says is an error",
                        OK + "Transfer-Encoding: chunked\r\n\r\n2\r\nbody\r\n0\r\n\r\n"),
                replied("a body without a length ends with the connection", OK + "\r\nall of it"),
                replied("an answer of HTTP/1.0 ends with the connection", "HTTP/1.0 200 OK\r\n\r\nall of it"),
                that("a body that is cut off fails a GET, which is not repeated", caller -> caller.get("/"))
                        .at((visit, cues) -> {
                            visit.begin(200, 100);
                            visit.write("short");
                            visit.close();
                        }));
    }

    private static Stream<Behaviour> odd() {
        return Stream.of(
                replied(
                        "lines that end without a carriage return are treated alike",
                        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"),
                replied(
                        "extensions and trailers of chunks are skipped",
                        OK + "Transfer-Encoding: chunked\r\n\r\n4;a=b\r\nbody\r\n000\r\nX-After: 1\r\n\r\n"),
                that("bytes after a body spoil nothing but the connection", caller -> {
                            caller.send(caller.post("/"));
                            caller.send(caller.post("/"));
                        })
                        .at((visit, cues) -> {
                            visit.body();
                            visit.write(OK + "Content-Length: 2\r\nConnection: close\r\n\r\nok and more");
                            visit.close();
                        }),
                that("a body that comes byte by byte is read", caller -> caller.get("/"))
                        .at((visit, cues) -> {
                            for (char c : (OK + "Content-Length: 4\r\n\r\nbody").toCharArray()) {
                                visit.write(String.valueOf(c));
                            }
                        }));
    }

    private static Stream<Behaviour> faults() {
        return Stream.of(
                that(
                                "an asynchronous POST whose connection closes is an error",
                                caller -> caller.sendAsync(caller.post("/")))
                        .at((visit, cues) -> visit.close())
                        .alsoAtTwo(),
                that("a POST whose connection is reset is an error", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> {
                            visit.body();
                            visit.reset();
                        }),
                that("a GET whose connection closes is sent again", caller -> caller.get("/"))
                        .at((visit, cues) -> visit.close())
                        .alsoAtTwo()
                        .differs(Why.REPEATS, "requests"),
                that("a GET whose first connection closes is answered by the second", caller -> caller.get("/"))
                        .at((visit, cues) -> {
                            if (cues.count("visits").incrementAndGet() == 1) {
                                visit.close();
                            } else {
                                visit.answer(200, "second");
                            }
                        }),
                that(
                                "a PUT whose connection closes is an error",
                                caller -> caller.send(caller.to("/").PUT(BodyPublishers.noBody())))
                        .at((visit, cues) -> visit.close())
                        .differs(Why.REPEATS, "requests"),
                that("a server that closes its connection between two calls is asked by another", caller -> {
                            caller.get("/");
                            caller.cues().await("closed");
                            caller.get("/");
                        })
                        .at((visit, cues) -> {
                            visit.answer(200, "ok");
                            visit.close();
                            cues.give("closed");
                        }),
                unreachable("a server that refuses connections is an error", Origin.NOBODY),
                unreachable("a server whose name nobody knows is an error", Origin.UNKNOWN),
                faulty("an empty reply", "/empty"),
                faulty("a reply that is reset", "/reset"),
                faulty("a reply of random bytes", "/random"),
                faulty("a reply of a good head and random chunks", "/chunk"));
    }

    private static Behaviour unreachable(String name, Origin origin) {
        return that(name, caller -> {
                    caller.get("/");
                    caller.send(caller.post("/"));
                    caller.sendAsync(caller.post("/"));
                })
                .at(origin);
    }

    /** Messages, some of them, quote what came. */
    private static Behaviour faulty(String name, String path) {
        return that(
                        name + " of WireMock fails a POST",
                        caller -> caller.noteClass(
                                () -> caller.client().send(caller.post(path).build(), BodyHandlers.ofString())))
                .at(Origin.WIREMOCK)
                .with(settings -> settings.version(HttpClient.Version.HTTP_1_1));
    }
}
