package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointState;
import io.evenkeel.Retry;
import io.evenkeel.policy.Policy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Headers by which replicas ask for a pause, or say that they go away. */
@Timeout(60)
class HintsIT {

    @ParameterizedTest
    @CsvSource({"503, EJECTED", "429, EJECTED", "500, UP", "200, UP"})
    void whoSaysRetryAfterWithABusyStatusGetsNoCallsUntilThen(int status, EndpointState state) throws Exception {
        try (ScriptedServer busy = ScriptedServer.answering(status, "busy", "Retry-After: 30");
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = Fleet.of(builder -> builder.retry(Retry.none()), busy, good)) {
            while (busy.requests().isEmpty()) {
                fleet.get("/");
            }
            fleet.balancer().weight(good.endpoint(), 1); // an update, so that what calls asked for has been done
            assertThat(fleet.balancer().stats().endpoints())
                    .filteredOn(line -> line.endpoint().equals(busy.endpoint()))
                    .extracting(line -> line.state())
                    .containsExactly(state);
        }
    }

    @Test
    void theOnlyReplicaIsAskedAgainWhenItSaid() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer busy = ScriptedServer.start(visit -> {
                    if (asked.getAndIncrement() == 0) {
                        visit.answer(503, "busy", "Retry-After: 1");
                    } else {
                        visit.answer(200, "good");
                    }
                });
                Fleet fleet = Fleet.of(busy)) {
            long start = System.nanoTime();
            assertThat(fleet.get("/").body()).isEqualTo("good");
            assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(1_000_000_000L);
        }
    }

    @Test
    void whoWantsALongPauseIsNotWaitedFor() throws Exception {
        try (ScriptedServer busy = ScriptedServer.answering(503, "busy", "Retry-After: 3600");
                Fleet fleet = Fleet.of(busy)) {
            assertThat(fleet.get("/").statusCode()).isEqualTo(503);
            assertThat(busy.requests()).hasSize(1);
        }
    }

    /** An empty SETTINGS frame, and GOAWAY: no stream was processed, no error (RFC 9113, sections 6.5 and 6.8). */
    private static final byte[] GOAWAY = {0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

    @Test
    void whoSaysGoAwayHasNotFailedAndGetsFewerCalls() throws Exception {
        try (ScriptedServer leaving = ScriptedServer.start(visit -> {
                    visit.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n");
                    visit.write(GOAWAY);
                    visit.hang();
                });
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = Fleet.of(leaving, good)) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
            fleet.balancer().weight(good.endpoint(), 1);
            assertThat(fleet.stats(0).weight()).isEqualTo(0.1);
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.stats(0).ignored()).isEqualTo(1);
        }
    }

    @Test
    void whoAnnouncesThatItGoesAwayGetsATenthOfItsShare() throws Exception {
        AtomicLong clock = new AtomicLong();
        AtomicInteger kept = new AtomicInteger();
        try (ScriptedServer leaving = ScriptedServer.answering(200, "bye", "x-evenkeel-drain: true");
                ScriptedServer closing = ScriptedServer.start(visit -> {
                    if (kept.getAndIncrement() == 0) {
                        visit.answer(200, "well");
                    } else {
                        visit.answer(200, "bye", "Connection: close");
                    }
                });
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = Fleet.of(
                        builder -> builder.policy(Policy.roundRobin()).clock(clock::get), leaving, closing, good)) {
            while (leaving.requests().isEmpty() || closing.requests().size() < 4) {
                fleet.get("/");
                clock.addAndGet(100_000_000);
            }
            fleet.balancer().weight(good.endpoint(), 1);
            assertThat(fleet.balancer().stats().endpoints())
                    .extracting(line -> line.weight())
                    .containsExactly(0.1, 0.1, 1.0);
        }
    }
}
