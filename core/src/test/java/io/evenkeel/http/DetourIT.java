package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A transport that is given, and follows redirects by itself: what another host answers says nothing of the replica. */
@Timeout(60)
class DetourIT {

    private final HttpClient transport =
            HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
    private ScriptedServer good;

    @BeforeEach
    void startServer() throws IOException {
        good = ScriptedServer.answering(200, "good");
    }

    @AfterEach
    void stop() throws IOException {
        transport.shutdownNow();
        good.close();
    }

    private static ScriptedServer leadingTo(ScriptedServer other) throws IOException {
        return ScriptedServer.answering(302, "", "Location: " + other.uri() + "/there");
    }

    private static ScriptedServer failing(int status) throws IOException {
        return ScriptedServer.answering(
                status, "failed", "Retry-After: 30", "X-Evenkeel-Drain: 1", "X-Evenkeel-Load: 9");
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503})
    void whatAnotherHostAnswersIsNotTheReplicas(int status) throws Exception {
        try (ScriptedServer other = failing(status);
                ScriptedServer replica = leadingTo(other);
                Fleet fleet = Fleet.on(transport, replica)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(status);
            fleet.awaitIdle();
            EndpointStats stats = fleet.stats(0);
            assertThat(stats.failures() + stats.overloaded()).isZero();
            fleet.balancer().weight(replica.endpoint(), 1); // which looks at all that it has said
            assertThat(fleet.stats(0).state()).isEqualTo(EndpointState.UP);
            assertThat(fleet.stats(0).weight()).isEqualTo(1);
            assertThat(BalancedHttpClient.servedBy(response)).isEmpty();
        }
    }

    @Test
    void whatTheReplicaAnswersElsewhereIsItsOwn() throws Exception {
        try (ScriptedServer replica = ScriptedServer.start(visit -> {
                    if (visit.request().target().equals("/")) {
                        visit.answer(302, "", "Location: /there");
                    } else {
                        visit.answer(500, "failed");
                    }
                });
                Fleet fleet = Fleet.on(transport, replica)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(BalancedHttpClient.servedBy(response)).hasValue(replica.endpoint());
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void itsOwnFailureIsRepeatedElsewhereAndCounts() throws Exception {
        try (ScriptedServer bad = failing(502);
                Fleet fleet = Fleet.on(transport, bad, good)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.body()).isEqualTo("good");
            assertThat(BalancedHttpClient.servedBy(response)).hasValue(good.endpoint());
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.stats(1).successes()).isEqualTo(1);
        }
    }

    @Test
    void itCountsAsWellWhereItsBodyIsRead() throws Exception {
        try (ScriptedServer bad = failing(500);
                Fleet fleet = Fleet.on(transport, bad)) {
            try (var body = fleet.client()
                    .send(Fleet.request("/").build(), BodyHandlers.ofInputStream())
                    .body()) {
                assertThat(body.readAllBytes()).isNotEmpty();
            }
            assertThat(fleet.client()
                            .sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                            .join()
                            .statusCode())
                    .isEqualTo(500);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(2);
        }
    }
}
