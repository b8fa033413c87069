package io.evenkeel.http;

import static io.evenkeel.http.Behaviour.that;

import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;

/** How clients are set, and how they end. */
final class LifecycleBehaviours {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(20);

    private LifecycleBehaviours() {}

    static List<Behaviour> all() {
        return Stream.concat(settings(), ends()).toList();
    }

    private static Stream<Behaviour> settings() {
        return Stream.of(
                that("a client of no settings tells its defaults", caller -> {
                            HttpClient client = caller.client();
                            caller.note("redirects", client.followRedirects());
                            caller.note("version", client.version());
                            caller.note("cookies", client.cookieHandler());
                            caller.note("authenticator", client.authenticator());
                            caller.note("proxy", client.proxy());
                            caller.note("connecting", client.connectTimeout());
                            caller.note("executor", client.executor().isPresent());
                        })
                        .differs(Why.TUNED, "connecting", "executor"),
                that("a client tells its settings", caller -> {
                            HttpClient client = caller.client();
                            caller.note("redirects", client.followRedirects());
                            caller.note("version", client.version());
                            caller.note("cookies", client.cookieHandler().map(Object::getClass));
                            caller.note("authenticator", client.authenticator().isPresent());
                            caller.note("proxy", client.proxy().isPresent());
                            caller.note("connecting", client.connectTimeout());
                            caller.note("executor", client.executor().isPresent());
                        })
                        .with(settings -> settings.followRedirects(HttpClient.Redirect.ALWAYS)
                                .version(HttpClient.Version.HTTP_1_1)
                                .cookieHandler(new CookieManager())
                                .authenticator(new Authenticator() {})
                                .proxy(ProxySelector.of(null))
                                .connectTimeout(LONG)
                                .executor(Runnable::run)),
                that("what is done to a client's parameters of TLS changes nothing", caller -> {
                    SSLParameters parameters = caller.client().sslParameters();
                    caller.note("protocols", Arrays.toString(parameters.getProtocols()));
                    parameters.setProtocols(new String[] {"TLSv1.1"});
                    caller.note(
                            "later",
                            Arrays.toString(caller.client().sslParameters().getProtocols()));
                    caller.note("context", caller.client().sslContext().getProtocol());
                }),
                that("a client of HTTP/1.1 asks for no other", caller -> caller.get("/"))
                        .with(settings -> settings.version(HttpClient.Version.HTTP_1_1))
                        .everywhere(),
                that(
                                "a request of HTTP/1.1 asks for no other",
                                caller -> caller.send(caller.to("/").version(HttpClient.Version.HTTP_1_1)))
                        .everywhere(),
                that(
                                "a request of HTTP/2 asks for it",
                                caller -> caller.send(caller.to("/").version(HttpClient.Version.HTTP_2)))
                        .with(settings -> settings.version(HttpClient.Version.HTTP_1_1))
                        .everywhere(),
                that("a connection is used again", caller -> {
                            String first = caller.body("/port");
                            caller.note("same", first.equals(caller.body("/port")));
                            caller.note("same", first.equals(caller.body("/port")));
                        })
                        .everywhere());
    }

    private static void answerLater(ScriptedServer.Visit visit, Cues cues) throws IOException, InterruptedException {
        cues.give("asked");
        cues.await("answer");
        visit.answer(200, "later");
    }

    private static Stream<Behaviour> ends() {
        return Stream.of(
                that("a client that is shut down refuses calls", caller -> {
                            caller.client().shutdown();
                            caller.get("/");
                            caller.sendAsync(caller.to("/"));
                            caller.note("ends", caller.client().awaitTermination(LONG));
                            caller.note("ended", caller.client().isTerminated());
                        })
                        .differs(Why.WORDS, "error", "message"),
                that("a client that is new has not ended", caller -> {
                    caller.note("ended", caller.client().isTerminated());
                    caller.note("ends", caller.client().awaitTermination(SHORT));
                    caller.note("ends", caller.client().awaitTermination(Duration.ZERO));
                    caller.note("ends", caller.client().awaitTermination(Duration.ofSeconds(-1)));
                    caller.noteClass(() -> caller.client().awaitTermination(null));
                }),
                that("a call under way outlives a shutdown", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.to("/"));
                            caller.cues().await("asked");
                            caller.client().shutdown();
                            caller.note("ends", caller.client().awaitTermination(SHORT));
                            caller.cues().give("answer");
                            caller.noteAnswer(answer.get(20, TimeUnit.SECONDS));
                            caller.note("ends", caller.client().awaitTermination(LONG));
                            caller.note("ended", caller.client().isTerminated());
                        })
                        .at(LifecycleBehaviours::answerLater),
                that("a call under way is ended by a shutdown at once", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.post("/"));
                            caller.cues().await("asked");
                            caller.client().shutdownNow();
                            caller.attempt(() -> answer.get(20, TimeUnit.SECONDS));
                            caller.note("ends", caller.client().awaitTermination(LONG));
                            caller.cues().give("answer");
                        })
                        .at(LifecycleBehaviours::answerLater),
                that("a body under way is ended by a shutdown at once", caller -> {
                            InputStream body = caller.client()
                                    .send(caller.to("/").build(), BodyHandlers.ofInputStream())
                                    .body();
                            caller.client().shutdown();
                            caller.note("ended", caller.client().isTerminated());
                            caller.client().shutdownNow();
                            caller.noteClass(body::readAllBytes);
                            caller.note("ends", caller.client().awaitTermination(LONG));
                        })
                        .at((visit, cues) -> {
                            visit.begin(200, 100);
                            visit.hang();
                        }),
                that("closing waits for a call under way", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.to("/"));
                            caller.cues().await("asked");
                            Thread closing = Thread.ofVirtual().start(caller.client()::close);
                            caller.note("closed", closing.join(SHORT));
                            caller.cues().give("answer");
                            caller.note("closed", closing.join(LONG));
                            caller.noteAnswer(answer.get(20, TimeUnit.SECONDS));
                            caller.note("ended", caller.client().isTerminated());
                        })
                        .at(LifecycleBehaviours::answerLater),
                that("an interrupt of closing ends a call under way", caller -> {
                            CompletableFuture<HttpResponse<String>> answer = caller.start(caller.post("/"));
                            caller.cues().await("asked");
                            Thread closing = Thread.ofVirtual().start(() -> {
                                caller.client().close();
                                caller.note(
                                        "interrupted", Thread.currentThread().isInterrupted());
                            });
                            closing.interrupt();
                            caller.note("closed", closing.join(LONG));
                            caller.attempt(() -> answer.get(20, TimeUnit.SECONDS));
                            caller.cues().give("answer");
                        })
                        .at(LifecycleBehaviours::answerLater),
                that("a client may be closed twice", caller -> {
                            caller.get("/");
                            caller.client().close();
                            caller.client().close();
                            caller.client().shutdown();
                            caller.client().shutdownNow();
                            caller.note("ended", caller.client().isTerminated());
                            caller.get("/");
                        })
                        .differs(Why.WORDS, "error", "message"));
    }
}
