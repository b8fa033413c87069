package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointStats;
import io.evenkeel.Retry;
import io.evenkeel.Seeds;
import io.evenkeel.balance.LoadBalancer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Copies of requests, which are answered well, at a server of another balancer, which does as it likes. */
@Timeout(60)
class MirrorIT {

    private ScriptedServer good;

    @BeforeEach
    void startServer() throws IOException {
        good = ScriptedServer.answering(200, "good");
    }

    @AfterEach
    void stopServer() throws IOException {
        good.close();
    }

    private static LoadBalancer shadow(Endpoint... endpoints) {
        return LoadBalancer.builder("shadow").endpoints(endpoints).build();
    }

    private Fleet fleet(Route route) {
        return fleet(route, settings -> settings);
    }

    private Fleet fleet(Route route, UnaryOperator<LoadBalancer.Builder> settings) {
        return Fleet.routed(List.of(route), settings, good.endpoint());
    }

    private static void awaitRequests(ScriptedServer server, int requests) {
        Waiting.until(requests + " copies", () -> server.requests().size() >= requests);
    }

    private static void assertNothingInFlight(LoadBalancer shadow) {
        Waiting.until(
                "no copy in flight", () -> shadow.stats().endpoints().stream().allMatch(line -> line.inFlight() == 0));
    }

    @Test
    void aCopyIsTheSameRequestAndItsAnswerIsNobodys() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (ScriptedServer mirror = ScriptedServer.start(visit -> {
                    bodies.add(visit.body());
                    visit.answer(500, "bad", "Set-Cookie: a=b");
                });
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet =
                        fleet(Route.path("/v2/**").rewritePrefix("/v2", "/").mirror(shadow, 1))) {
            HttpRequest.Builder request =
                    Fleet.request("/v2/items?a=b").header("X-Own", "mine").POST(BodyPublishers.ofString("body"));
            assertThat(fleet.send(request).body()).isEqualTo("good");
            awaitRequests(mirror, 1);
            assertThat(mirror.requests().get(0).method()).isEqualTo("POST");
            assertThat(mirror.requests().get(0).target()).isEqualTo("/items?a=b");
            assertThat(headers(mirror)).isEqualTo(headers(good));
            assertThat(mirror.requests().get(0).header("x-own")).isEqualTo("mine");
            Waiting.until("the answer came", () -> stats(shadow).failures() == 1);
            assertThat(bodies).containsExactly("body");
            assertThat(fleet.get("/v1/items").body()).isEqualTo("good");
            assertNothingInFlight(shadow);
            assertThat(mirror.requests()).hasSize(1);
            assertThat(fleet.stats(0).successes()).isEqualTo(2);
        }
    }

    /** Of the first request, but for the address. */
    private static Map<String, List<String>> headers(ScriptedServer server) {
        Map<String, List<String>> headers =
                new TreeMap<>(server.requests().get(0).headers());
        headers.remove("host");
        return headers;
    }

    private static EndpointStats stats(LoadBalancer shadow) {
        return shadow.stats().endpoints().get(0);
    }

    @Test
    void soItIsOfAnAsynchronousRequestWithAHeaderIfThatIsWanted() throws Exception {
        try (ScriptedServer mirror = ScriptedServer.answering(200, "copy");
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet = fleet(Route.any().mirror(shadow, 1, "X-Copy", "yes"))) {
            HttpRequest request = Fleet.request("/")
                    .header("X-Copy", "no")
                    .header("X-Own", "mine")
                    .build();
            assertThat(fleet.client()
                            .sendAsync(request, BodyHandlers.ofString())
                            .get()
                            .body())
                    .isEqualTo("good");
            awaitRequests(mirror, 1);
            assertThat(mirror.requests().get(0).header("x-copy")).isEqualTo("yes");
            assertThat(mirror.requests().get(0).header("x-own")).isEqualTo("mine");
            assertThat(good.requests().get(0).header("x-copy")).isEqualTo("no");
        }
    }

    /** 300 of 1,200, with the standard deviation sqrt(1200 x 0.25 x 0.75) = 15, of which five are tolerated. */
    @Test
    void aShareIsCopied() throws Exception {
        SplittableRandom random = new SplittableRandom(Seeds.of(22));
        try (ScriptedServer mirror = ScriptedServer.answering(200, "copy");
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet = fleet(Route.any().mirror(shadow, 0.25), settings -> settings.random(() -> random))) {
            for (int i = 0; i < 1_200; i++) {
                fleet.get("/");
            }
            awaitRequests(mirror, 225); // of which some may not have begun until now
            assertNothingInFlight(shadow);
            assertThat((double) mirror.requests().size()).isCloseTo(300, within(75.0));
        }
    }

    @Test
    void whatCanBeSentOnlyOnceIsNotCopied() throws Exception {
        List<String> bodies = new CopyOnWriteArrayList<>();
        try (ScriptedServer server = ScriptedServer.start(visit -> {
                    bodies.add(visit.body());
                    visit.answer(200, "good");
                });
                ScriptedServer mirror = ScriptedServer.answering(200, "copy");
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet =
                        Fleet.routed(List.of(Route.any().mirror(shadow, 1)), settings -> settings, server.endpoint())) {
            ByteArrayInputStream once = new ByteArrayInputStream("once".getBytes(StandardCharsets.UTF_8));
            fleet.send(Fleet.request("/once").POST(BodyPublishers.ofInputStream(() -> once)));
            fleet.send(Fleet.request("/twice").POST(BodyPublishers.ofString("twice")));
            awaitRequests(mirror, 1);
            assertThat(mirror.requests().get(0).target()).isEqualTo("/twice");
            assertThat(bodies).containsExactly("once", "twice");
        }
    }

    @Test
    void aMirrorThatIsDownHarmsNobodyAndIsAskedOnce() throws Exception {
        try (LoadBalancer shadow = shadow(ScriptedServer.refusing(), ScriptedServer.refusing());
                Fleet fleet = fleet(Route.any().mirror(shadow, 1))) {
            for (int i = 0; i < 20; i++) {
                assertThat(fleet.get("/").body()).isEqualTo("good");
            }
            Waiting.until("all were ended", () -> shadow.stats().calls() == 20);
            assertNothingInFlight(shadow);
            assertThat(shadow.stats().repeats()).isZero();
            assertThat(fleet.stats(0).successes()).isEqualTo(20);
        }
    }

    @Test
    void soDoesOneThatIsClosedOrHasNoList() throws Exception {
        LoadBalancer closed = shadow(good.endpoint());
        closed.close();
        try (LoadBalancer unlisted =
                        LoadBalancer.builder("shadow").source(to -> () -> {}).build();
                Fleet one = fleet(Route.any().mirror(closed, 1));
                Fleet other = fleet(Route.any().mirror(unlisted, 1))) {
            for (int i = 0; i < 2 * Mirroring.MOST; i++) {
                assertThat(one.get("/").body()).isEqualTo("good");
                assertThat(other.get("/").body()).isEqualTo("good");
            }
            assertThat(good.requests()).hasSize(4 * Mirroring.MOST);
        }
    }

    @Test
    void oneThatHangsHasSomeCopiesAndNoMore() throws Exception {
        AtomicInteger hanging = new AtomicInteger();
        try (ScriptedServer mirror = ScriptedServer.start(visit -> {
                    hanging.incrementAndGet();
                    visit.hang();
                    hanging.decrementAndGet();
                });
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet =
                        fleet(Route.any().mirror(shadow, 1), settings -> settings.deadline(Duration.ofHours(1)))) {
            for (int i = 0; i < 2 * Mirroring.MOST; i++) {
                assertThat(fleet.get("/").body()).isEqualTo("good");
            }
            Waiting.until("as many as may", () -> hanging.get() == Mirroring.MOST);
            assertThat(stats(shadow).inFlight()).isEqualTo(Mirroring.MOST);
            assertThat(fleet.get("/").body()).isEqualTo("good");
            assertThat(shadow.stats().calls()).isEqualTo(Mirroring.MOST);
            fleet.client().shutdown(); // which waits for requests, not for copies
            Waiting.until("all were cancelled", () -> hanging.get() == 0);
            assertNothingInFlight(shadow);
        }
    }

    @Test
    void aCopyHasTheTimeThatTheRequestHas() throws Exception {
        try (ScriptedServer mirror = ScriptedServer.start(ScriptedServer.Visit::hang);
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet own = fleet(Route.any().mirror(shadow, 1));
                Fleet routes =
                        fleet(Route.any().withTimeout(Duration.ofMillis(300)).mirror(shadow, 1));
                Fleet balancers =
                        fleet(Route.any().mirror(shadow, 1), settings -> settings.deadline(Duration.ofMillis(300)))) {
            own.send(Fleet.request("/").timeout(Duration.ofMillis(300)));
            routes.get("/");
            balancers.get("/");
            Waiting.until("each ended at its time", () -> stats(shadow).failures() == 3);
            assertNothingInFlight(shadow);
        }
    }

    @Test
    void aCopyThatEndsMakesRoomForAnother() throws Exception {
        try (ScriptedServer mirror = ScriptedServer.answering(200, "copy");
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet = fleet(Route.any().mirror(shadow, 1))) {
            for (int i = 1; i <= 3 * Mirroring.MOST; i++) {
                fleet.get("/");
                awaitRequests(mirror, i);
                assertNothingInFlight(shadow);
            }
        }
    }

    @Test
    void theBodyOfACopysAnswerIsThrownAway() throws Exception {
        CountDownLatch cut = new CountDownLatch(1);
        try (ScriptedServer mirror = ScriptedServer.start(visit -> {
                    try {
                        visit.begin(200, 1L << 40);
                        byte[] much = new byte[1 << 20];
                        while (true) {
                            visit.write(much);
                        }
                    } catch (IOException e) {
                        cut.countDown();
                    }
                });
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet = fleet(Route.any().mirror(shadow, 1))) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
            Waiting.on(cut);
            assertNothingInFlight(shadow);
        }
    }

    @Test
    void aCopyIsUnderWayToTheEndOfItsBody() throws Exception {
        CountDownLatch rest = new CountDownLatch(1);
        try (ScriptedServer mirror = ScriptedServer.start(visit -> {
                    visit.begin(200, 10);
                    visit.write("begun");
                    Waiting.on(rest);
                    visit.write("ended");
                });
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet = fleet(Route.any().mirror(shadow, 1))) {
            for (int i = 0; i < Mirroring.MOST; i++) {
                fleet.get("/");
            }
            awaitRequests(mirror, Mirroring.MOST);
            assertThat(stats(shadow).inFlight()).isEqualTo(Mirroring.MOST);
            fleet.get("/");
            assertThat(shadow.stats().calls()).isEqualTo(Mirroring.MOST);
            rest.countDown();
            Waiting.until("all have ended well", () -> stats(shadow).successes() == Mirroring.MOST);
            assertNothingInFlight(shadow);
        }
    }

    @Test
    void aBodyThatHangsEndsInTimeAndSoItDoesWithTheClient() throws Exception {
        AtomicInteger hanging = new AtomicInteger();
        try (ScriptedServer mirror = ScriptedServer.start(visit -> {
                    hanging.incrementAndGet();
                    visit.begin(200, 10);
                    visit.hang();
                    hanging.decrementAndGet();
                });
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet inTime =
                        fleet(Route.any().mirror(shadow, 1), settings -> settings.deadline(Duration.ofMillis(200)));
                Fleet client = fleet(Route.any().mirror(shadow, 1))) {
            inTime.get("/");
            awaitRequests(mirror, 1);
            Waiting.until("it was cancelled", () -> hanging.get() == 0);
            assertNothingInFlight(shadow);
            client.get("/");
            awaitRequests(mirror, 2);
            client.client().shutdown();
            Waiting.until("it was cancelled", () -> hanging.get() == 0);
            assertNothingInFlight(shadow);
        }
    }

    @Test
    void aRequestThatFailsIsCopiedAllTheSame() throws Exception {
        try (ScriptedServer hanging = ScriptedServer.start(ScriptedServer.Visit::hang);
                ScriptedServer mirror = ScriptedServer.answering(200, "copy");
                LoadBalancer shadow = shadow(mirror.endpoint());
                Fleet fleet = Fleet.routed(
                        List.of(Route.any().withTimeout(Duration.ofMillis(50)).mirror(shadow, 1)),
                        settings -> settings.retry(Retry.none()),
                        hanging.endpoint())) {
            assertThatExceptionOfType(HttpTimeoutException.class).isThrownBy(() -> fleet.get("/"));
            fleet.awaitIdle();
            Waiting.until("the copy was begun", () -> shadow.stats().calls() == 1);
        }
    }
}
