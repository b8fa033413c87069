package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DeadlineHeaderIT {

    private static Fleet fleet(ScriptedServer... servers) {
        return Fleet.of(
                BalancedHttpClient.builder().deadlineHeader("X-Time-Left"),
                settings -> settings,
                List.of(servers).stream().map(ScriptedServer::endpoint).toArray(io.evenkeel.Endpoint[]::new));
    }

    private static HttpRequest request(Duration timeout) {
        return Fleet.request("/").timeout(timeout).header("X-Other", "stays").build();
    }

    /** Of three attempts that may be repeated each gets half of what is left, and the last one all. */
    @Test
    void eachAttemptIsToldWhatItMayTake() throws Exception {
        try (ScriptedServer one = ScriptedServer.answering(503, "");
                ScriptedServer two = ScriptedServer.answering(200, "");
                Fleet fleet = fleet(one, two)) {
            fleet.client().send(request(Duration.ofSeconds(40)), BodyHandlers.ofString());
            assertThat(Integer.parseInt(one.requests().get(0).header("x-time-left")))
                    .isBetween(15_000, 20_000);
            assertThat(Integer.parseInt(two.requests().get(0).header("x-time-left")))
                    .isBetween(10_000, 20_000);
            assertThat(two.requests().get(0).header("x-other")).isEqualTo("stays");
        }
    }

    @Test
    void theCallersOwnStaysAndWithoutATimeoutThereIsNone() throws Exception {
        try (ScriptedServer one = ScriptedServer.answering(200, "");
                Fleet fleet = fleet(one)) {
            fleet.get("/");
            HttpRequest own = Fleet.request("/")
                    .timeout(Duration.ofSeconds(5))
                    .header("x-time-left", "mine")
                    .build();
            fleet.client().send(own, BodyHandlers.ofString());
            assertThat(one.requests().get(0).header("x-time-left")).isEmpty();
            assertThat(one.requests().get(1).header("x-time-left")).isEqualTo("mine");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "Host", "X:Y"})
    void aNameThatMayNotBeSetIsRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BalancedHttpClient.builder().deadlineHeader(name));
    }
}
