package io.evenkeel.discovery.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.Sources;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against servers with certificates. */
@SuppressWarnings("try") // a watch is there to be closed
class EtcdTlsIT {

    private static final Duration SOON = Duration.ofSeconds(20);

    private static Certificate own;
    private static Certificate others;

    @TempDir
    private Path folder;

    private final Heard heard = new Heard();

    @BeforeAll
    static void makeCertificates(@TempDir Path files) throws Exception {
        own = Certificate.of(files, "own", "127.0.0.1");
        others = Certificate.of(files, "others", "127.0.0.2");
    }

    @Test
    void aCertificateThatIsTrustedIsTaken() throws Exception {
        try (Server server = serve(own);
                Watch watch = Sources.of("etcd://127.0.0.1:%d/services/orders/?plaintext=false&ca=%s"
                                .formatted(server.port, own.ca()))
                        .watch(heard)) {
            heard.awaitSize(0, SOON);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void oneThatIsNotTrustedIsRefused() throws Exception {
        try (Server server = serve(own)) {
            refused(server.source(), "unable to find valid certification path");
            refused(server.source().withTrust(others.ca()), "unable to find valid certification path");
        }
    }

    @Test
    void oneOfAnotherHostIsRefused() throws Exception {
        try (Server server = serve(others)) {
            refused(server.source().withTrust(others.ca()), "No subject alternative names matching");
        }
    }

    private void refused(EndpointSource source, String why) throws InterruptedException {
        int before = heard.troubles().size();
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitTrouble(before, SOON))
                    .hasMessageStartingWith(source + ": UNAVAILABLE: io exception: ")
                    .hasMessageContaining(why);
        }
        assertThat(heard.lists()).isEmpty();
    }

    private Server serve(Certificate certificate) throws Exception {
        EtcdIT.needEtcd();
        int port = ServerProcess.freePort();
        String peer = "http://127.0.0.1:" + ServerProcess.freePort();
        String client = "https://127.0.0.1:" + port;
        ServerProcess process = ServerProcess.start(
                folder,
                port,
                "etcd",
                "--name=one",
                "--data-dir=" + folder.resolve("data"),
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer,
                "--initial-advertise-peer-urls=" + peer,
                "--initial-cluster=one=" + peer,
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--cert-file=" + certificate.certificate(),
                "--key-file=" + certificate.key());
        return new Server(process, port);
    }

    @SuppressWarnings("try") // closing may wait, and be interrupted
    private record Server(ServerProcess process, int port) implements AutoCloseable {

        EtcdEndpoints source() {
            return EtcdEndpoints.at("/services/orders/", URI.create("https://127.0.0.1:" + port));
        }

        @Override
        public void close() throws InterruptedException {
            process.close();
        }
    }
}
