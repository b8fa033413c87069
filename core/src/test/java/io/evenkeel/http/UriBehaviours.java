package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What is asked for, and of whom. */
final class UriBehaviours {

    private UriBehaviours() {}

    static List<Behaviour> all() {
        return Stream.concat(written(), refused()).toList();
    }

    private static Stream<Behaviour> written() {
        return Stream.of(
                asked("an empty path is asked for as the root", "").everywhere(),
                asked("a query without a path is asked for at the root", "?a=b").everywhere(),
                asked("an empty query stays", "/x?").everywhere(),
                asked("escapes are left as they are", "/a%2Fb/c%20d%2fe?x=%26&y=%2f+z&&w")
                        .everywhere(),
                asked("slashes and dots are left as they are", "//a//b/./c/../d;e=f,g:h@i")
                        .everywhere(),
                asked("a query may have a URI in it", "/q?url=http://other/%3F?x")
                        .everywhere(),
                asked("other than ASCII is escaped", "/\u20ac/\u00e4?\u00fc=\u20ac")
                        .everywhere(),
                asked("a fragment is not sent", "/x?y#z").everywhere(),
                asked("an escaped zero is left as it is", "/a%00b"),
                asked("a target of 8 kB arrives", "/" + "x".repeat(8000)),
                that(
                        "credentials in a URI are not sent",
                        caller -> sendTo(caller, caller.service().toString().replace("://", "://user:word@") + "/x")),
                that(
                        "another host of the same server is asked as it is",
                        caller -> sendTo(caller, caller.service().toString().replace(Site.NAME, "other.test") + "/x")),
                that(
                        "an address is asked as it is",
                        caller -> sendTo(caller, caller.service().toString().replace(Site.NAME, "127.0.0.1") + "/x")),
                that("an address of IPv6 is asked", caller -> caller.get("/x")).at(Origin.SIX),
                that(
                        "a scheme in upper case is a scheme",
                        caller -> sendTo(caller, caller.service().toString().replace("http:", "HTTP:") + "/x")));
    }

    private static Behaviour asked(String name, String pathAndQuery) {
        return that(name, caller -> caller.get(pathAndQuery));
    }

    private static Stream<Behaviour> refused() {
        return Stream.of(
                built("a URI without a host is refused as the request is made", "http:///x"),
                built("a URI of another scheme is refused as the request is made", "ftp://" + Site.NAME + "/x"),
                built("a URI without a scheme is refused as the request is made", "//" + Site.NAME + "/x"),
                made("a URI without a host is refused, whoever made the request", "http:///x"),
                made("a URI of another scheme is refused, whoever made the request", "ftp://" + Site.NAME + "/x"),
                made("a URI of a WebSocket is refused, whoever made the request", "ws://" + Site.NAME + "/x"),
                made("a URI without a scheme is refused, whoever made the request", "//" + Site.NAME + "/x"),
                made("a URI of a name that cannot be a host's is treated alike", "http://under_score/x"),
                that(
                        "a name that nobody knows is an error",
                        caller -> caller.send(HttpRequest.newBuilder(URI.create("http://nowhere.test/")))));
    }

    private static Behaviour built(String name, String uri) {
        return that(name, caller -> caller.attempt(() -> HttpRequest.newBuilder(URI.create(uri))));
    }

    private static Behaviour made(String name, String uri) {
        return that(name, caller -> caller.send(new HandMade("GET", uri, Optional.empty()), BodyHandlers.ofString()));
    }

    private static void sendTo(Caller caller, String uri) throws Exception {
        caller.send(HttpRequest.newBuilder(URI.create(uri)));
    }
}
