package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.EndpointSource;
import io.evenkeel.Retry;
import io.evenkeel.VirtualTime;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.io.InputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A caller that gives up: the server notices, and it says nothing of the replica. */
@Timeout(60)
class CancelIT {

    private final CountDownLatch clientGone = new CountDownLatch(1);
    private ScriptedServer silent;
    private ScriptedServer stalling;
    private ScriptedServer good;

    @BeforeEach
    void startServers() throws IOException {
        silent = ScriptedServer.start(visit -> {
            visit.hang();
            clientGone.countDown();
        });
        stalling = ScriptedServer.start(visit -> {
            visit.begin(200, 1000);
            visit.write("some of it");
            visit.hang();
            clientGone.countDown();
        });
        good = ScriptedServer.answering(200, "good");
    }

    @AfterEach
    void stopServers() throws IOException {
        silent.close();
        stalling.close();
        good.close();
    }

    private CompletableFuture<HttpResponse<String>> sendTo(ScriptedServer server, HttpClient client) {
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(Fleet.request("/").build(), BodyHandlers.ofString());
        Waiting.until("the request is there", () -> server.requests().size() == 1);
        return response;
    }

    private static void assertIgnored(Fleet fleet) {
        fleet.awaitIdle();
        assertThat(fleet.stats(0).failures()).isZero();
        assertThat(fleet.stats(0).successes()).isZero();
        assertThat(fleet.stats(0).ignored()).isEqualTo(1);
    }

    @Test
    void cancelledFutureEndsTheExchange() throws Exception {
        try (Fleet fleet = Fleet.of(silent, good)) {
            CompletableFuture<HttpResponse<String>> response = sendTo(silent, fleet.client());
            assertThat(fleet.inFlight()).isEqualTo(1);
            assertThat(response.cancel(true)).isTrue();
            Waiting.on(clientGone);
            assertIgnored(fleet);
            assertThat(catchThrowable(response::join)).isInstanceOf(CancellationException.class);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void cancelledDependentEndsTheExchangeAsTheJdksDoes() throws Exception {
        try (Fleet fleet = Fleet.of(silent, good)) {
            CompletableFuture<String> body =
                    sendTo(silent, fleet.client()).thenApply(HttpResponse::body).thenApply(String::strip);
            assertThat(body.cancel(true)).isTrue();
            Waiting.on(clientGone);
            assertIgnored(fleet);
        }
    }

    @Test
    void cancelledFutureEndsTheExchangeOnABalancedTransport() throws Exception {
        try (Fleet inner = Fleet.of(silent);
                HttpClient outer = BalancedHttpClient.builder()
                        .transport(inner.client())
                        .balance(LoadBalancer.builder("unused")
                                .endpoints(good.uri())
                                .build())
                        .build()) {
            sendTo(silent, outer).cancel(true);
            Waiting.on(clientGone);
            assertIgnored(inner);
        }
    }

    @Test
    void cancelledFutureEndsTheExchangeOfABalancedCallOnABalancedTransport() throws Exception {
        try (LoadBalancer sameServer =
                        LoadBalancer.builder("cloud").endpoints("http://orders").build();
                Fleet inner = Fleet.of(silent);
                HttpClient outer = BalancedHttpClient.builder()
                        .transport(inner.client())
                        .balance(sameServer)
                        .build()) {
            CompletableFuture<HttpResponse<String>> response = outer.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://cloud/")).build(), BodyHandlers.ofString());
            Waiting.until("the request is there", () -> silent.requests().size() == 1);
            response.cancel(true);
            Waiting.on(clientGone);
            assertIgnored(inner);
            assertThat(sameServer.stats().endpoints().get(0).inFlight()).isZero();
        }
    }

    @Test
    void cancelledFutureEndsTheExchangeOnATransportThatCancelsInItsOwnWay() throws Exception {
        try (HttpClient jdk = HttpClient.newHttpClient();
                Fleet fleet = Fleet.on(new Wrapping(jdk), silent)) {
            sendTo(silent, fleet.client()).cancel(true);
            Waiting.on(clientGone);
            assertIgnored(fleet);
        }
    }

    @Test
    void cancelledFutureEndsTheBody() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (Fleet fleet = Fleet.of(stalling, good)) {
            CompletableFuture<HttpResponse<String>> response = fleet.client()
                    .sendAsync(Fleet.request("/").build(), answer -> {
                        answered.countDown();
                        return BodyHandlers.ofString().apply(answer);
                    });
            Waiting.on(answered);
            assertThat(fleet.inFlight()).isEqualTo(1);
            response.cancel(true);
            Waiting.on(clientGone);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(good.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Redirect.class)
    void bodyThatComesInTheMomentOfCancellingIsClosed(Redirect policy) throws Exception {
        Rendezvous delivered = new Rendezvous();
        cancelledAt(delivered, policy, Rendezvous.none(), delivered);
    }

    @ParameterizedTest
    @EnumSource(Redirect.class)
    void bodyThatComesJustAfterCancellingIsClosed(Redirect policy) throws Exception {
        Rendezvous arrived = new Rendezvous();
        cancelledAt(arrived, policy, arrived, Rendezvous.none());
    }

    private void cancelledAt(Rendezvous rendezvous, Redirect policy, Rendezvous arrived, Rendezvous delivered)
            throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        try (ScriptedServer answeringWhenSent = ScriptedServer.start(visit -> {
                    Waiting.on(
                            sent); // else this thread may be the one that is told of the answer, and waits for itself
                    visit.begin(200, 1000);
                    visit.hang();
                    clientGone.countDown();
                });
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> new Wrapping.Builder(
                                        HttpClient.newBuilder().followRedirects(policy), arrived, delivered)),
                        settings -> settings,
                        answeringWhenSent.endpoint())) {
            CompletableFuture<HttpResponse<InputStream>> response =
                    fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofInputStream());
            sent.countDown();
            rendezvous.andThen(() -> response.cancel(true));
            Waiting.until("cancelled", response::isCancelled);
            Waiting.on(clientGone);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Redirect.class)
    void bodyThatComesAfterTheCallerCompletedItsFutureIsClosed(Redirect policy) throws Exception {
        CountDownLatch completed = new CountDownLatch(1);
        try (ScriptedServer late = ScriptedServer.start(visit -> {
                    Waiting.on(completed);
                    visit.begin(200, 1000);
                    visit.hang();
                    clientGone.countDown();
                });
                Fleet fleet = following(policy, late)) {
            CompletableFuture<HttpResponse<InputStream>> response =
                    fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofInputStream());
            Waiting.until("the request is there", () -> late.requests().size() == 1);
            response.completeExceptionally(new IllegalStateException("changed my mind"));
            completed.countDown();
            Waiting.on(clientGone);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    private static Fleet following(Redirect policy, ScriptedServer server) {
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().followRedirects(policy)),
                settings -> settings,
                server.endpoint());
    }

    /** Then the attempt is over, and only its body is left. */
    @Test
    void bodyThatComesWhileCookiesAreKeptAndTheCallerCancelsIsClosed() throws Exception {
        CompletableFuture<CompletableFuture<?>> call = new CompletableFuture<>();
        try (ScriptedServer answeringWhenSent = ScriptedServer.start(visit -> {
            call.join(); // else this thread may be the one that is told of the answer, and waits for itself
            visit.begin(200, 1000);
            visit.hang();
            clientGone.countDown();
        })) {
            CookieHandler cancelling = new CookieManager() {
                @Override
                public void put(URI uri, Map<String, List<String>> headers) {
                    if (headers.containsKey("set-cookie")) {
                        call.join().cancel(true);
                    }
                }
            };
            try (Fleet fleet = Fleet.of(
                    BalancedHttpClient.builder()
                            .transport(() -> HttpClient.newBuilder().cookieHandler(cancelling))
                            .affinity(Affinity.token("place", new byte[32])),
                    settings -> settings,
                    answeringWhenSent.endpoint())) {
                CompletableFuture<HttpResponse<InputStream>> response =
                        fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofInputStream());
                call.complete(response);
                Waiting.until("cancelled", response::isCancelled);
                Waiting.on(clientGone);
                fleet.awaitIdle();
                assertThat(fleet.stats(0).failures()).isZero();
            }
        }
    }

    @Test
    void bodyOfAnAnswerWhoseCookiesCannotBeKeptIsClosed() throws Exception {
        try (ScriptedServer beginning = ScriptedServer.start(visit -> {
            visit.begin(200, 1000);
            visit.hang();
            clientGone.countDown();
        })) {
            CookieHandler full = new CookieManager() {
                @Override
                public void put(URI uri, Map<String, List<String>> headers) throws IOException {
                    if (headers.containsKey("set-cookie")) {
                        throw new IOException("full");
                    }
                }
            };
            try (Fleet fleet = Fleet.of(
                    BalancedHttpClient.builder()
                            .transport(() -> HttpClient.newBuilder().cookieHandler(full))
                            .affinity(Affinity.token("place", new byte[32])),
                    settings -> settings,
                    beginning.endpoint())) {
                assertThat(catchThrowable(
                                () -> fleet.client().send(Fleet.request("/").build(), BodyHandlers.ofInputStream())))
                        .isInstanceOf(IOException.class)
                        .hasMessage("full");
                Waiting.on(clientGone);
                fleet.awaitIdle();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Redirect.class)
    void callWhoseFutureTheCallerLetTimeOutIsOver(Redirect policy) throws Exception {
        try (Fleet fleet = following(policy, stalling)) {
            CompletableFuture<HttpResponse<String>> response = fleet.client()
                    .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                    .orTimeout(200, TimeUnit.MILLISECONDS);
            assertThat(response)
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withCauseInstanceOf(TimeoutException.class);
            Waiting.on(clientGone);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void cancellingAnAnsweredCallChangesNothing() throws Exception {
        try (Fleet fleet = Fleet.of(good)) {
            CompletableFuture<HttpResponse<String>> response =
                    fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString());
            response.join();
            assertThat(response.cancel(true)).isFalse();
            assertThat(fleet.stats(0).successes()).isEqualTo(1);
            assertThat(fleet.stats(0).ignored()).isZero();
        }
    }

    @Test
    void futureThatTheCallerCompletedIsNotRepeated() throws Exception {
        CountDownLatch completed = new CountDownLatch(1);
        try (ScriptedServer bad = ScriptedServer.start(visit -> {
                    Waiting.on(completed);
                    visit.answer(503, "late");
                });
                Fleet fleet = Fleet.of(bad, good)) {
            CompletableFuture<HttpResponse<String>> response = sendTo(bad, fleet.client());
            response.completeExceptionally(new IllegalStateException("changed my mind"));
            completed.countDown();
            fleet.awaitIdle();
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void callThatIsCancelledBeforeTheFirstListIsNeverSent() throws Exception {
        CompletableFuture<EndpointSource.Listener> asked = new CompletableFuture<>();
        EndpointSource late = listener -> {
            asked.complete(listener);
            return () -> {};
        };
        try (LoadBalancer orders = LoadBalancer.builder("orders").source(late).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            CompletableFuture<HttpResponse<String>> cancelled =
                    client.sendAsync(Fleet.request("/cancelled").build(), BodyHandlers.ofString());
            cancelled.cancel(true);
            asked.join().endpoints(List.of(good.endpoint()));
            client.send(Fleet.request("/sent").build(), BodyHandlers.ofString());
            assertThat(good.requests())
                    .extracting(ScriptedServer.Received::target)
                    .containsExactly("/sent");
            assertThat(orders.stats().endpoints().get(0).ignored()).isZero();
            assertThat(orders.stats().endpoints().get(0).inFlight()).isZero();
        }
    }

    @Test
    void callThatIsCancelledBetweenAttemptsIsNotRepeated() throws Exception {
        VirtualTime time = new VirtualTime();
        try (ScriptedServer only = ScriptedServer.answering(503, "busy");
                Fleet fleet = Fleet.of(
                        settings -> settings.clock(time)
                                .scheduler(time)
                                .retry(Retry.upTo(3).withBackoff(Duration.ofSeconds(30))),
                        only)) {
            CompletableFuture<HttpResponse<String>> response = sendTo(only, fleet.client());
            Waiting.until("it waits before it asks again", () -> time.waiting() > 0);
            response.cancel(true);
            time.advance(Duration.ofMinutes(2));
            fleet.awaitIdle();
            assertThat(only.requests()).hasSize(1);
        }
    }

    @Test
    void interruptedSendEndsTheExchange() throws Exception {
        try (Fleet fleet = Fleet.of(silent, good)) {
            assertThat(interrupted(Thread.ofPlatform(), silent, fleet)).isInstanceOf(InterruptedException.class);
            assertIgnored(fleet);
            assertThat(good.requests()).isEmpty();
        }
    }

    @Test
    void interruptedSendOnAVirtualThreadEndsTheExchange() throws Exception {
        try (Fleet fleet = Fleet.of(silent, good)) {
            assertThat(interrupted(Thread.ofVirtual(), silent, fleet)).isInstanceOf(InterruptedException.class);
            assertIgnored(fleet);
        }
    }

    @Test
    void interruptedSendEndsTheBody() throws Exception {
        try (Fleet fleet = Fleet.of(stalling, good)) {
            assertThat(interrupted(Thread.ofPlatform(), stalling, fleet)).isInstanceOf(InterruptedException.class);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(good.requests()).isEmpty();
        }
    }

    private Throwable interrupted(Thread.Builder threads, ScriptedServer server, Fleet fleet) throws Exception {
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = threads.start(() -> thrown.complete(catchThrowable(() -> fleet.get("/"))));
        Waiting.until("the request is there", () -> server.requests().size() == 1);
        Waiting.until("it waits for an answer", () -> fleet.inFlight() == 1);
        caller.interrupt();
        Throwable error = thrown.get(20, TimeUnit.SECONDS);
        Waiting.on(clientGone);
        return error;
    }

    @Test
    void threadThatWasInterruptedBeforeSendsNothingMore() throws Exception {
        try (Fleet fleet = Fleet.of(silent, good)) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread.ofVirtual().start(() -> {
                Thread.currentThread().interrupt();
                thrown.complete(catchThrowable(() -> fleet.get("/")));
            });
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertIgnored(fleet);
        }
    }

    @Test
    void interruptEndsTheWaitForAFirstList() throws Exception {
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                        .source(listener -> () -> {})
                        .build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            CompletableFuture<Throwable> thrown = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual()
                    .start(() -> thrown.complete(
                            catchThrowable(() -> client.send(Fleet.request("/").build(), BodyHandlers.ofString()))));
            Waiting.until("it waits", () -> caller.getState() == Thread.State.WAITING);
            caller.interrupt();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
        }
    }
}
