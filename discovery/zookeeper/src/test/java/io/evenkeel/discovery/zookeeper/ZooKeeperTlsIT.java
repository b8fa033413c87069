package io.evenkeel.discovery.zookeeper;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With TLS as ZooKeeper's own client has it: by system properties. */
@SuppressWarnings("try") // a watch is there to be closed
class ZooKeeperTlsIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String PASSWORD = "changeit";

    @TempDir
    private static Path folder;

    private static ZooKeeperEndpoints source;
    private static ServerProcess server;

    private final Heard heard = new Heard();
    private Map<String, String> properties;

    @BeforeAll
    static void startServer() throws Exception {
        int port = ServerProcess.freePort();
        server = ZooKeeperRegistry.serve(folder, port, """
                secureClientPort=%d
                secureClientPortAddress=127.0.0.1
                serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                ssl.keyStore.location=%s
                ssl.keyStore.password=%s
                ssl.clientAuth=none
                """.formatted(port, key("own"), PASSWORD));
        source = ZooKeeperEndpoints.at("127.0.0.1:" + port, "/zookeeper");
    }

    @AfterAll
    static void endServer() throws Exception {
        server.close();
    }

    @AfterEach
    void forgetProperties() {
        properties.keySet().forEach(System::clearProperty);
    }

    @Test
    void aCertificateThatIsTrustedIsTaken() throws Exception {
        trust(folder.resolve("own.p12"));
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("has no usable entry"); // it was read
        }
    }

    @Test
    void oneThatIsNotTrustedIsRefused() throws Exception {
        trust(key("other"));
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("no server took a connection");
        }
    }

    private void trust(Path store) throws Exception {
        properties = Map.of(
                "zookeeper.client.secure",
                "true",
                "zookeeper.clientCnxnSocket",
                "org.apache.zookeeper.ClientCnxnSocketNetty",
                "zookeeper.ssl.trustStore.location",
                certificate(store).toString(),
                "zookeeper.ssl.trustStore.password",
                PASSWORD);
        properties.forEach(System::setProperty);
    }

    /** A key with a certificate that signs itself. */
    private static Path key(String name) throws Exception {
        Path store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair -alias it -keyalg EC -dname CN=it -ext SAN=ip:127.0.0.1,dns:localhost -storepass %s -keystore %s"
                        .formatted(PASSWORD, store));
        return store;
    }

    /** Its certificate, in a store for those who trust it. */
    private static Path certificate(Path key) throws Exception {
        Path file = Path.of(key + ".cer");
        Path store = Path.of(key + ".trust.p12");
        keytool("-exportcert -alias it -storepass %s -keystore %s -file %s".formatted(PASSWORD, key, file));
        keytool("-importcert -noprompt -alias it -storepass %s -keystore %s -file %s".formatted(PASSWORD, store, file));
        return store;
    }

    private static void keytool(String words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(words.split(" ")));
        Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }
}
