package io.evenkeel.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.evenkeel.Breaker;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Outliers;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that break off, or never were any. */
@Timeout(60)
class FaultIT {

    private static WireMockServer bad;
    private static WireMockServer good;

    @BeforeAll
    static void startServers() {
        bad = new WireMockServer(wireMockConfig().bindAddress("127.0.0.1").dynamicPort());
        good = new WireMockServer(wireMockConfig().bindAddress("127.0.0.1").dynamicPort());
        bad.start();
        good.start();
    }

    @AfterAll
    static void stopServers() {
        bad.stop();
        good.stop();
    }

    @BeforeEach
    void forget() {
        bad.resetAll();
        good.resetAll();
        good.stubFor(any(anyUrl()).willReturn(ok("good")));
    }

    private static Fleet fleet() {
        return fleet(settings -> settings);
    }

    private static Fleet fleet(UnaryOperator<LoadBalancer.Builder> settings) {
        // HTTP/1.1 only, so that each fault is the one it is named after
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)),
                settings,
                Endpoint.of(bad.baseUrl()),
                Endpoint.of(good.baseUrl()));
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "RANDOM_DATA_THEN_CLOSE"})
    void faultBeforeTheHeadersIsRepeatedElsewhere(Fault fault) throws Exception {
        bad.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        try (Fleet fleet = fleet()) {
            assertThat(fleet.send(Fleet.request("/").PUT(BodyPublishers.ofString("body")))
                            .body())
                    .isEqualTo("good");
            assertThat(bad.getAllServeEvents()).hasSize(1);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.stats(0).successes()).isZero();
            assertThat(fleet.stats(1).successes()).isEqualTo(1);
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"EMPTY_RESPONSE", "CONNECTION_RESET_BY_PEER", "RANDOM_DATA_THEN_CLOSE"})
    void faultBeforeTheHeadersIsThePostersToHandle(Fault fault) throws Exception {
        bad.stubFor(any(anyUrl()).willReturn(aResponse().withFault(fault)));
        try (Fleet fleet = fleet()) {
            assertThat(catchThrowable(() -> fleet.send(Fleet.request("/").POST(BodyPublishers.ofString("body")))))
                    .isInstanceOf(IOException.class);
            assertThat(bad.getAllServeEvents()).hasSize(1);
            assertThat(good.getAllServeEvents()).isEmpty();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @Test
    void malformedBodyIsNeverRepeated() throws Exception {
        bad.stubFor(any(anyUrl()).willReturn(aResponse().withFault(Fault.MALFORMED_RESPONSE_CHUNK)));
        try (Fleet fleet = fleet()) {
            assertThat(catchThrowable(() -> fleet.get("/"))).isInstanceOf(IOException.class);
            assertThat(bad.getAllServeEvents()).hasSize(1);
            assertThat(good.getAllServeEvents()).isEmpty();
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void endpointThatRecoversIsUsedAgain() throws Exception {
        bad.stubFor(put(urlEqualTo("/x"))
                .inScenario("recovery")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(aResponse().withStatus(503))
                .willSetStateTo("well"));
        bad.stubFor(put(urlEqualTo("/x"))
                .inScenario("recovery")
                .whenScenarioStateIs("well")
                .willReturn(ok("well again")));
        try (Fleet fleet = fleet()) {
            assertThat(fleet.send(Fleet.request("/x").PUT(BodyPublishers.noBody()))
                            .body())
                    .isEqualTo("good");
            assertThat(fleet.send(Fleet.request("/x").PUT(BodyPublishers.noBody()))
                            .body())
                    .isEqualTo("well again");
        }
    }

    @Test
    void headersThatAreLateCountAsAFailureAndAreRepeatedElsewhere() throws Exception {
        try (ScriptedServer late = ScriptedServer.start(ScriptedServer.Visit::hang);
                Fleet fleet = Fleet.of(
                        settings -> settings.retry(Retry.upTo(2).withAttemptTimeout(Duration.ofSeconds(2))),
                        late.endpoint(),
                        Endpoint.of(good.baseUrl()))) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.stats(0).ignored()).isZero();
        }
    }

    @Test
    void halfAStatusLineIsAFailure() throws Exception {
        try (ScriptedServer broken = ScriptedServer.start(visit -> {
                    visit.write("HTTP/1.1 20");
                    visit.close();
                });
                Fleet fleet = Fleet.of(broken)) {
            assertThat(catchThrowable(() -> fleet.send(Fleet.request("/").POST(BodyPublishers.noBody()))))
                    .isInstanceOf(IOException.class);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/9.9 200 OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 abc OK\r\n\r\n", "\r\n\r\n"})
    void garbageIsAFailureAndRepeatedElsewhere(String garbage) throws Exception {
        try (ScriptedServer liar = ScriptedServer.start(visit -> {
                    visit.body();
                    visit.write(garbage);
                    visit.close();
                });
                Fleet fleet = Fleet.of(settings -> settings, liar.endpoint(), Endpoint.of(good.baseUrl()))) {
            assertThat(fleet.send(Fleet.request("/").PUT(BodyPublishers.ofString("body")))
                            .body())
                    .isEqualTo("good");
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(liar.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void bodyThatBreaksOffIsTheCallersAndIsNotRepeated(boolean reset) throws Exception {
        try (ScriptedServer broken = ScriptedServer.start(visit -> {
                    visit.begin(200, 1000);
                    visit.write("only this");
                    if (reset) {
                        visit.reset();
                    } else {
                        visit.close();
                    }
                });
                Fleet fleet = Fleet.of(settings -> settings, broken.endpoint(), Endpoint.of(good.baseUrl()))) {
            assertThat(catchThrowable(() -> fleet.get("/"))).isInstanceOf(IOException.class);
            assertThat(broken.requests()).hasSize(1);
            assertThat(good.getAllServeEvents()).isEmpty();
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void bodyThatBreaksOffFailsAnAsynchronousCallerToo() throws Exception {
        try (ScriptedServer broken = ScriptedServer.start(visit -> {
                    visit.begin(200, 1000);
                    visit.close();
                });
                Fleet fleet = Fleet.of(settings -> settings, broken.endpoint(), Endpoint.of(good.baseUrl()))) {
            assertThat(fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString()))
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(IOException.class);
            assertThat(good.getAllServeEvents()).isEmpty();
            fleet.awaitIdle();
        }
    }

    @Test
    void serverErrorIsDeliveredAndNeverRepeated() throws Exception {
        bad.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(500).withBody("stack trace")));
        try (Fleet fleet = fleet()) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body()).isEqualTo("stack trace");
            assertThat(bad.getAllServeEvents()).hasSize(1);
            assertThat(good.getAllServeEvents()).isEmpty();
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
        }
    }

    @Test
    void serverThatOnlyFailsIsEjected() throws Exception {
        bad.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(500)));
        try (Fleet fleet = fleet(settings -> settings.breaker(Breaker.off()) // which may be the first to open
                .outliers(Outliers.defaults().withEjectFor(Duration.ofMinutes(10), Duration.ofMinutes(10))))) {
            Waiting.until("the bad one is ejected", () -> {
                try {
                    fleet.get("/");
                } catch (IOException | InterruptedException e) {
                    throw new AssertionError(e);
                }
                return fleet.stats(0).state() == EndpointState.EJECTED;
            });
            assertThat(fleet.stats(0).failures()).isBetween(5L, 100L);
            assertThat(fleet.get("/").body()).isEqualTo("good");
        }
    }

    @Test
    void serverThatRefusesConnectionsIsEjectedAtOnce() throws Exception {
        Endpoint refusing = ScriptedServer.refusing();
        try (Fleet fleet = Fleet.of(settings -> settings, refusing, Endpoint.of(good.baseUrl()))) {
            assertThat(fleet.get("/").body()).isEqualTo("good");
            Waiting.until("ejected", () -> fleet.stats(0).state() == EndpointState.EJECTED);
            assertThat(fleet.stats(0).failures()).isEqualTo(1);
            assertThat(fleet.stats(0).reason()).contains("no connection");
        }
    }

    @Test
    void allServersDownGivesTheTransportsError() throws Exception {
        try (Fleet fleet = Fleet.of(settings -> settings, ScriptedServer.refusing(), ScriptedServer.refusing())) {
            for (int i = 0; i < 5; i++) {
                assertThat(catchThrowable(() -> fleet.get("/"))).isInstanceOf(ConnectException.class);
            }
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @Test
    void earlyRefusalOfALargeUploadIsAnAnswer() throws Exception {
        try (ScriptedServer busy = ScriptedServer.start(visit -> {
                    visit.begin(503, 4);
                    visit.write("busy");
                    visit.hang();
                });
                Fleet fleet = Fleet.of(busy)) {
            HttpResponse<String> response =
                    fleet.send(Fleet.request("/").POST(BodyPublishers.ofByteArray(new byte[5_000_000])));
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("busy");
            assertThat(fleet.stats(0).overloaded()).isEqualTo(1);
        }
    }
}
