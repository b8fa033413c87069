package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/** Certificates, of servers and of callers, and what TLS is used for. */
final class TlsBehaviours {

    private TlsBehaviours() {}

    static List<Behaviour> all() {
        return Stream.of(certificates(), mutual(), sessions(), redirects())
                .flatMap(s -> s)
                .toList();
    }

    private static Behaviour called(String name) {
        return that(name, caller -> {
            caller.get("/");
            caller.sendAsync(caller.post("/"));
        });
    }

    private static Stream<Behaviour> certificates() {
        return Stream.of(
                called("a certificate of an authority that is trusted is taken").at(Origin.TLS),
                called("a certificate with the service's name alone is taken").at(Origin.TLS_NAME),
                called("a certificate of another name is refused").at(Origin.TLS_WRONG),
                called("a certificate that has expired is refused").at(Origin.TLS_EXPIRED),
                called("a certificate of an unknown authority is refused").at(Origin.TLS_STRANGER),
                called("a certificate that nobody trusts is refused by a client of no settings")
                        .at(Origin.TLS)
                        .with(settings ->
                                settings.sslContext(HttpClient.newHttpClient().sslContext())));
    }

    private static Stream<Behaviour> mutual() {
        return Stream.of(
                called("a caller's certificate is shown where one is asked for")
                        .at(Origin.JETTY_MUTUAL, Origin.NGINX_MUTUAL, Origin.HAPROXY_MUTUAL)
                        .with(settings -> settings.sslContext(Certificates.TRUSTING_AND_KNOWN)),
                that(
                                "a caller without a certificate is turned away where one is asked for",
                                caller -> caller.noteWhether(
                                        IOException.class, // of TLS, or of the connection
                                        () -> caller.client()
                                                .send(caller.post("/").build(), BodyHandlers.ofString())))
                        .at(Origin.JETTY_MUTUAL, Origin.HAPROXY_MUTUAL),
                called("a caller without a certificate is told so by nginx").at(Origin.NGINX_MUTUAL));
    }

    private static Stream<Behaviour> sessions() {
        return Stream.of(
                that("an answer has a session of TLS", caller -> caller.note("session", session(caller)))
                        .at(Origin.TLS, Origin.JETTY_H2, Origin.NGINX_H2, Origin.HAPROXY_H2),
                that(
                                "the session's peer is the service",
                                caller -> caller.attempt(() -> {
                                    SSLSession session = caller.client()
                                            .send(caller.to("/").build(), BodyHandlers.ofString())
                                            .sslSession()
                                            .orElseThrow();
                                    caller.note("peer", session.getPeerHost());
                                }))
                        .at(Origin.TLS, Origin.JETTY_H2),
                that("the client's parameters of TLS count", caller -> caller.note("session", session(caller)))
                        .at(Origin.TLS, Origin.JETTY_H2, Origin.NGINX_H2)
                        .with(settings -> settings.sslParameters(new SSLParameters(
                                new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}, new String[] {"TLSv1.2"}))),
                that("the server is asked for by its name", caller -> caller.note("told", caller.body("/tls")))
                        .at(Origin.NGINX_H2, Origin.HAPROXY_H2));
    }

    private static String session(Caller caller) throws Exception {
        HttpResponse<String> answer = caller.client().send(caller.to("/").build(), BodyHandlers.ofString());
        SSLSession session = answer.sslSession().orElseThrow();
        return session.getProtocol() + " " + session.getPeerPrincipal() + " " + answer.version();
    }

    private static Stream<Behaviour> redirects() {
        return Stream.of(
                redirected("a redirect out of TLS is followed by who always does", Redirect.ALWAYS),
                redirected("a redirect out of TLS is not followed by others", Redirect.NORMAL));
    }

    private static Behaviour redirected(String name, Redirect policy) {
        return that(name, caller -> {
                    ScriptedServer plain = caller.another(visit -> visit.answer(200, "in clear"));
                    caller.get("/?http://other.test:" + plain.port() + "/there");
                })
                .at((visit, cues) -> visit.answer(
                        302, "", "Location: " + visit.request().target().substring("/?".length())))
                .at(Origin.TLS)
                .with(settings -> settings.followRedirects(policy));
    }
}
