package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Retry;
import io.evenkeel.VirtualTime;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lower bounds on what took how long are exact but for the clock's grain; upper ones leave room for a slow machine. */
@Timeout(60)
class DeadlineIT {

    private static final Duration SHORT = Duration.ofMillis(400);
    /** Long enough for a slow machine to send a request in half of it. */
    private static final Duration ROOMY = Duration.ofMillis(1_500);

    private static final Duration LONG = Duration.ofSeconds(20);

    private ScriptedServer hanging;
    private ScriptedServer hangingToo;
    private ScriptedServer hangingAsWell;
    private ScriptedServer good;

    @BeforeEach
    void startServers() throws IOException {
        hanging = ScriptedServer.start(ScriptedServer.Visit::hang);
        hangingToo = ScriptedServer.start(ScriptedServer.Visit::hang);
        hangingAsWell = ScriptedServer.start(ScriptedServer.Visit::hang);
        good = ScriptedServer.answering(200, "good");
    }

    @AfterEach
    void stopServers() throws IOException {
        hanging.close();
        hangingToo.close();
        hangingAsWell.close();
        good.close();
    }

    /** How long {@code call} took to fail, and with what. */
    private record Failure(Throwable error, Duration after) {

        static Failure of(ThrowingCallable call) {
            long start = System.nanoTime();
            Throwable error = catchThrowable(call);
            return new Failure(error, Duration.ofNanos(System.nanoTime() - start));
        }

        Failure isTimeoutAfter(Duration timeout) {
            assertThat(error).isInstanceOf(HttpTimeoutException.class);
            assertThat(after).isBetween(timeout.minusMillis(20), timeout.plus(LONG));
            return this;
        }
    }

    @Test
    void timeoutOfTheRequestBoundsAllAttempts() throws Exception {
        try (Fleet fleet = Fleet.of(hanging, hangingToo, hangingAsWell)) {
            Failure.of(() -> fleet.send(Fleet.request("/").timeout(ROOMY))).isTimeoutAfter(ROOMY);
            assertThat(hanging.requests()).hasSize(1);
            assertThat(hangingToo.requests()).hasSize(1);
            assertThat(hangingAsWell.requests()).hasSizeLessThanOrEqualTo(1);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            fleet.awaitIdle();
        }
    }

    @Test
    void timeoutOfAnAsynchronousRequestBoundsAllAttempts() throws Exception {
        try (Fleet fleet = Fleet.of(hanging, hangingToo, hangingAsWell)) {
            HttpRequest request = Fleet.request("/").timeout(ROOMY).build();
            Failure failure = Failure.of(() -> {
                try {
                    fleet.client().sendAsync(request, BodyHandlers.ofString()).join();
                } catch (CompletionException e) {
                    throw e.getCause();
                }
            });
            failure.isTimeoutAfter(ROOMY);
            assertThat(hangingToo.requests()).hasSize(1);
            fleet.awaitIdle();
        }
    }

    @Test
    void hangingReplicaLeavesTimeForAnother() throws Exception {
        try (Fleet fleet = Fleet.of(hanging, good)) {
            assertThat(fleet.send(Fleet.request("/").timeout(Duration.ofSeconds(4)))
                            .body())
                    .isEqualTo("good");
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void deadlineOfTheBalancerBoundsARequestThatBringsNone() throws Exception {
        try (Fleet fleet = Fleet.of(settings -> settings.deadline(SHORT), hanging)) {
            Failure.of(() -> fleet.send(Fleet.request("/").POST(BodyPublishers.noBody())))
                    .isTimeoutAfter(SHORT);
        }
    }

    @Test
    void timeoutOfTheRequestGoesBeforeTheDeadlineOfTheBalancer() throws Exception {
        try (Fleet fleet = Fleet.of(settings -> settings.deadline(Duration.ofNanos(1)), good)) {
            assertThat(fleet.send(Fleet.request("/").timeout(LONG)).statusCode())
                    .isEqualTo(200);
            assertThat(catchThrowable(() -> fleet.get("/"))).isInstanceOf(HttpTimeoutException.class);
            assertThat(good.requests()).hasSize(1);
        }
    }

    @Test
    void requestThatMayNotBeRepeatedGetsAllOfTheTime() throws Exception {
        try (Fleet fleet = Fleet.of(hanging, good)) {
            Failure.of(() -> fleet.send(Fleet.request("/").timeout(ROOMY).POST(BodyPublishers.ofString("once"))))
                    .isTimeoutAfter(ROOMY);
            assertThat(hanging.requests()).hasSize(1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void attemptTimeoutBoundsEachAttempt() throws Exception {
        try (Fleet fleet = Fleet.of(
                settings -> settings.retry(Retry.upTo(2).withAttemptTimeout(Duration.ofMillis(150))),
                hanging,
                hangingToo,
                good)) {
            Failure.of(() -> fleet.get("/")).isTimeoutAfter(Duration.ofMillis(300));
            assertThat(fleet.balancer().stats().repeats()).isEqualTo(1);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void connectingThatTakesTooLongIsAConnectTimeout() throws Exception {
        try (FullBacklog full = new FullBacklog();
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder().transport(HttpClient::newBuilder),
                        settings -> settings,
                        full.endpoint())) {
            Failure failure = Failure.of(
                    () -> fleet.send(Fleet.request("/").timeout(SHORT).POST(BodyPublishers.noBody())));
            failure.isTimeoutAfter(SHORT);
            assertThat(failure.error).isInstanceOf(HttpConnectTimeoutException.class);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            fleet.awaitIdle();
        }
    }

    @Test
    void callThatGaveTooLittleTimeForConnectingEjectsNobody() throws Exception {
        try (FullBacklog full = new FullBacklog();
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = Fleet.of(settings -> settings, full.endpoint(), good.endpoint())) {
            for (int i = 0; i < 4; i++) {
                HttpRequest.Builder request = Fleet.request("/").timeout(Duration.ofMillis(200));
                assertThat(fleet.send(request).body()).isEqualTo("good"); // half of it for connecting
            }
            fleet.balancer().weight(good.endpoint(), 2); // an update, which would act on what was noted
            assertThat(fleet.stats(0).failures()).isPositive();
            assertThat(fleet.stats(0).state()).isEqualTo(EndpointState.UP);
        }
    }

    @Test
    void postGoesElsewhereWhenConnectingTakesTooLong() throws Exception {
        try (FullBacklog full = new FullBacklog();
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().connectTimeout(Duration.ofMillis(200))),
                        settings -> settings,
                        full.endpoint(),
                        good.endpoint())) {
            assertThat(fleet.send(Fleet.request("/").POST(BodyPublishers.ofString("once")))
                            .body())
                    .isEqualTo("good");
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void ownTransportGivesUpConnectingAfterASecond() throws Exception {
        try (FullBacklog full = new FullBacklog();
                Fleet fleet = Fleet.of(settings -> settings, full.endpoint(), good.endpoint())) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
        }
    }

    @Test
    void answerAfterTheDeadlineIsNotRepeatedButDelivered() throws Exception {
        VirtualTime time = new VirtualTime();
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    time.advance(Duration.ofSeconds(30));
                    visit.answer(503, "slow");
                });
                Fleet fleet = Fleet.of(
                        settings -> settings.clock(time).scheduler(time).deadline(LONG), slow, good)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("slow");
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void errorAfterTheDeadlineIsNotRepeated() throws Exception {
        VirtualTime time = new VirtualTime();
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    time.advance(Duration.ofSeconds(30));
                    visit.reset();
                });
                Fleet fleet = Fleet.of(
                        settings -> settings.clock(time).scheduler(time).deadline(LONG), slow, good)) {
            assertThat(catchThrowable(() -> fleet.send(Fleet.request("/").PUT(BodyPublishers.noBody()))))
                    .isInstanceOf(IOException.class);
            assertThat(good.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void listThatComesAfterTheDeadlineIsTooLate(String method) throws Exception {
        VirtualTime time = new VirtualTime();
        CompletableFuture<EndpointSource.Listener> asked = new CompletableFuture<>();
        EndpointSource late = listener -> {
            asked.complete(listener);
            return () -> {};
        };
        // The clock alone is virtual: no timer fires, as on a machine whose scheduler is late
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                        .source(late)
                        .clock(time)
                        .deadline(LONG)
                        .build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            CompletableFuture<HttpResponse<String>> response = client.sendAsync(
                    Fleet.request("/").method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            time.advance(LONG.multipliedBy(2));
            asked.join().endpoints(List.of(good.endpoint()));
            assertThat(catchThrowable(response::join)).hasCauseInstanceOf(HttpTimeoutException.class);
            assertThat(good.requests()).isEmpty();
            assertThat(orders.stats().endpoints().get(0).inFlight()).isZero();
        }
    }

    @Test
    void bodyMayTakeLongerThanTheTimeout() throws Exception {
        assumeTrue(Runtime.version().feature() < 26, "newer JDKs bound the body, too");
        CountDownLatch later = new CountDownLatch(1);
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    visit.begin(200, 4);
                    Waiting.on(later);
                    visit.write("slow");
                });
                Fleet fleet = Fleet.of(slow);
                Fleet other = Fleet.of(hanging)) {
            CompletableFuture<HttpResponse<String>> response =
                    fleet.client().sendAsync(Fleet.request("/").timeout(ROOMY).build(), BodyHandlers.ofString());
            Waiting.until("it has begun", () -> slow.requests().size() == 1);
            Failure.of(() -> other.send(Fleet.request("/").timeout(ROOMY.multipliedBy(2))))
                    .isTimeoutAfter(ROOMY.multipliedBy(2));
            later.countDown();
            assertThat(response.join().body()).isEqualTo("slow");
        }
    }

    @Test
    void callWaitsForAFirstListUntilItsDeadline() {
        EndpointSource mute = listener -> {
            listener.failed(new IllegalStateException("registry is away"));
            return () -> {};
        };
        try (LoadBalancer orders = LoadBalancer.builder("orders").source(mute).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            HttpRequest request =
                    Fleet.request("/").timeout(Duration.ofMillis(200)).build();
            assertThat(catchThrowable(() -> client.send(request, BodyHandlers.ofString())))
                    .isInstanceOf(NoEndpointException.class)
                    .hasMessageContaining("orders")
                    .hasStackTraceContaining("registry is away");
            assertThat(catchThrowable(() ->
                            client.sendAsync(request, BodyHandlers.ofString()).join()))
                    .hasCauseInstanceOf(NoEndpointException.class);
        }
    }

    @Test
    void callWaitsForAFirstListAndIsSent() throws Exception {
        CompletableFuture<EndpointSource.Listener> asked = new CompletableFuture<>();
        EndpointSource late = listener -> {
            asked.complete(listener);
            return () -> {};
        };
        try (LoadBalancer orders = LoadBalancer.builder("orders").source(late).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            CompletableFuture<HttpResponse<String>> response =
                    client.sendAsync(Fleet.request("/").build(), BodyHandlers.ofString());
            assertThat(response).isNotDone();
            asked.join().endpoints(List.of(good.endpoint()));
            assertThat(response.join().body()).isEqualTo("good");
        }
    }

    @Test
    void timeoutOfAnyLengthIsTaken() throws Exception {
        try (Fleet fleet = Fleet.of(good);
                HttpClient jdk = HttpClient.newHttpClient()) {
            Duration ages = Duration.ofDays(1_000_000);
            HttpRequest plain =
                    HttpRequest.newBuilder(URI.create(good.uri())).timeout(ages).build();
            assertThat(jdk.send(plain, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            assertThat(fleet.send(Fleet.request("/").timeout(ages)).statusCode())
                    .isEqualTo(200);
        }
    }
}
