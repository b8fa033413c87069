package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Who calls a service by a client, and notes what comes of it. */
final class Caller implements AutoCloseable {

    private static final int SHORT = 2000;

    private final HttpClient client;
    private final URI service;
    private final Observation seen = new Observation();
    private final Cues cues;
    private final List<ScriptedServer> others = new CopyOnWriteArrayList<>();

    Caller(HttpClient client, URI service, Cues cues) {
        this.client = client;
        this.service = service;
        this.cues = cues;
    }

    HttpClient client() {
        return client;
    }

    /** Without a path. */
    URI service() {
        return service;
    }

    Cues cues() {
        return cues;
    }

    Observation seen() {
        return seen;
    }

    /** Of the servers that it started. */
    Set<Integer> ports() {
        return others.stream().map(ScriptedServer::port).collect(Collectors.toSet());
    }

    @Override
    public void close() throws IOException {
        for (ScriptedServer server : others) {
            server.close();
        }
    }

    void note(String what, Object value) {
        seen.note(what, value);
    }

    HttpRequest.Builder to(String pathAndQuery) {
        return HttpRequest.newBuilder(URI.create(service + pathAndQuery));
    }

    HttpRequest.Builder post(String path, BodyPublisher body) {
        return to(path).POST(body);
    }

    HttpRequest.Builder post(String path) {
        return post(path, BodyPublishers.noBody());
    }

    // Each of these notes the answer, or the error

    void get(String pathAndQuery) throws Exception {
        send(to(pathAndQuery));
    }

    void send(HttpRequest.Builder request) throws Exception {
        send(request.build(), BodyHandlers.ofString());
    }

    <T> void send(HttpRequest.Builder request, BodyHandler<T> handler) throws Exception {
        send(request.build(), handler);
    }

    <T> void send(HttpRequest request, BodyHandler<T> handler) throws Exception {
        attempt(() -> noteAnswer(client.send(request, handler)));
    }

    /** By {@code sendAsync}; waits. */
    <T> void sendAsync(HttpRequest request, BodyHandler<T> handler) {
        attempt(() -> noteAnswer(client.sendAsync(request, handler).get(20, TimeUnit.SECONDS)));
    }

    void sendAsync(HttpRequest.Builder request) {
        sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Of a GET; notes nothing. */
    String body(String path) throws Exception {
        return client.send(to(path).build(), BodyHandlers.ofString()).body();
    }

    /** Starts another server, which is ended with this. */
    ScriptedServer another(ScriptedServer.Script script) throws IOException {
        ScriptedServer server = ScriptedServer.start(script);
        others.add(server);
        return server;
    }

    /** Begins one, and notes nothing. */
    CompletableFuture<HttpResponse<String>> start(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), BodyHandlers.ofString());
    }

    /** Does something and notes its error, if there is one. */
    void attempt(ThrowingCallable something) {
        try {
            something.call();
        } catch (Throwable error) {
            seen.noteError(error);
        }
    }

    /** The same of its class alone, where its words or its causes are chance. */
    void noteClass(ThrowingCallable something) {
        try {
            something.call();
            note("error", "none");
        } catch (Throwable error) {
            note("error", unwrapped(error).getClass());
        }
    }

    /** Of what is to fail, whether it is by such an error, where the rest is chance. */
    void noteWhether(Class<? extends Throwable> expected, ThrowingCallable something) {
        try {
            something.call();
            note("error", "none");
        } catch (Throwable error) {
            note("error", expected.isInstance(error) ? expected : error);
        }
    }

    private static Throwable unwrapped(Throwable error) {
        return error instanceof ExecutionException || error instanceof CompletionException ? error.getCause() : error;
    }

    void noteAnswer(HttpResponse<?> response) throws Exception {
        note("status", response.statusCode());
        note("version", response.version());
        note("headers", plain(response.headers()));
        note("uri", response.uri());
        note("request", text(response.request()));
        note("previous", response.previousResponse().map(Caller::text).orElse("none"));
        note("tls", response.sslSession().isPresent());
        note("text", response);
        note("body", read(response.body()));
    }

    /** In words: its method, URI and headers. */
    static String text(HttpRequest request) {
        return request.method() + " " + request.uri() + " " + plain(request.headers()) + " " + request.version() + " "
                + request.timeout() + " " + request.expectContinue() + " "
                + request.bodyPublisher().isPresent();
    }

    private static String text(HttpResponse<?> response) {
        return response + ", body " + response.body() + ", request " + text(response.request()) + ", before: "
                + response.previousResponse().map(Caller::text).orElse("none");
    }

    /** Without what is another in each run. */
    private static Map<String, List<String>> plain(HttpHeaders headers) {
        Map<String, List<String>> all = new TreeMap<>(headers.map());
        all.keySet().removeIf(name -> name.equalsIgnoreCase("date"));
        return all;
    }

    /** All of a body, as a text. */
    static String read(Object body) throws Exception {
        return switch (body) {
            case null -> "null";
            case byte[] bytes -> read(bytes);
            case InputStream in -> read(in.readAllBytes());
            case Stream<?> lines -> lines.toList().toString();
            case Path file -> read(Files.readAllBytes(file));
            default -> body.toString();
        };
    }

    private static String read(byte[] bytes) {
        return bytes.length < SHORT
                ? new String(bytes, UTF_8)
                : bytes.length + " bytes of the hash " + Arrays.hashCode(bytes);
    }
}
