package io.evenkeel.discovery.zookeeper;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
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

    @TempDir
    private static Path folder;

    private static Certificate own;
    private static Certificate others;
    private static ZooKeeperEndpoints source;
    private static ServerProcess server;

    private final Heard heard = new Heard();
    private Map<String, String> properties;

    @BeforeAll
    static void startServer() throws Exception {
        own = Certificate.of(folder, "own", "127.0.0.1");
        others = Certificate.of(folder, "others", "127.0.0.1");
        int port = ServerProcess.freePort();
        server = ZooKeeperRegistry.serve(folder, port, """
                secureClientPort=%d
                secureClientPortAddress=127.0.0.1
                serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory
                ssl.keyStore.location=%s
                ssl.keyStore.password=%s
                ssl.clientAuth=none
                """.formatted(port, own.keys(), Certificate.PASSWORD));
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
        trust(own);
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("has no usable entry"); // it was read
        }
    }

    @Test
    void oneThatIsNotTrustedIsRefused() throws Exception {
        trust(others);
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("no server took a connection");
        }
    }

    private void trust(Certificate certificate) {
        properties = Map.of(
                "zookeeper.client.secure",
                "true",
                "zookeeper.clientCnxnSocket",
                "org.apache.zookeeper.ClientCnxnSocketNetty",
                "zookeeper.ssl.trustStore.location",
                certificate.ca().toString());
        properties.forEach(System::setProperty);
    }
}
