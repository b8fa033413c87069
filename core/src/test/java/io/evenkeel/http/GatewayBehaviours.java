package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.net.InetSocketAddress;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Set;

/** What nginx and HAProxy say by themselves. */
final class GatewayBehaviours {

    private GatewayBehaviours() {}

    static List<Behaviour> all() {
        return List.of(
                that("a file of nginx is read, and parts of it, and whether it is new", caller -> {
                            caller.get("/page.txt");
                            caller.send(caller.to("/page.txt").header("Range", "bytes=2-5"));
                            caller.send(caller.to("/page.txt").header("Range", "bytes=99-"));
                            caller.send(caller.to("/page.txt")
                                    .header("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT"));
                            caller.send(caller.to("/page.txt").HEAD());
                            caller.send(caller.post("/page.txt"));
                        })
                        .at(Origin.NGINX, Origin.NGINX_H2),
                that("a file is put into nginx, and taken out", caller -> {
                            String path = "/store/" + Thread.currentThread().threadId();
                            caller.note("put", status(caller, path, "PUT"));
                            caller.note("content", caller.body(path));
                            caller.note("deleted", status(caller, path, "DELETE"));
                            caller.note("deleted", status(caller, path, "DELETE"));
                        })
                        .at(Origin.NGINX, Origin.NGINX_H2),
                that(
                                "a body that is too large for nginx is refused",
                                caller ->
                                        caller.send(caller.post("/small", BodyPublishers.ofByteArray(new byte[2000]))))
                        .at(Origin.NGINX, Origin.NGINX_H2),
                that("a connection that nginx ends after its answer is followed by another", caller -> {
                            caller.get("/last");
                            caller.get("/last");
                            caller.get("/last");
                        })
                        .at(Origin.NGINX, Origin.NGINX_H2),
                that(
                                "a POST whose connection is closed by a gateway is an error",
                                caller -> caller.send(caller.post("/closed")))
                        .at(Origin.NGINX, Origin.HAPROXY),
                that("a stream that nginx closes is an error", caller -> caller.send(caller.post("/closed")))
                        .at(Origin.NGINX_H2),
                that("a gateway whose server is away says so", caller -> {
                            caller.get("/away");
                            caller.send(caller.post("/away"));
                        })
                        .at(Origin.NGINX, Origin.NGINX_H2, Origin.HAPROXY, Origin.HAPROXY_H2),
                that("a gateway that turns a call away is not asked again", caller -> caller.get("/busy"))
                        .at(Origin.HAPROXY, Origin.HAPROXY_H2),
                that("a redirect of a gateway is given", caller -> caller.get("/moved"))
                        .at(Origin.NGINX, Origin.HAPROXY, Origin.NGINX_H2, Origin.HAPROXY_H2)
                        .differs(Why.HOST, Set.of(Origin.NGINX, Origin.NGINX_H2), "headers"),
                that("a redirect of a gateway is followed", caller -> caller.get("/moved"))
                        .at(Origin.NGINX, Origin.HAPROXY, Origin.NGINX_H2, Origin.HAPROXY_H2)
                        .with(settings -> settings.followRedirects(Redirect.NORMAL)),
                that("a client calls from the address that it is told to", caller -> caller.get("/address"))
                        .at(Origin.NGINX)
                        .with(settings -> settings.localAddress(new InetSocketAddress("127.0.0.3", 0).getAddress())),
                that(
                                "HAProxy tells what it was asked",
                                caller -> caller.send(caller.to("/told?x=%20").header("X-Own", "1")))
                        .at(Origin.HAPROXY, Origin.HAPROXY_H2));
    }

    private static int status(Caller caller, String path, String method) throws Exception {
        return caller.client()
                .send(
                        caller.to(path)
                                .method(
                                        method,
                                        method.equals("PUT")
                                                ? BodyPublishers.ofString("stored")
                                                : BodyPublishers.noBody())
                                .build(),
                        BodyHandlers.ofString())
                .statusCode();
    }
}
