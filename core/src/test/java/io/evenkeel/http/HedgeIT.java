package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.EndpointStats;
import io.evenkeel.Hedge;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hedged requests to real servers, of which the first hangs until the test lets it go. */
@Timeout(60)
class HedgeIT {

    private final CountDownLatch release = new CountDownLatch(1);

    private ScriptedServer hanging() throws IOException {
        return ScriptedServer.start(visit -> {
            release.await();
            visit.answer(200, "late");
        });
    }

    private static Fleet fleet(ScriptedServer... servers) {
        return Fleet.of(settings -> settings.hedge(Hedge.after(Duration.ofMillis(20))), servers);
    }

    private static void assertOneIgnored(Fleet fleet, ScriptedServer slow) throws Exception {
        fleet.balancer().drain(slow.endpoint()).get(); // the attempt that lost has ended
        assertThat(fleet.balancer().stats().endpoints())
                .extracting(EndpointStats::ignored)
                .containsExactly(1L, 0L);
        assertThat(fleet.balancer().stats().endpoints())
                .extracting(EndpointStats::inFlight)
                .containsOnly(0);
    }

    @Test
    void aRequestThatHangsIsAnsweredByAnother() throws Exception {
        try (ScriptedServer slow = hanging();
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = fleet(slow, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
            assertOneIgnored(fleet, slow);
            release.countDown();
        }
    }

    @Test
    void aHedgeThatIsRefusedDoesNotWin() throws Exception {
        CountDownLatch refused = new CountDownLatch(1);
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    refused.await();
                    visit.answer(200, "late");
                });
                ScriptedServer bad = ScriptedServer.start(visit -> {
                    visit.answer(503, "busy");
                    refused.countDown();
                });
                Fleet fleet = Fleet.of(
                        settings -> settings.hedge(Hedge.after(Duration.ofMillis(20)))
                                .retry(Retry.none()),
                        slow,
                        bad)) {
            assertThat(fleet.get("/").body()).isEqualTo("late");
            fleet.awaitIdle();
        }
    }

    @Test
    void whatHasLostIsNotRepeated() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    answered.await();
                    visit.answer(503, "busy");
                });
                ScriptedServer good = ScriptedServer.start(visit -> {
                    visit.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngo");
                    release.await();
                    visit.write("od");
                });
                ScriptedServer third = ScriptedServer.answering(200, "third");
                Fleet fleet = fleet(slow, good, third)) {
            CompletableFuture<String> body = fleet.client()
                    .sendAsync(Fleet.request("/").build(), info -> {
                        answered.countDown(); // the hedge has won, by its headers
                        return BodyHandlers.ofString().apply(info);
                    })
                    .thenApply(HttpResponse::body);
            Waiting.until("the first answered, and told", () -> fleet.stats(0).overloaded() == 1);
            Waiting.until("the first over", () -> fleet.stats(0).inFlight() == 0);
            release.countDown();
            assertThat(body.get()).isEqualTo("good");
            assertThat(third.requests()).isEmpty();
        }
    }

    @Test
    void soIsAnAsynchronousOneAndTheHandlerIsAskedOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer slow = hanging();
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = fleet(slow, good)) {
            String body = fleet.client()
                    .sendAsync(Fleet.request("/").build(), info -> {
                        asked.incrementAndGet();
                        return BodyHandlers.ofString().apply(info);
                    })
                    .get()
                    .body();
            assertThat(body).isEqualTo("good");
            release.countDown();
            assertThat(asked).hasValue(1);
        }
    }

    @Test
    void aBlockingFunctionThatLosesIsInterrupted() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (ScriptedServer one = ScriptedServer.answering(200, "");
                ScriptedServer two = ScriptedServer.answering(200, "");
                Fleet fleet = fleet(one, two)) {
            LoadBalancer balancer = fleet.balancer();
            String answer = balancer.call(Call.any().idempotent(), endpoint -> {
                if (endpoint.equals(one.endpoint())) {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                }
                return endpoint.id();
            });
            assertThat(answer).isEqualTo(two.endpoint().id());
            interrupted.await();
        }
    }

    @Test
    void whatAFunctionThrowsIsThrownAsItIs() throws Exception {
        IllegalStateException own = new IllegalStateException("own");
        try (ScriptedServer one = ScriptedServer.answering(200, "");
                Fleet fleet = fleet(one)) {
            assertThatThrownBy(() -> fleet.balancer().call(Call.any().idempotent(), endpoint -> {
                        throw own;
                    }))
                    .isSameAs(own);
        }
    }
}
