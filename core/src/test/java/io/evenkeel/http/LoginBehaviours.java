package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.CookiePolicy;
import java.net.HttpCookie;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Cookies and credentials that the client keeps. */
final class LoginBehaviours {

    private LoginBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(credentials(), cookies(), oddHandlers())
                .flatMap(behaviours -> behaviours)
                .toList();
    }

    /** Who knows a word, and remembers what it was asked for. */
    private static final class Knowing extends Authenticator {

        private final String word;
        private final List<String> asked = new CopyOnWriteArrayList<>();

        Knowing(String word) {
            this.word = word;
        }

        @Override
        protected PasswordAuthentication getPasswordAuthentication() {
            asked.add(getRequestorType() + " " + getRequestingHost() + ":" + getRequestingPort() + " "
                    + getRequestingScheme() + " " + getRequestingPrompt() + " " + getRequestingURL());
            return new PasswordAuthentication("user", word.toCharArray());
        }
    }

    private static UnaryOperator<HttpClient.Builder> knowing(String word) {
        return settings -> settings.authenticator(new Knowing(word));
    }

    /** Lets in who knows the word. */
    private static void ask(ScriptedServer.Visit visit, Cues cues) throws IOException {
        boolean known = visit.request().header("authorization").equals("Basic dXNlcjp3b3Jk");
        if (known) {
            Echo.serve(visit);
        } else {
            visit.answer(401, "who?", "WWW-Authenticate: Basic realm=\"here\"");
        }
    }

    private static Stream<Behaviour> credentials() {
        return Stream.of(
                that("a 401 is the answer of a client without an authenticator", caller -> caller.get("/"))
                        .at(LoginBehaviours::ask),
                that("a challenge is met by the authenticator", caller -> {
                            caller.get("/");
                            caller.send(caller.post("/", BodyPublishers.ofString("body")));
                        })
                        .at(LoginBehaviours::ask)
                        .with(knowing("word"))
                        .alsoAtTwo()
                        .differs(Why.CREDENTIALS, Set.of(Origin.PAIR), "requests", "previous"),
                that("an asynchronous call meets a challenge, too", caller -> caller.sendAsync(caller.to("/")))
                        .at(LoginBehaviours::ask)
                        .with(knowing("word")),
                that("a wrong word is tried a few times", caller -> caller.send(caller.post("/")))
                        .at(LoginBehaviours::ask)
                        .with(knowing("wrong")),
                that(
                                "a 401 that challenges nobody is an error to an authenticator",
                                caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> visit.answer(401, "who?"))
                        .with(knowing("word")),
                that("a 401 that challenges nobody is an answer without", caller -> caller.get("/"))
                        .at((visit, cues) -> visit.answer(401, "who?")),
                that("a challenge of another scheme is left to the caller", caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> visit.answer(401, "who?", "WWW-Authenticate: Bearer realm=\"here\""))
                        .with(knowing("word")),
                that("an authenticator is told who asks", caller -> {
                            caller.get("/x");
                            Authenticator authenticator =
                                    caller.client().authenticator().orElseThrow();
                            caller.note("asked", ((Knowing) authenticator).asked);
                        })
                        .at(LoginBehaviours::ask)
                        .with(knowing("word"))
                        .differs(Why.CREDENTIALS, "asked"),
                that("a 407 of a server that is no proxy is treated alike", caller -> {
                            caller.send(caller.post("/"));
                        })
                        .at((visit, cues) -> visit.answer(407, "who?", "Proxy-Authenticate: Basic realm=\"here\"")),
                that(
                                "a 407 of a server that is no proxy is treated alike by an authenticator",
                                caller -> caller.send(caller.post("/")))
                        .at((visit, cues) -> visit.answer(407, "who?", "Proxy-Authenticate: Basic realm=\"here\""))
                        .with(knowing("word")));
    }

    private static HttpClient.Builder keeping(HttpClient.Builder settings) {
        return settings.cookieHandler(new CookieManager(null, CookiePolicy.ACCEPT_ORIGINAL_SERVER));
    }

    /** Whom it refuses, it gives a cookie to. */
    private static void askWithCookie(ScriptedServer.Visit visit, Cues cues) throws IOException {
        if (visit.request().header("authorization").isEmpty()) {
            visit.answer(401, "who?", "WWW-Authenticate: Basic realm=\"here\"", "Set-Cookie: a=1; Path=/");
        } else {
            visit.answer(200, "ok");
        }
    }

    private static Behaviour given(String name, String... cookies) {
        return that(name, caller -> {
                    caller.get("/shop/in");
                    caller.get("/shop/on");
                    caller.get("/else");
                    noteCookies(caller);
                })
                .at((visit, cues) -> visit.answer(
                        200,
                        "ok",
                        visit.request().target().equals("/shop/in")
                                ? Stream.of(cookies)
                                        .map(cookie -> "Set-Cookie: " + cookie)
                                        .toArray(String[]::new)
                                : new String[0]))
                .with(LoginBehaviours::keeping);
    }

    private static void noteCookies(Caller caller) {
        CookieHandler handler = caller.client().cookieHandler().orElseThrow();
        for (HttpCookie cookie : ((CookieManager) handler).getCookieStore().getCookies()) {
            caller.note("cookie", cookie + " of " + cookie.getDomain() + cookie.getPath());
        }
    }

    private static Stream<Behaviour> cookies() {
        return Stream.of(
                that("a client without a cookie handler keeps no cookie", caller -> {
                            caller.get("/");
                            caller.get("/");
                        })
                        .at((visit, cues) -> visit.answer(200, "ok", "Set-Cookie: a=1")),
                given("a cookie is the host's and returned to it", "a=1", "b=2").alsoAtTwo(),
                given("a cookie of the service's domain is kept", "a=1; Domain=" + Site.NAME),
                given("a cookie of another domain is not kept", "a=1; Domain=other.test"),
                given("a cookie of a path is returned there", "a=1; Path=/shop"),
                given("a cookie that is over is not returned", "a=1", "a=1; Max-Age=0"),
                given("a secure cookie is not returned in clear", "a=1; Secure"),
                that("a request's own cookie and those that are kept are sent", caller -> {
                            caller.get("/");
                            caller.send(caller.to("/").header("Cookie", "own=1"));
                        })
                        .at((visit, cues) -> visit.answer(200, "ok", "Set-Cookie: kept=1"))
                        .with(LoginBehaviours::keeping),
                that("a challenge that sets a cookie is met by the authenticator", caller -> {
                            caller.send(caller.post("/"));
                            caller.send(caller.post("/again"));
                            noteCookies(caller);
                        })
                        .at(LoginBehaviours::askWithCookie)
                        .with(settings -> keeping(knowing("word").apply(settings)))
                        .differs(Why.COOKIES, "requests"),
                that("a cookie of a redirect is sent where it leads", caller -> caller.get("/"))
                        .at((visit, cues) -> {
                            if (visit.request().target().equals("/")) {
                                visit.answer(302, "", "Location: /there", "Set-Cookie: a=1; Path=/");
                            } else {
                                visit.answer(200, "there");
                            }
                        })
                        .with(settings -> keeping(settings).followRedirects(HttpClient.Redirect.NORMAL)));
    }

    /** A handler that gives what it was told to, and keeps nothing. */
    private static class Giving extends CookieHandler {

        private final Map<String, List<String>> cookies;

        Giving(Map<String, List<String>> cookies) {
            this.cookies = cookies;
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            return cookies;
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            // it keeps none
        }
    }

    private static Behaviour handled(String name, Supplier<CookieHandler> handler, Behaviour.Act act) {
        return that(name, act).with(settings -> settings.cookieHandler(handler.get()));
    }

    private static Stream<Behaviour> oddHandlers() {
        Behaviour.Act send = caller -> caller.send(caller.post("/"));
        Behaviour.Act sendAsync = caller -> caller.sendAsync(caller.post("/"));
        return Stream.of(
                handled(
                        "cookies that no header can have are left out",
                        () -> new Giving(
                                Map.of("Cookie", List.of("a=\u0000", "b=2", "c=\u20ac", "d=\u007f", "e=\u00e4"))),
                        send),
                handled(
                        "a handler may have no list of cookies",
                        () -> new Giving(Collections.singletonMap("Cookie", null)),
                        send),
                handled("what a handler of cookies throws when asked is an error", Asked::new, send),
                handled("what a handler of cookies throws when asked is an error of a future", Asked::new, sendAsync),
                handled("what a handler of cookies throws when told is an error", Told::new, send)
                        .sinceJdk(25) // 21 tells it otherwise
                        .differs(Why.WORDS, "error", "message"),
                handled("what a handler of cookies throws when told is an error of a future", Told::new, sendAsync)
                        .sinceJdk(25),
                handled(
                        "what a handler of cookies fails with when told is an error of a future",
                        Failing::new,
                        sendAsync));
    }

    private static final class Asked extends Giving {

        Asked() {
            super(Map.of());
        }

        @Override
        public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
            throw new IllegalStateException("no cookies today");
        }
    }

    private static final class Told extends Giving {

        Told() {
            super(Map.of());
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) {
            throw new IllegalStateException("no cookies, please");
        }
    }

    private static final class Failing extends Giving {

        Failing() {
            super(Map.of());
        }

        @Override
        public void put(URI uri, Map<String, List<String>> headers) throws IOException {
            throw new IOException("no cookies, please");
        }
    }
}
