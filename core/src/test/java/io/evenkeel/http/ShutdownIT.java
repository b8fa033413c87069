package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ends of a client's life, as Java 21 defines them. */
@Timeout(60)
class ShutdownIT {

    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(50);

    private final CountDownLatch released = new CountDownLatch(1);
    private ScriptedServer slow;
    private ScriptedServer good;

    @BeforeEach
    void startServers() throws IOException {
        slow = ScriptedServer.start(visit -> {
            visit.body();
            Waiting.on(released);
            visit.answer(200, "slow");
        });
        good = ScriptedServer.answering(200, "good");
    }

    @AfterEach
    void stopServers() throws IOException {
        released.countDown();
        slow.close();
        good.close();
    }

    private CompletableFuture<HttpResponse<String>> underWay(Fleet fleet) {
        CompletableFuture<HttpResponse<String>> response =
                fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString());
        Waiting.until("the request is there", () -> !slow.requests().isEmpty());
        return response;
    }

    @Test
    void shutdownLetsCallsUnderWayFinishAndRefusesNewOnes() throws Exception {
        try (Fleet fleet = Fleet.of(slow)) {
            HttpClient client = fleet.client();
            CompletableFuture<HttpResponse<String>> async = underWay(fleet);
            CompletableFuture<HttpResponse<String>> blocking = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                try {
                    blocking.complete(fleet.get("/"));
                } catch (IOException | InterruptedException e) {
                    blocking.completeExceptionally(e);
                }
            });
            Waiting.until("both requests are there", () -> slow.requests().size() == 2);

            client.shutdown();
            assertThatIOException().isThrownBy(() -> fleet.get("/new"));
            assertThat(client.sendAsync(Fleet.request("/new").build(), BodyHandlers.ofString()))
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(IOException.class);
            assertThat(client.isTerminated()).isFalse();
            assertThat(client.awaitTermination(SHORT)).isFalse();

            released.countDown();
            assertThat(async.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
            assertThat(blocking.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
            assertThat(client.awaitTermination(LONG)).isTrue();
            assertThat(client.isTerminated()).isTrue();
            assertThat(slow.requests()).hasSize(2);
        }
    }

    @Test
    void shutdownRefusesRequestsThatAreNotBalancedToo() throws Exception {
        try (Fleet fleet = Fleet.of(slow)) {
            fleet.client().shutdown();
            HttpRequest direct = HttpRequest.newBuilder(URI.create(good.uri())).build();
            assertThatIOException().isThrownBy(() -> fleet.client().send(direct, BodyHandlers.ofString()));
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void callUnderWayIsStillRepeatedAfterAShutdown() throws Exception {
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    Waiting.on(released);
                    visit.reset();
                });
                Fleet fleet = Fleet.of(bad, good)) {
            CompletableFuture<HttpResponse<String>> response = fleet.client()
                    .sendAsync(
                            Fleet.request("/")
                                    .PUT(BodyPublishers.ofString("body"))
                                    .build(),
                            BodyHandlers.ofString());
            Waiting.until("the request is there", () -> bad.requests().size() == 1);
            fleet.client().shutdown();
            released.countDown();
            assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("good");
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.client().awaitTermination(LONG)).isTrue();
        }
    }

    @Test
    void unusedClientTerminatesAtOnce() throws Exception {
        try (Fleet fleet = Fleet.of(slow)) {
            assertThat(fleet.client().isTerminated()).isFalse();
            fleet.client().shutdown();
            assertThat(fleet.client().awaitTermination(LONG)).isTrue();
            fleet.client().close();
            fleet.client().close();
            assertThat(fleet.client().isTerminated()).isTrue();
        }
    }

    @Test
    void ownTransportTerminatesWithTheLastBody() throws Exception {
        try (Fleet fleet = Fleet.of(
                BalancedHttpClient.builder(),
                settings -> settings,
                ScriptedServer.start(visit -> {
                            visit.begin(200, 4);
                            Waiting.on(released);
                            visit.write("body");
                        })
                        .endpoint())) {
            InputStream body = fleet.client()
                    .send(Fleet.request("/").build(), BodyHandlers.ofInputStream())
                    .body();
            fleet.client().shutdown();
            assertThat(fleet.client().awaitTermination(SHORT)).isFalse();
            released.countDown();
            assertThat(body).hasContent("body");
            assertThat(fleet.client().awaitTermination(LONG)).isTrue();
        }
    }

    @Test
    void shutdownNowEndsCallsUnderWayAndSaysNothingOfTheReplica() throws Exception {
        try (Fleet fleet = Fleet.of(slow, good)) {
            CompletableFuture<HttpResponse<String>> response = underWay(fleet);
            fleet.client().shutdownNow();
            assertThat(response)
                    .failsWithin(LONG)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(IOException.class);
            assertThat(fleet.client().awaitTermination(LONG)).isTrue();
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.stats(0).ignored()).isEqualTo(1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void shutdownNowEndsABodyAndSaysNothingOfTheReplica() throws Exception {
        try (ScriptedServer endless = ScriptedServer.start(visit -> {
                    visit.begin(200, 1000);
                    visit.hang();
                });
                Fleet fleet = Fleet.of(endless)) {
            InputStream body = fleet.client()
                    .send(Fleet.request("/").build(), BodyHandlers.ofInputStream())
                    .body();
            fleet.client().shutdownNow();
            assertThat(catchThrowable(body::readAllBytes)).isInstanceOf(IOException.class);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void givenTransportStaysOpen() throws Exception {
        try (HttpClient transport = HttpClient.newHttpClient()) {
            HttpRequest direct = HttpRequest.newBuilder(URI.create(good.uri())).build();
            try (Fleet fleet = Fleet.on(transport, good)) {
                fleet.get("/");
                fleet.client().close();
                assertThat(fleet.client().isTerminated()).isTrue();
                assertThatIOException().isThrownBy(() -> fleet.get("/"));
            }
            try (Fleet fleet = Fleet.on(transport, good)) {
                fleet.client().shutdownNow();
                assertThat(fleet.client().awaitTermination(LONG)).isTrue();
            }
            assertThat(transport.isTerminated()).isFalse();
            assertThat(transport.send(direct, BodyHandlers.ofString()).body()).isEqualTo("good");
        }
    }

    @Test
    void clientOnAGivenTransportWaitsForItsCalls() throws Exception {
        try (HttpClient transport = HttpClient.newHttpClient();
                Fleet fleet = Fleet.on(transport, slow)) {
            CompletableFuture<HttpResponse<String>> response = underWay(fleet);
            fleet.client().shutdownNow();
            assertThat(fleet.client().isTerminated()).isFalse();
            assertThat(fleet.client().awaitTermination(SHORT)).isFalse();
            released.countDown();
            assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
            assertThat(fleet.client().awaitTermination(LONG)).isTrue();
        }
    }

    @Test
    void closeWaitsForCallsUnderWay() throws Exception {
        try (Fleet fleet = Fleet.of(slow)) {
            CompletableFuture<HttpResponse<String>> response = underWay(fleet);
            CompletableFuture<Void> closed = new CompletableFuture<>();
            Thread closing = Thread.ofVirtual().start(() -> {
                fleet.client().close();
                closed.complete(null);
            });
            Waiting.until("close waits", () -> closing.getState() == Thread.State.TIMED_WAITING);
            assertThat(closed).isNotDone();
            released.countDown();
            assertThat(closed).succeedsWithin(LONG);
            assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
            assertThat(fleet.client().isTerminated()).isTrue();
        }
    }

    @Test
    void interruptedCloseEndsCallsUnderWay() throws Exception {
        try (Fleet fleet = Fleet.of(slow)) {
            CompletableFuture<HttpResponse<String>> response = underWay(fleet);
            CompletableFuture<Boolean> stillInterrupted = new CompletableFuture<>();
            Thread closing = Thread.ofVirtual().start(() -> {
                fleet.client().close();
                stillInterrupted.complete(Thread.currentThread().isInterrupted());
            });
            Waiting.until("close waits", () -> closing.getState() == Thread.State.TIMED_WAITING);
            closing.interrupt();
            assertThat(stillInterrupted).succeedsWithin(LONG).isEqualTo(true);
            assertThat(response).failsWithin(LONG).withThrowableOfType(ExecutionException.class);
        }
    }

    @Test
    void balancerOutlivesItsClient() throws Exception {
        try (LoadBalancer orders =
                LoadBalancer.builder("orders").endpoints(good.uri()).build()) {
            HttpRequest request = Fleet.request("/").build();
            try (HttpClient client = BalancedHttpClient.of(orders)) {
                client.send(request, BodyHandlers.ofString());
            }
            try (HttpClient client = BalancedHttpClient.of(orders)) {
                assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("good");
            }
        }
    }

    @Test
    void clientOutlivesItsBalancer() throws Exception {
        try (Fleet fleet = Fleet.of(good)) {
            fleet.balancer().close();
            assertThatIOException().isThrownBy(() -> fleet.get("/")).withMessageContaining("orders is closed");
            HttpRequest direct = HttpRequest.newBuilder(URI.create(good.uri())).build();
            assertThat(fleet.client().send(direct, BodyHandlers.ofString()).body())
                    .isEqualTo("good");
        }
    }

    @Test
    void callUnderWayFinishesThoughItsBalancerIsClosed() throws Exception {
        try (Fleet fleet = Fleet.of(slow)) {
            CompletableFuture<HttpResponse<String>> response = underWay(fleet);
            fleet.balancer().close();
            released.countDown();
            assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("slow");
        }
    }

    @Test
    void stalledBodyOfAnAnswerThatWasRepeatedDoesNotKeepAClientOpen() throws Exception {
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.begin(503, 10);
                    visit.hang();
                });
                Fleet fleet = Fleet.of(bad, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
            fleet.client().shutdown();
            assertThat(fleet.client().awaitTermination(Duration.ofSeconds(10))).isTrue();
        }
    }
}
