package io.evenkeel.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.evenkeel.Endpoint;
import io.evenkeel.OverloadedException;
import io.evenkeel.Retry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class Http2IT {

    private static WireMockServer first;
    private static WireMockServer second;

    @BeforeAll
    static void startServers() {
        first = new WireMockServer(
                wireMockConfig().bindAddress("127.0.0.1").dynamicPort().jettyStopTimeout(100L));
        second = new WireMockServer(
                wireMockConfig().bindAddress("127.0.0.1").dynamicPort().jettyStopTimeout(100L));
        first.start();
        second.start();
    }

    @AfterAll
    static void stopServers() {
        first.stop();
        second.stop();
    }

    @BeforeEach
    void forget() {
        first.resetAll();
        second.resetAll();
        first.stubFor(any(anyUrl()).willReturn(ok("first")));
        second.stubFor(any(anyUrl()).willReturn(ok("second")));
    }

    private static Fleet fleet() {
        return Fleet.of(settings -> settings, Endpoint.of(first.baseUrl()), Endpoint.of(second.baseUrl()));
    }

    @Test
    void callsTravelOverHttp2WhereTheServerSpeaksIt() throws Exception {
        try (Fleet fleet = fleet()) {
            fleet.get("/");
            HttpResponse<String> response = fleet.get("/items/1?a=%20");
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(response.body()).isEqualTo("first");
            assertThat(first.getAllServeEvents().get(0).getRequest().getUrl()).isEqualTo("/items/1?a=%20");
            fleet.awaitIdle();
        }
    }

    @Test
    void manyCallsAtOnceAllEnd() throws Exception {
        try (Fleet fleet = fleet()) {
            fleet.get("/");
            List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 50)
                    .mapToObj(
                            i -> fleet.client().sendAsync(Fleet.request("/" + i).build(), BodyHandlers.ofString()))
                    .toList();
            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void busyAnswerIsRepeatedElsewhere() throws Exception {
        try (Fleet fleet = fleet()) {
            fleet.get("/");
            first.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(503).withBody("busy")));
            assertThat(fleet.send(Fleet.request("/").PUT(BodyPublishers.ofString("body")))
                            .body())
                    .isEqualTo("second");
            assertThat(fleet.stats(0).overloaded()).isEqualTo(1);
            fleet.awaitIdle();
        }
    }

    @Test
    void lateHeadersAreATimeout() throws Exception {
        try (Fleet fleet = Fleet.of(
                settings -> settings.retry(Retry.upTo(2).withAttemptTimeout(Duration.ofSeconds(2))),
                Endpoint.of(first.baseUrl()),
                Endpoint.of(second.baseUrl()))) {
            fleet.get("/");
            first.stubFor(get(urlEqualTo("/late")).willReturn(ok("late").withFixedDelay(20_000)));
            assertThat(fleet.get("/late").body()).isEqualTo("second");
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.get("/").body()).isEqualTo("first");
            fleet.awaitIdle();
        }
    }

    @Test
    void cancelledCallSaysNothingOfTheReplica() throws Exception {
        try (Fleet fleet = fleet()) {
            fleet.get("/");
            first.stubFor(get(urlEqualTo("/late")).willReturn(ok("late").withFixedDelay(20_000)));
            CompletableFuture<HttpResponse<String>> call =
                    fleet.client().sendAsync(Fleet.request("/late").build(), BodyHandlers.ofString());
            call.cancel(true);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.stats(0).ignored()).isEqualTo(1);
            assertThat(fleet.get("/").version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    @Test
    void streamThatIsClosedEarlyEndsItsCallAndNotItsConnection() throws Exception {
        try (Fleet fleet = fleet()) {
            fleet.get("/");
            first.stubFor(get(urlEqualTo("/large")).willReturn(ok("x".repeat(5_000_000))));
            InputStream body = fleet.client()
                    .send(Fleet.request("/large").build(), BodyHandlers.ofInputStream())
                    .body();
            assertThat(body.readNBytes(3)).hasSize(3);
            assertThat(fleet.inFlight()).isEqualTo(1);
            body.close();
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.get("/").version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    // A peer's limit of streams.

    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int ACKNOWLEDGED = 1;

    /** Speaks as much HTTP/2 as it takes to allow one stream at a time; answers on the first, and never again. */
    private static void allowOneStream(ScriptedServer.Visit visit, CountDownLatch taken) throws IOException {
        visit.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
        visit.write(new byte[] {0, 0, 6, SETTINGS, 0, 0, 0, 0, 0, /* MAX_CONCURRENT_STREAMS */ 0, 3, 0, 0, 0, 1});
        InputStream in = visit.in();
        in.readNBytes("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length());
        for (byte[] head = in.readNBytes(9); head.length == 9; head = in.readNBytes(9)) {
            in.readNBytes((head[0] & 255) << 16 | (head[1] & 255) << 8 | (head[2] & 255));
            if (head[3] == SETTINGS && head[4] == ACKNOWLEDGED) {
                visit.write(new byte[] {0, 0, 1, HEADERS, /* END_STREAM, END_HEADERS */ 5, 0, 0, 0, 1, /* 200 */ -120});
            } else if (head[3] == SETTINGS) {
                visit.write(new byte[] {0, 0, 0, SETTINGS, ACKNOWLEDGED, 0, 0, 0, 0});
            } else if (head[3] == HEADERS) {
                taken.countDown();
            }
        }
    }

    private static CompletableFuture<?> takeTheOnlyStream(Fleet fleet, CountDownLatch taken) throws Exception {
        assertThat(fleet.get("/").version()).isEqualTo(HttpClient.Version.HTTP_2);
        CompletableFuture<?> only =
                fleet.client().sendAsync(Fleet.request("/only").build(), BodyHandlers.ofString());
        Waiting.on(taken);
        return only;
    }

    /** Bears one stream on its first connection, and speaks HTTP/1.1 on the others. */
    private static ScriptedServer narrow(CountDownLatch taken) throws IOException {
        AtomicInteger connections = new AtomicInteger();
        return ScriptedServer.start(visit -> {
            if (connections.getAndIncrement() == 0) {
                allowOneStream(visit, taken);
            } else {
                visit.answer(200, "on another: " + visit.body());
            }
        });
    }

    @Test
    void callBeyondTheLimitOfStreamsGoesByAnotherConnection() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        try (ScriptedServer narrow = narrow(taken);
                Fleet fleet = Fleet.of(settings -> settings.retry(Retry.none()), narrow)) {
            CompletableFuture<?> only = takeTheOnlyStream(fleet, taken);
            assertThat(fleet.send(Fleet.request("/").POST(BodyPublishers.ofString("body")))
                            .body())
                    .isEqualTo("on another: body");
            assertThat(fleet.client()
                            .sendAsync(
                                    Fleet.request("/")
                                            .POST(BodyPublishers.ofString("async"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .join()
                            .body())
                    .isEqualTo("on another: async");
            assertThat(fleet.stats(0).failures()).isZero();
            only.cancel(true);
            fleet.awaitIdle();
        }
    }

    @Test
    void callBeyondTheLimitOfStreamsOfAHostThatIsNotBalancedFailsAsWithTheJdksClient() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        try (ScriptedServer narrow = narrow(taken);
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)),
                        settings -> settings,
                        ScriptedServer.refusing())) {
            HttpClient client = fleet.client();
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(narrow.uri() + "/")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).version()).isEqualTo(HttpClient.Version.HTTP_2);
            CompletableFuture<?> only = client.sendAsync(request, BodyHandlers.ofString());
            Waiting.on(taken);
            assertThat(catchThrowable(() -> client.send(request, BodyHandlers.ofString())))
                    .hasMessageContaining("too many concurrent streams");
            assertThat(catchThrowable(() ->
                            client.sendAsync(request, BodyHandlers.ofString()).join()))
                    .hasMessageContaining("too many concurrent streams");
            only.cancel(true);
        }
    }

    @Test
    void cancellingACallOnAnotherConnectionEndsIt() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        AtomicInteger connections = new AtomicInteger();
        try (ScriptedServer narrow = ScriptedServer.start(visit -> {
                    if (connections.getAndIncrement() == 0) {
                        allowOneStream(visit, taken);
                    } else {
                        there.countDown();
                        visit.hang();
                        gone.countDown();
                    }
                });
                Fleet fleet = Fleet.of(narrow)) {
            CompletableFuture<?> only = takeTheOnlyStream(fleet, taken);
            CompletableFuture<?> other =
                    fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString());
            Waiting.on(there);
            other.cancel(true);
            Waiting.on(gone);
            only.cancel(true);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void manyCallsBeyondTheLimitOfStreamsAllEnd() throws Exception {
        WireMockServer few = new WireMockServer(wireMockConfig()
                .bindAddress("127.0.0.1")
                .dynamicPort()
                .jettyStopTimeout(100L)
                .containerThreads(250));
        few.start();
        few.stubFor(any(anyUrl()).willReturn(ok("slow").withFixedDelay(300)));
        try (Fleet fleet = Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(30))),
                settings -> settings.retry(Retry.none()).deadline(Duration.ofSeconds(30)),
                Endpoint.of(few.baseUrl()))) {
            assertThat(fleet.get("/").version()).isEqualTo(HttpClient.Version.HTTP_2);
            List<CompletableFuture<HttpResponse<String>>> calls = IntStream.range(0, 150) // Jetty bears 128 on each
                    .mapToObj(
                            i -> fleet.client().sendAsync(Fleet.request("/" + i).build(), BodyHandlers.ofString()))
                    .toList();
            assertThat(calls)
                    .allSatisfy(call -> assertThat(call.join().statusCode()).isEqualTo(200));
            assertThat(fleet.stats(0).successes()).isEqualTo(151);
            fleet.awaitIdle();
        } finally {
            few.stop();
        }
    }

    // A transport that is given has one connection.

    private static Fleet onGiven(HttpClient jdk, Retry retry, Endpoint... endpoints) {
        return Fleet.of(BalancedHttpClient.builder().transport(jdk), settings -> settings.retry(retry), endpoints);
    }

    @Test
    void tooManyStreamsIsNoFailureAndSentElsewhereWhateverTheMethod() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        try (ScriptedServer narrow = narrow(taken);
                HttpClient jdk = HttpClient.newHttpClient();
                Fleet fleet = onGiven(jdk, Retry.upTo(3), narrow.endpoint(), Endpoint.of(second.baseUrl()))) {
            CompletableFuture<?> only = takeTheOnlyStream(fleet, taken);
            HttpResponse<String> response = fleet.send(Fleet.request("/").POST(BodyPublishers.ofString("body")));
            assertThat(response.body()).isEqualTo("second");
            assertThat(fleet.stats(0).failures()).isZero();
            only.cancel(true);
            fleet.awaitIdle();
        }
    }

    @Test
    void tooManyStreamsIsAnOverloadWhereNobodyElseIsLeft() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        try (ScriptedServer narrow = narrow(taken);
                HttpClient jdk = HttpClient.newHttpClient();
                Fleet fleet = onGiven(jdk, Retry.none(), narrow.endpoint())) {
            CompletableFuture<?> only = takeTheOnlyStream(fleet, taken);
            assertThat(catchThrowable(() -> fleet.get("/")))
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("127.0.0.1:" + narrow.port())
                    .hasStackTraceContaining("too many concurrent streams");
            assertThat(catchThrowable(() -> fleet.client()
                            .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                            .join()))
                    .hasCauseInstanceOf(OverloadedException.class);
            assertThat(fleet.stats(0).failures()).isZero();
            only.cancel(true);
            fleet.awaitIdle();
        }
    }
}
