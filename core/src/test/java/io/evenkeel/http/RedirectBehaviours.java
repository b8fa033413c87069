package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Redirects, by each policy of the client. */
final class RedirectBehaviours {

    private static final byte[] BODY = "body".getBytes(UTF_8);
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    /** Far less than the timeout, but three of it are more. */
    private static final Duration STEP = Duration.ofMillis(1_500);

    private RedirectBehaviours() {}

    private static HttpClient.Builder normally(HttpClient.Builder settings) {
        return settings.followRedirects(Redirect.NORMAL);
    }

    private static HttpClient.Builder always(HttpClient.Builder settings) {
        return settings.followRedirects(Redirect.ALWAYS);
    }

    private static HttpClient.Builder never(HttpClient.Builder settings) {
        return settings.followRedirects(Redirect.NEVER);
    }

    static List<Behaviour> all() {
        return Stream.of(notFollowed(), byStatus(), ofBodies(), elsewhere(), slow(), wrong())
                .flatMap(s -> s)
                .toList();
    }

    /** {@code /302?/there} is redirected by that status to that place. */
    private static void redirect(ScriptedServer.Visit visit, Cues cues) throws IOException {
        String target = visit.request().target();
        int query = target.indexOf('?');
        if (query < 0) {
            Echo.serve(visit);
        } else {
            visit.answer(
                    Integer.parseInt(target.substring(1, query)),
                    "over there",
                    "Location: " + target.substring(query + 1));
        }
    }

    private static Behaviour redirected(String name, Behaviour.Act act) {
        return that(name, act).at(RedirectBehaviours::redirect);
    }

    private static Stream<Behaviour> notFollowed() {
        return Stream.of(
                redirected("a client of no settings follows no redirect", caller -> caller.get("/302?/there")),
                redirected("a client that is not to follow redirects follows none", caller -> caller.get("/302?/there"))
                        .with(RedirectBehaviours::never),
                redirected("a 300, a 304, a 305 and a 306 are not followed", caller -> {
                            for (int status : List.of(300, 304, 305, 306)) {
                                caller.get("/" + status + "?/there");
                            }
                        })
                        .with(RedirectBehaviours::always));
    }

    private static Stream<Behaviour> byStatus() {
        return IntStream.of(301, 302, 303, 307, 308)
                .boxed()
                .flatMap(status -> Stream.of(
                        redirected("a GET is followed by " + status, caller -> caller.get("/" + status + "?/there"))
                                .with(RedirectBehaviours::normally)
                                .alsoAtTwo(),
                        redirected(
                                        "a POST is followed by " + status,
                                        caller -> caller.send(
                                                caller.post("/" + status + "?/there", BodyPublishers.ofString("body"))))
                                .with(RedirectBehaviours::normally)));
    }

    /** Each is subscribed to again. */
    private static Stream<Behaviour> ofBodies() {
        return Stream.of(
                ofBody("a stream", () -> BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(BODY))),
                ofBody("a stream that gives its bytes once", () -> {
                    ByteArrayInputStream once = new ByteArrayInputStream(BODY);
                    return BodyPublishers.ofInputStream(() -> once);
                }),
                ofBody("parts", () -> BodyPublishers.ofByteArrays(List.of(BODY, BODY))),
                ofBody(
                        "several",
                        () -> BodyPublishers.concat(
                                BodyPublishers.ofByteArray(BODY), BodyPublishers.ofByteArrays(List.of(BODY)))),
                ofBody("another publisher", () -> BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(BODY))));
    }

    private static Behaviour ofBody(String name, Supplier<BodyPublisher> body) {
        return redirected("a body of " + name + " is sent again by a 307 and a 308", caller -> {
                    caller.send(caller.post("/307?/there", body.get()));
                    caller.send(caller.post("/308?/there", body.get()));
                })
                .with(RedirectBehaviours::normally);
    }

    private static String elsewhere(Caller caller) {
        return "/302?" + caller.service().toString().replace(Site.NAME, "other.test") + "/there";
    }

    private static Stream<Behaviour> elsewhere() {
        return Stream.of(
                redirected("an asynchronous call follows, too", caller -> caller.sendAsync(caller.to("/302?/there")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "a redirect to the service's own name is followed",
                                caller -> caller.get("/302?" + caller.service() + "/there"))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "a redirect to another host is followed",
                                caller ->
                                        caller.send(caller.to(elsewhere(caller)).header("X-Own", "kept")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "credentials of the request's own stay with the service",
                                caller -> caller.send(caller.to("/302?" + caller.service() + "/there")
                                        .header("Authorization", "Bearer of news")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "credentials of the request's own stay, by a relative redirect",
                                caller ->
                                        caller.send(caller.to("/302?/there").header("Authorization", "Bearer of news")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "credentials of the request's own do not go to another host",
                                caller -> caller.send(
                                        caller.to(elsewhere(caller)).header("Authorization", "Bearer of news")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "what a request tells of its host does not go to another",
                                caller -> caller.send(caller.to(elsewhere(caller))
                                        .header("Cookie", "own=1")
                                        .header("Origin", "http://page.test")
                                        .header("Referer", "http://page.test/secret")
                                        .header("X-Own", "kept")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "what a request tells of its host goes along to another path",
                                caller -> caller.send(caller.to("/302?/there")
                                        .header("Cookie", "own=1")
                                        .header("Origin", "http://page.test")
                                        .header("Referer", "http://page.test/secret")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "credentials for a proxy stay, by a relative redirect",
                                caller -> caller.send(
                                        caller.to("/302?/there").header("Proxy-Authorization", "Basic dXNlcjp3b3Jk")))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "credentials for a proxy do not go to another host",
                                caller -> caller.send(caller.to(elsewhere(caller))
                                        .header("Proxy-Authorization", "Basic dXNlcjp3b3Jk")))
                        .with(RedirectBehaviours::normally)
                        .differs(Why.PROXY, "request"),
                redirected("a redirect by a relative path is followed", caller -> caller.get("/302?there"))
                        .with(RedirectBehaviours::normally),
                redirected("two redirects are followed one after the other", caller -> caller.get("/302?/301?/there"))
                        .with(RedirectBehaviours::normally),
                redirected(
                                "a handler is asked once, for the last answer",
                                caller -> caller.send(caller.to("/302?/there"), answer -> {
                                    caller.note("asked", answer.statusCode());
                                    return BodyHandlers.ofString().apply(answer);
                                }))
                        .with(RedirectBehaviours::always));
    }

    private static Stream<Behaviour> slow() {
        return Stream.of(that(
                        "two redirects, each answered in time, take longer together than the timeout",
                        caller -> caller.noteWhether(
                                HttpTimeoutException.class,
                                () -> caller.client()
                                        .send(
                                                caller.to("/302?/301?/there")
                                                        .timeout(TIMEOUT)
                                                        .build(),
                                                BodyHandlers.ofString())))
                .at((visit, cues) -> {
                    long begin = System.nanoTime();
                    Waiting.until("a step is over", () -> System.nanoTime() - begin >= STEP.toNanos());
                    redirect(visit, cues);
                })
                .with(RedirectBehaviours::normally)
                .whateverArrives()
                .differs(Why.TIMEOUT, "error"));
    }

    private static Stream<Behaviour> wrong() {
        return Stream.of(
                that("a redirect to itself ends some time", caller -> caller.get("/"))
                        .at((visit, cues) -> visit.answer(302, "again", "Location: /"))
                        .with(RedirectBehaviours::normally),
                that("a redirect to nowhere is an error", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> visit.answer(302, "where?"))
                        .with(RedirectBehaviours::normally)
                        .differs(Why.WORDS, "error", "message"),
                that("a redirect to what is no URI is an error", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> visit.answer(302, "where?", "Location: http://a b/"))
                        .with(RedirectBehaviours::normally)
                        .differs(Why.WORDS, "error", "message"),
                that(
                                "a redirect to a server that refuses connections is an error",
                                caller -> caller.send(caller.post(
                                        "/302?" + ScriptedServer.refusing().uri())))
                        .at(RedirectBehaviours::redirect)
                        .with(RedirectBehaviours::normally)
                        .whateverArrives());
    }
}
