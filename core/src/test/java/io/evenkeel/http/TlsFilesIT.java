package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.VirtualTime;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Certificates and keys from files, which may be replaced while the service runs. */
@Timeout(60)
class TlsFilesIT {

    @TempDir
    private Path folder;

    private final VirtualTime time = new VirtualTime();
    private final List<Exception> errors = new CopyOnWriteArrayList<>();
    private Pki pki;
    private Path ca;
    private Path chain;
    private Path key;

    @BeforeEach
    void writeFiles() throws Exception {
        pki = Pki.create();
        ca = pki.authority().writeCertificate(folder.resolve("ca.pem"));
        chain = folder.resolve("tls.crt");
        key = folder.resolve("tls.key");
        write(pki.issue("first"));
    }

    private void write(Pki.Identity identity) throws Exception {
        identity.writeCertificate(chain);
        identity.writeKey(key);
    }

    private SSLContext context() throws Exception {
        return TlsFiles.trusting(ca)
                .withKey(chain, key)
                .withCheckEvery(Duration.ofSeconds(10))
                .onError(errors::add)
                .context(time);
    }

    /** A server that wants a certificate, and says on each new connection whose it got. */
    private static final class Server implements AutoCloseable {

        private final SSLServerSocket listener;
        private final List<String> subjects = new CopyOnWriteArrayList<>();

        Server(SSLContext context) throws IOException {
            listener = (SSLServerSocket)
                    context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getLoopbackAddress());
            SSLParameters parameters = listener.getSSLParameters();
            parameters.setNeedClientAuth(true);
            listener.setSSLParameters(parameters);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            while (!listener.isClosed()) {
                try (SSLSocket socket = (SSLSocket) listener.accept()) {
                    socket.startHandshake();
                    X509Certificate shown =
                            (X509Certificate) socket.getSession().getPeerCertificates()[0];
                    subjects.add(shown.getSubjectX500Principal().getName());
                    var in = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
                    while (!in.readLine().isEmpty()) {
                        // the head of the request
                    }
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                                    .getBytes(StandardCharsets.ISO_8859_1));
                } catch (IOException | NullPointerException e) {
                    // the client has gone, or was refused
                }
            }
        }

        HttpRequest request() {
            return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + listener.getLocalPort() + "/"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .build();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private Server server() throws Exception {
        return new Server(pki.context(pki.issue("127.0.0.1")));
    }

    private static HttpClient client(SSLContext context) {
        return HttpClient.newBuilder().sslContext(context).build();
    }

    private static void get(HttpClient client, Server server) throws Exception {
        client.send(server.request(), BodyHandlers.discarding());
    }

    @Test
    void certificateThatWasReplacedIsShownOnNewConnections() throws Exception {
        try (Server server = server();
                HttpClient client = client(context())) {
            get(client, server);
            write(pki.issue("second"));
            get(client, server);
            time.advance(Duration.ofSeconds(10));
            get(client, server);
            assertThat(server.subjects).containsExactly("CN=first", "CN=first", "CN=second");
            assertThat(errors).isEmpty();
        }
    }

    /** One in memory, of TLS 1.3: the server hands over what a session is resumed by when the client has checked all and is done. */
    private static final class Handshake {

        private final SSLEngine client;
        private final SSLEngine server;
        private final ByteBuffer toServer = ByteBuffer.allocate(64 * 1024);
        private final ByteBuffer toClient = ByteBuffer.allocate(64 * 1024);

        Handshake(SSLContext of, SSLContext at) throws SSLException {
            client = of.createSSLEngine("orders", 8443);
            client.setUseClientMode(true);
            client.beginHandshake();
            server = at.createSSLEngine();
            server.setUseClientMode(false);
            server.beginHandshake();
        }

        void untilTheClientIsDone() throws SSLException {
            while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                step(client, toClient, toServer);
                if (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING) {
                    step(server, toServer, toClient);
                }
            }
        }

        void finish(SSLContext of) throws SSLException {
            while (sessions(of).isEmpty()) {
                step(server, toServer, toClient);
                step(client, toClient, toServer);
            }
        }

        private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
            switch (engine.getHandshakeStatus()) {
                case NEED_TASK -> engine.getDelegatedTask().run();
                case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
                default -> {
                    in.flip();
                    engine.unwrap(in, ByteBuffer.allocate(32 * 1024));
                    in.compact();
                }
            }
        }
    }

    private static List<byte[]> sessions(SSLContext context) {
        return Collections.list(context.getClientSessionContext().getIds());
    }

    @Test
    void sessionOfAHandshakeThatBeganWithTheOldFilesIsForgottenAtTheNextLook() throws Exception {
        SSLContext context = context();
        Handshake slow = new Handshake(context, pki.context(pki.issue("orders")));
        slow.untilTheClientIsDone();
        write(pki.issue("second"));
        time.advance(Duration.ofSeconds(10));
        context.createSSLEngine();
        slow.finish(context);
        assertThat(sessions(context)).isNotEmpty();
        time.advance(Duration.ofSeconds(10));
        context.createSSLEngine();
        assertThat(sessions(context)).isEmpty();
    }

    @Test
    void garbageLeavesTheOldCertificateInUseAndIsToldOnce() throws Exception {
        try (Server server = server();
                HttpClient client = client(context())) {
            Files.writeString(key, "garbage");
            for (int i = 0; i < 3; i++) {
                time.advance(Duration.ofSeconds(10));
                get(client, server);
            }
            assertThat(server.subjects).containsOnly("CN=first").hasSize(3);
            assertThat(errors)
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains(key.toString())
                    .doesNotContain("garbage");
            write(pki.issue("second"));
            time.advance(Duration.ofSeconds(10));
            get(client, server);
            assertThat(server.subjects.get(3)).isEqualTo("CN=second");
        }
    }

    @Test
    void filesThatAreGoneLeaveTheOldCertificateInUse() throws Exception {
        try (Server server = server();
                HttpClient client = client(context())) {
            Files.delete(chain);
            Files.delete(key);
            time.advance(Duration.ofSeconds(10));
            get(client, server);
            assertThat(server.subjects).containsExactly("CN=first");
            assertThat(errors).hasSize(1);
        }
    }

    @Test
    void keyOfAnotherCertificateWaitsForIts() throws Exception {
        Pki.Identity second = pki.issue("second");
        try (Server server = server();
                HttpClient client = client(context())) {
            second.writeKey(key);
            time.advance(Duration.ofSeconds(10));
            get(client, server);
            second.writeCertificate(chain);
            time.advance(Duration.ofSeconds(10));
            get(client, server);
            assertThat(server.subjects).containsExactly("CN=first", "CN=second");
            assertThat(errors).hasSize(1).first().asString().contains("not that of the certificate");
        }
    }

    @Test
    void authorityThatWasReplacedIsTrustedAndTheOldOneNoMore() throws Exception {
        Pki other = Pki.create();
        try (Server server = server();
                HttpClient client =
                        client(TlsFiles.trusting(ca).withKey(chain, key).context(time))) {
            get(client, server);
            other.authority().writeCertificate(ca);
            time.advance(Duration.ofSeconds(10));
            assertThat(catchThrowable(() -> get(client, server))).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void keysOfEveryKindAreRead(String algorithm) throws Exception {
        write(pki.issue(Pki.keys(algorithm), Instant.now().plusSeconds(3600), "own"));
        try (Server server = server();
                HttpClient client = client(context())) {
            get(client, server);
            assertThat(server.subjects).containsExactly("CN=own");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void keysAsOpenSslWroteThemBeforeAreRead(String algorithm) throws Exception {
        Pki.Identity own = pki.issue(Pki.keys(algorithm), Instant.now().plusSeconds(3600), "own");
        own.writeCertificate(chain);
        Files.writeString(key, traditional(own));
        try (Server server = server();
                HttpClient client = client(context())) {
            get(client, server);
            assertThat(server.subjects).containsExactly("CN=own");
        }
    }

    private static String traditional(Pki.Identity own) throws Exception {
        var info = PrivateKeyInfo.getInstance(own.keys().getPrivate().getEncoded());
        String kind = own.keys().getPrivate().getAlgorithm();
        var encoded = info.parsePrivateKey().toASN1Primitive();
        if (kind.equals("EC")) {
            var bare = ECPrivateKey.getInstance(encoded);
            encoded = new ECPrivateKey(
                            bitsOf(own),
                            bare.getKey(),
                            info.getPrivateKeyAlgorithm().getParameters())
                    .toASN1Primitive();
        }
        return Pki.pem(kind + " PRIVATE KEY", encoded.getEncoded());
    }

    private static int bitsOf(Pki.Identity own) {
        return ((ECKey) own.keys().getPrivate()).getParams().getOrder().bitLength();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "garbage",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nA\n-----END PRIVATE KEY-----",
                "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"
            })
    void keyThatIsNoneIsRefusedAtTheStartByTheNameOfItsFile(String content) throws Exception {
        Files.writeString(key, content);
        assertThatIOException().isThrownBy(this::context).withMessageContaining(key.toString());
    }

    @Test
    void fileThatIsMissingIsRefusedAtTheStart() throws Exception {
        Files.delete(ca);
        assertThatIOException().isThrownBy(this::context).withMessageContaining(ca.toString());
    }

    @Test
    void pauseBetweenChecksMustBeLongerThanZero() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TlsFiles.trustingDefaults().withCheckEvery(Duration.ZERO))
                .withMessageContaining("PT0S");
    }
}
