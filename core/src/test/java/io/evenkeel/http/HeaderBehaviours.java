package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Headers, of requests and of answers. */
final class HeaderBehaviours {

    private static final List<String> RESTRICTED =
            List.of("Host", "Connection", "Content-Length", "Expect", "Upgrade", "Transfer-Encoding", "Keep-Alive");

    private HeaderBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(ofRequests(), ofAnswers()).flatMap(List::stream).toList();
    }

    private static List<Behaviour> ofRequests() {
        return List.of(
                that(
                                "a header of two values arrives so",
                                caller -> caller.send(
                                        caller.to("/").header("X-Twice", "1").header("X-Twice", "2")))
                        .everywhere(),
                that(
                                "an empty header arrives",
                                caller -> caller.send(caller.to("/").header("X-Empty", "")))
                        .everywhere(),
                that(
                                "a header keeps its blanks and commas",
                                caller -> caller.send(caller.to("/").header("X-Text", "a,  b;c=\"d e\"\t(f)")))
                        .everywhere(),
                that(
                                "a header of 4 kB arrives",
                                caller -> caller.send(caller.to("/").header("X-Long", "x".repeat(4096))))
                        .everywhere(),
                that(
                        "a header of 100 kB arrives",
                        caller -> caller.send(caller.to("/").header("X-Long", "x".repeat(100_000)))),
                that("500 headers arrive", caller -> {
                    var request = caller.to("/");
                    IntStream.range(0, 500).forEach(i -> request.header("X-Number-" + i, "" + i));
                    caller.send(request);
                }),
                that("names of headers keep their case and order", caller -> {
                            caller.send(caller.to("/")
                                    .header("X-b", "1")
                                    .header("x-A", "2")
                                    .header("X-B", "3")
                                    .header("ACCEPT", "*/*"));
                        })
                        .at((visit, cues) -> visit.answer(
                                200,
                                visit.request().lines().stream()
                                        .filter(line -> !line.startsWith("Host:"))
                                        .collect(Collectors.joining("|")))),
                that(
                                "credentials and cookies of the request's own are sent",
                                caller -> caller.send(caller.to("/")
                                        .header("Authorization", "Bearer of news")
                                        .header("Cookie", "a=b")))
                        .everywhere(),
                that(
                                "a User-Agent of the request's own is sent",
                                caller -> caller.send(caller.to("/").header("User-Agent", "own/1")))
                        .everywhere(),
                that("a header that is restricted is refused as the request is made", caller -> {
                    for (String name : RESTRICTED) {
                        caller.attempt(() -> caller.to("/").header(name, "1"));
                    }
                }),
                that("a restricted header of a request that others made is treated alike", caller -> {
                    for (String name : RESTRICTED) {
                        caller.send(handMade(caller, Map.of(name, List.of("1"))), BodyHandlers.ofString());
                    }
                }),
                that("a line break in a header is refused as the request is made", caller -> {
                    caller.attempt(() -> caller.to("/").header("X-Break", "a\r\nX-Injected: b"));
                    caller.attempt(() -> caller.to("/").header("X-Break\n", "a"));
                }),
                that("a line break in a header of a request that others made is never sent", caller -> {
                    for (String value : List.of("a\r\nX-Injected: b", "a\nb", "a\rb", "a\0b")) {
                        caller.send(handMade(caller, Map.of("X-Break", List.of(value))), BodyHandlers.ofString());
                    }
                }),
                that("a name of a header that others made up is treated alike", caller -> {
                    for (String name : List.of("X Y", "", "X:Y", "\u00e4")) {
                        caller.send(handMade(caller, Map.of(name, List.of("1"))), BodyHandlers.ofString());
                    }
                }),
                that("a header of other than ASCII is treated alike", caller -> {
                    for (String value : List.of("\u00e4", "\u20ac")) {
                        caller.attempt(() -> caller.send(caller.to("/").header("X-Text", value)));
                    }
                }),
                that("the server is told the service's name", caller -> caller.note("told", caller.body("/")))
                        .at((visit, cues) -> visit.answer(200, visit.request().header("host")))
                        .differs(Why.HOST, "told"),
                that(
                        "a request for the service's name in upper case is alike",
                        caller -> caller.send(caller.to("/")
                                .uri(URI.create(caller.service().toString().toUpperCase(Locale.ROOT) + "/x")))));
    }

    private static HandMade handMade(Caller caller, Map<String, List<String>> headers) {
        return new HandMade("GET", caller.service() + "/", Optional.empty(), headers);
    }

    private static List<Behaviour> ofAnswers() {
        return List.of(
                answered("headers of many values are seen", "X-Twice: 1", "x-twice: 2", "X-TWICE:3", "X-Empty:"),
                answered("blanks around a header's value are not seen", "X-Blank: \t a b \t"),
                answered("a header of 100 kB is seen", "X-Long: " + "x".repeat(100_000)),
                answered("a header of other than ASCII is seen", "X-Text: \u00e4"),
                answered("a folded header is seen", "X-Folded: a\r\n b"),
                answered("a server may close after its answer", "Connection: close"),
                answered("unknown codings of content are left as they are", "Content-Encoding: gzip"),
                that("too large headers are an error", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> {
                            String line = "x".repeat(50_000);
                            visit.answer(
                                    200,
                                    "",
                                    IntStream.range(0, 20)
                                            .mapToObj(i -> "X-" + i + ": " + line)
                                            .toArray(String[]::new));
                        }),
                that(
                                "trailers are not taken for the body",
                                caller -> caller.send(caller.to("/"), BodyHandlers.ofString()))
                        .at((visit, cues) -> visit.write(String.join(
                                "\r\n",
                                "HTTP/1.1 200 OK",
                                "Transfer-Encoding: chunked",
                                "Trailer: X-After",
                                "",
                                "4",
                                "body",
                                "0",
                                "X-After: all",
                                "",
                                ""))));
    }

    private static Behaviour answered(String name, String... headers) {
        return that(name, caller -> {
                    caller.get("/");
                    caller.send(caller.post("/", BodyPublishers.ofString("next")));
                })
                .at((visit, cues) -> visit.answer(200, "body", headers));
    }
}
