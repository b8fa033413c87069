package io.evenkeel.discovery.kubernetes;

import static io.evenkeel.discovery.kubernetes.Slices.port;
import static io.evenkeel.discovery.kubernetes.Slices.ports;
import static io.evenkeel.discovery.kubernetes.Slices.ready;
import static io.evenkeel.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** As in a pod: over TLS, with the token, certificate and namespace that are mounted there, and nothing configured. */
@SuppressWarnings("try") // a watch is there to be closed
@Timeout(120)
class PodIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    @TempDir
    private static Path folder;

    private static Certificate own;
    private static Certificate others;

    @TempDir
    private Path mounted;

    private final Heard heard = new Heard();
    private FakeApiServer server;
    private Map<String, String> settings;

    @BeforeAll
    static void certify() throws Exception {
        own = Certificate.of(folder, "own", "127.0.0.1");
        others = Certificate.of(folder, "others", "127.0.0.1");
    }

    @BeforeEach
    void start() throws Exception {
        server = FakeApiServer.started(Optional.of(own.server()));
        server.setAll(List.of(slice("a", ports(port("http", 8080)), ready("10.0.0.1"))));
        // In a pod the first two are in the environment, and the others are files at places that are ours only here
        settings = Map.of(
                "KUBERNETES_SERVICE_HOST", "127.0.0.1",
                "KUBERNETES_SERVICE_PORT", Integer.toString(server.uri().getPort()),
                "kubernetes.certs.ca.file", own.ca().toString(),
                "kubernetes.auth.serviceAccount.token", file("token", FakeApiServer.TOKEN),
                "kubenamespace", file("namespace", "shop"),
                "kubernetes.auth.tryKubeConfig", "false");
        settings.forEach(System::setProperty);
    }

    @AfterEach
    void end() {
        settings.keySet().forEach(System::clearProperty);
        server.close();
    }

    @Test
    void theServiceAccountAsksForTheServiceOfItsOwnNamespace() throws Exception {
        try (Watch watch = KubernetesEndpoints.of("orders").watch(heard)) {
            heard.awaitUris(Set.of("http://10.0.0.1:8080"), SOON);
            server.setAll(List.of(slice("a", ports(port("http", 8080)), ready("10.0.0.2"))));
            heard.awaitUris(Set.of("http://10.0.0.2:8080"), SOON);
        }
        assertThat(server.asked).containsExactly("list shop", "watch shop");
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aTokenThatIsRenewedIsUsedByTheNextList() throws Exception {
        file("token", "one that has expired");
        try (Watch watch = KubernetesEndpoints.of("orders").watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("answers 401");
            file("token", FakeApiServer.TOKEN);
            heard.awaitUris(Set.of("http://10.0.0.1:8080"), SOON);
        }
    }

    @Test
    void aServerThatCannotProveWhoItIsIsNotAsked() throws Exception {
        System.setProperty("kubernetes.certs.ca.file", others.ca().toString());
        System.setProperty("kubernetes.trust.certificates", "true"); // whoever says so
        try (Watch watch = KubernetesEndpoints.of("orders").watch(heard)) {
            heard.awaitTrouble("SSLHandshakeException", SOON);
        } finally {
            System.clearProperty("kubernetes.trust.certificates");
        }
        assertThat(server.asked).isEmpty();
    }

    @Test
    void aServerWhoseCertificateIsForAnotherHostIsNotAsked() throws Exception {
        Certificate elsewhere = Certificate.of(folder, "elsewhere", "127.0.0.2");
        try (FakeApiServer other = FakeApiServer.started(Optional.of(elsewhere.server()))) {
            System.setProperty(
                    "KUBERNETES_SERVICE_PORT", Integer.toString(other.uri().getPort()));
            System.setProperty("kubernetes.certs.ca.file", elsewhere.ca().toString());
            System.setProperty("kubernetes.disable.hostname.verification", "true"); // whoever says so
            try (Watch watch = KubernetesEndpoints.of("orders").watch(heard)) {
                assertThat(heard.awaitTrouble(0, SOON))
                        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
            } finally {
                System.clearProperty("kubernetes.disable.hostname.verification");
            }
            assertThat(other.asked).isEmpty();
        }
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(mounted.resolve(name), content).toString();
    }
}
