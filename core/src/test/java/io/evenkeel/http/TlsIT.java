package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which schemes go where: an https call never goes to an http endpoint, and nothing else is spoken. */
@Timeout(60)
class TlsIT {

    private static SSLContext tls;
    private static ScriptedServer secure;
    private static ScriptedServer plain;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws Exception {
        tls = selfSigned(folder.resolve("keys.p12"));
        secure = ScriptedServer.startTls(tls, visit -> visit.answer(200, "secure:" + visit.body()));
        plain = ScriptedServer.answering(200, "plain");
    }

    @AfterAll
    static void stopServers() throws IOException {
        secure.close();
        plain.close();
    }

    /** A context whose only key, for orders, is also the only one that it trusts. */
    private static SSLContext selfSigned(Path keys) throws Exception {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        keys.toString(),
                        "-storepass",
                        "changeit",
                        "-alias",
                        "replica",
                        "-dname",
                        "CN=replica",
                        "-ext",
                        "san=dns:orders",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(keys).as(said).exists();
        return context(keys);
    }

    private static SSLContext context(Path keys) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, "changeit".toCharArray());
        }
        KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        own.init(store, "changeit".toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static Fleet fleet(Endpoint... endpoints) {
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().sslContext(tls)),
                settings -> settings,
                endpoints);
    }

    private static HttpRequest.Builder request(String scheme) {
        return HttpRequest.newBuilder(URI.create(scheme + "://orders/"));
    }

    @Test
    void httpsCallGoesToAnHttpsEndpoint() throws Exception {
        try (Fleet fleet = fleet(secure.endpoint())) {
            HttpResponse<String> response = fleet.send(request("https"));
            assertThat(response.body()).isEqualTo("secure:");
            assertThat(response.sslSession()).isPresent();
            assertThat(response.uri()).isEqualTo(URI.create("https://orders/"));
        }
    }

    @Test
    void aTokenThatAnHttpsCallBringsIsSecure() throws Exception {
        BalancedHttpClient.Builder client = BalancedHttpClient.builder()
                .transport(() -> HttpClient.newBuilder().sslContext(tls))
                .affinity(Affinity.token("lb", new byte[16]));
        try (Fleet fleet = Fleet.of(client, settings -> settings, secure.endpoint())) {
            assertThat(fleet.send(request("https"))
                            .headers()
                            .firstValue("set-cookie")
                            .orElseThrow())
                    .endsWith("; Path=/; HttpOnly; Secure");
            assertThat(fleet.send(request("http"))
                            .headers()
                            .firstValue("set-cookie")
                            .orElseThrow())
                    .endsWith("; Path=/; HttpOnly");
        }
    }

    @Test
    void httpCallMayGoToAnHttpsEndpoint() throws Exception {
        try (Fleet fleet = fleet(secure.endpoint())) {
            assertThat(fleet.send(request("http")).sslSession()).isPresent();
        }
    }

    @Test
    void httpsCallNeverGoesToAnHttpEndpoint() throws Exception {
        int before = plain.connections();
        try (Fleet fleet = fleet(plain.endpoint())) {
            Throwable blocking = catchThrowable(() -> fleet.send(request("https")));
            Throwable async = catchThrowable(() -> fleet.client()
                    .sendAsync(request("https").build(), BodyHandlers.ofString())
                    .join());
            assertThat(blocking)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("orders")
                    .hasMessageContaining("https");
            assertThat(async).hasCauseInstanceOf(IOException.class).hasMessageContaining("https");
            assertThat(plain.connections()).isEqualTo(before);
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.inFlight()).isZero();
        }
    }

    @Test
    void httpsCallPicksTheHttpsEndpointOfAMixedList() throws Exception {
        int before = plain.requests().size();
        try (Fleet fleet = fleet(plain.endpoint(), ScriptedServer.refusing(), secure.endpoint())) {
            for (int i = 0; i < 5; i++) {
                assertThat(fleet.send(request("https")).body()).isEqualTo("secure:");
                assertThat(fleet.client()
                                .sendAsync(request("https").build(), BodyHandlers.ofString())
                                .join()
                                .body())
                        .isEqualTo("secure:");
            }
            assertThat(plain.requests()).hasSize(before);
            assertThat(fleet.stats(0).successes()).isZero();
            assertThat(fleet.stats(1).failures()).isZero();
        }
    }

    @Test
    void httpsCallThatIsRepeatedStaysAmongTheHttpsEndpointsOfAMixedList() throws Exception {
        int before = plain.requests().size();
        try (ScriptedServer busy = ScriptedServer.startTls(tls, visit -> visit.answer(503, "busy"));
                Fleet fleet = fleet(plain.endpoint(), busy.endpoint())) {
            HttpResponse<String> response = fleet.send(request("https"));
            assertThat(response.statusCode()).isEqualTo(503);
            assertThat(response.body()).isEqualTo("busy");
            assertThat(busy.requests()).hasSize(3);
            assertThat(plain.requests()).hasSize(before);
        }
    }

    @Test
    void httpsCallWithABodyIsRepeatedOnAnotherHttpsEndpoint() throws Exception {
        try (ScriptedServer busy = ScriptedServer.startTls(tls, visit -> visit.answer(503, "busy"));
                Fleet fleet = fleet(plain.endpoint(), busy.endpoint(), secure.endpoint())) {
            assertThat(fleet.send(request("https").PUT(BodyPublishers.ofString("body")))
                            .body())
                    .isEqualTo("secure:body");
        }
    }

    @Test
    void endpointOfAnotherProtocolIsRefusedForHttp() throws Exception {
        int before = plain.connections();
        try (Fleet fleet = fleet(Endpoint.of("tcp://127.0.0.1:" + plain.port()))) {
            for (String scheme : List.of("http", "https")) {
                assertThat(catchThrowable(() -> fleet.send(request(scheme))))
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("orders")
                        .hasMessageContaining("http");
            }
            assertThat(plain.connections()).isEqualTo(before);
        }
    }

    @Test
    void httpCallStepsOverEndpointsOfOtherProtocols() throws Exception {
        try (Fleet fleet =
                fleet(Endpoint.of("tcp://127.0.0.1:1"), Endpoint.of("udp://127.0.0.1:1"), plain.endpoint())) {
            assertThat(fleet.send(request("http")).body()).isEqualTo("plain");
            assertThat(fleet.client()
                            .sendAsync(request("http").build(), BodyHandlers.ofString())
                            .join()
                            .body())
                    .isEqualTo("plain");
        }
    }

    @Test
    void certificateThatIsNotTrustedIsTheCallersToSee() throws Exception {
        int before = secure.requests().size();
        try (Fleet fleet = Fleet.of(secure)) {
            assertThat(catchThrowable(() -> fleet.send(request("https").POST(BodyPublishers.ofString("secret")))))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(secure.requests()).hasSize(before);
            assertThat(fleet.inFlight()).isZero();
        }
    }
}
