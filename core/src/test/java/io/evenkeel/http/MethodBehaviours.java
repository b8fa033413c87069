package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;

/** Methods, and requests that are none. */
final class MethodBehaviours {

    private MethodBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                that("a GET is answered", caller -> caller.get("/items/42")).everywhere(),
                that("an asynchronous GET is answered", caller -> caller.sendAsync(caller.to("/items/42")))
                        .everywhere(),
                that(
                                "a HEAD has headers and no body",
                                caller -> caller.send(caller.to("/large").HEAD()))
                        .everywhere(),
                that("a POST brings its body", caller -> caller.send(caller.post("/", BodyPublishers.ofString("new"))))
                        .everywhere(),
                withBody("PUT").everywhere(),
                withBody("PATCH").everywhere(),
                withBody("DELETE").everywhere(),
                withBody("GET").everywhere(),
                withBody("OPTIONS").everywhere(),
                withBody("PURGE").everywhere(),
                withBody("sub-scribe"),
                that(
                                "a DELETE needs no body",
                                caller -> caller.send(caller.to("/").DELETE()))
                        .everywhere(),
                that(
                                "a TRACE is answered",
                                caller -> caller.send(caller.to("/").method("TRACE", BodyPublishers.noBody())))
                        .everywhere(),
                that(
                        "a method in lower case stays so",
                        caller -> caller.send(caller.to("/").method("get", BodyPublishers.noBody()))),
                that(
                        "a CONNECT is refused",
                        caller -> caller.attempt(() -> caller.client()
                                .send(handMade("CONNECT", caller.service() + "/"), BodyHandlers.ofString()))),
                that(
                                "an asynchronous CONNECT is refused at once",
                                caller -> caller.attempt(() -> caller.client()
                                        .sendAsync(
                                                handMade("CONNECT", caller.service() + "/"), BodyHandlers.ofString())))
                        .differs(Why.LATE_REFUSAL, "error", "message"),
                that(
                        "a method that is no token is refused",
                        caller -> caller.send(handMade("BAD METHOD", caller.service() + "/"), BodyHandlers.ofString())),
                that(
                        "a request that others made is sent as the JDK's is",
                        caller -> caller.send(
                                new HandMade(
                                        "PUT",
                                        caller.service() + "/x",
                                        Optional.of(BodyPublishers.ofString("by hand"))),
                                BodyHandlers.ofString())));
    }

    private static Behaviour withBody(String method) {
        return that(
                "a " + method + " may have a body",
                caller -> caller.send(caller.to("/").method(method, BodyPublishers.ofString("of " + method))));
    }

    private static HttpRequest handMade(String method, String uri) {
        return new HandMade(method, uri, Optional.empty());
    }
}
