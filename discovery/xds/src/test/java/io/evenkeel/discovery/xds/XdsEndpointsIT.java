package io.evenkeel.discovery.xds;

import static io.evenkeel.discovery.xds.Messages.ENDPOINTS;
import static io.evenkeel.discovery.xds.Messages.assignmentOf;
import static io.evenkeel.discovery.xds.Messages.changed;
import static io.evenkeel.discovery.xds.Messages.garbage;
import static io.evenkeel.discovery.xds.Messages.world;
import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.Sources;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Waiting;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a server that does what a test tells it: what the real one does not do. */
@Timeout(60)
class XdsEndpointsIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofMillis(300);
    /** Enough to connect and answer, on a machine that is busy. */
    private static final Duration MORE_PATIENCE = Duration.ofSeconds(3);

    private static final String URI_OF_A = "http://10.0.0.1:80";
    private static final DiscoveryResponse A = world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1"));

    @TempDir
    private static Path folder;

    private static Certificate ours;
    private static Certificate theirs;

    private final Heard heard = new Heard();
    private ScriptedServer server;
    private Watch watch;

    @BeforeAll
    static void makeCertificates() throws Exception {
        ours = Certificate.of(folder, "ours", "127.0.0.1");
        theirs = Certificate.of(folder, "theirs", "127.0.0.1");
    }

    @AfterEach
    void close() {
        if (watch != null) {
            watch.close();
        }
        if (server != null) {
            server.close();
        }
    }

    // Streams

    @Test
    void aUriIsEnoughToWatch() throws Exception {
        server = ScriptedServer.start();
        watch = Sources.of("xds://" + server.address() + "/orders?plaintext=true&node=web-1&node-cluster=web&region=eu"
                        + "&zone=eu-1a&sub-zone=rack-7")
                .watch(heard);

        var stream = server.world();
        DiscoveryRequest first = stream.hear();
        stream.say(A);

        assertThat(first.getNode().getId()).isEqualTo("web-1");
        assertThat(first.getNode().getCluster()).isEqualTo("web");
        assertThat(first.getNode().getLocality().getRegion()).isEqualTo("eu");
        assertThat(first.getNode().getLocality().getZone()).isEqualTo("eu-1a");
        assertThat(first.getNode().getLocality().getSubZone()).isEqualTo("rack-7");
        heard.awaitUris(Set.of(URI_OF_A), SOON);
    }

    @Test
    void whatCannotBeReadIsRefusedOnTheWireAndTheListStays() throws Exception {
        var stream = publishA();

        stream.say(world(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));
        DiscoveryRequest nack = stream.hear();

        assertThat(nack.getVersionInfo()).isEqualTo("7");
        assertThat(nack.getResponseNonce()).isEqualTo("n2");
        assertThat(nack.getErrorDetail().getMessage()).startsWith("holds what is no ClusterLoadAssignment");
        heard.awaitTrouble(0, SOON);
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void aServerThatRepeatsWhatWasRefusedIsLeftAloneForAWhile() throws Exception {
        var stream = publishA();
        stream.say(world(ENDPOINTS, "8", "n2", garbage(ENDPOINTS)));
        stream.hear();
        stream.say(world(ENDPOINTS, "8", "n3", garbage(ENDPOINTS)));

        assertThat(heard.awaitTrouble(1, SOON)).hasMessage(heard.messages().getFirst()); // and so no news to a balancer
        var next = server.world();
        assertThat(next.hear().getVersionInfo()).isEqualTo("7");
        next.say(A);
        heard.awaitLife(SOON);
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void aBrokenStreamIsBegunAgainWithTheVersionThatIsKnownAndTheSameListConfirmed() throws Exception {
        var stream = publishA();
        stream.end(Status.UNAVAILABLE.withDescription("going down"));

        assertThat(heard.awaitTrouble(0, SOON)).hasMessage("xds://" + server.address() + ": UNAVAILABLE: going down");
        var next = server.world();
        assertThat(next.hear().getVersionInfo()).isEqualTo("7");
        next.say(world(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));
        heard.awaitLife(SOON);
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void aDeltaStreamBeginsAgainWithTheVersionsThatAreHeldAndSilenceConfirmsTheList() throws Exception {
        server = ScriptedServer.start();
        watch = source().withDelta(true).watch(heard, PATIENCE);
        var stream = server.delta();
        assertThat(stream.hear().getInitialResourceVersionsMap()).isEmpty();
        stream.say(changed(ENDPOINTS, "7", "n1", assignmentOf("orders", "10.0.0.1")));
        heard.awaitUris(Set.of(URI_OF_A), SOON);
        assertThat(stream.hear().getResponseNonce()).isEqualTo("n1");

        stream.end(Status.UNAVAILABLE);
        heard.awaitTrouble(0, SOON);
        DeltaDiscoveryRequest again = server.delta().hear();

        assertThat(again.getInitialResourceVersionsMap()).containsExactly(Map.entry("orders", "7"));
        heard.awaitLife(SOON);
        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.troubles()).hasSize(1);
    }

    @Test
    void aStreamThatEndsInGoodOrderIsBegunAgainWithoutTrouble() throws Exception {
        publishA().end();

        server.world().say(world(ENDPOINTS, "8", "n1", assignmentOf("orders", "10.0.0.2")));

        heard.awaitUris(Set.of("http://10.0.0.2:80"), SOON);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aStreamThatIsSilentSinceItsVersionIsKnownAndThenEndsInGoodOrderIsBegunAgainWithoutTrouble() throws Exception {
        var next = renewed(publishA(MORE_PATIENCE));
        heard.awaitLife(SOON);
        next.end();

        assertThat(server.world().hear().getVersionInfo()).isEqualTo("7");
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aStreamThatIsSilentSinceItsVersionIsKnownGoesOnThoughItsServerWantsNoOtherOnTheConnection() throws Exception {
        renewed(publishA(MORE_PATIENCE));
        server.goAway();

        heard.awaitLife(SOON);
        heard.awaitLife(SOON);
        assertThat(heard.troubles()).isEmpty();
    }

    /** The stream that comes after this one, once the client has asked on it. */
    private ScriptedServer.Talk<DiscoveryRequest, DiscoveryResponse> renewed(
            ScriptedServer.Talk<DiscoveryRequest, DiscoveryResponse> last) throws Exception {
        last.end();
        var next = server.world();
        assertThat(next.hear().getVersionInfo()).isEqualTo("7");
        return next;
    }

    @Test
    void aStreamThatEndsWithoutAnAnswerIsTrouble() throws Exception {
        server = ScriptedServer.start();
        watch = source().watch(heard);
        server.world().end();

        assertThat(heard.awaitTrouble(0, SOON))
                .hasMessageEndingWith("the control plane ended the stream without an answer");
    }

    @Test
    void anAnswerTooLargeIsTroubleAndTheNextOneIsUsed() throws Exception {
        var stream = publishA();
        stream.say(world(ENDPOINTS, "8", "n2", assignmentOf("orders", "10.0.0.2".repeat(17 << 17))));

        assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("RESOURCE_EXHAUSTED");
        server.world().say(world(ENDPOINTS, "9", "n1", assignmentOf("orders", "10.0.0.3")));
        heard.awaitUris(Set.of("http://10.0.0.3:80"), SOON);
        assertThat(heard.lists()).hasSize(2);
    }

    // Silence

    @Test
    void aServerThatSaysNothingIsReportedAndWaitedFor() throws Exception {
        server = ScriptedServer.start();
        watch = source().watch(heard, PATIENCE);
        var stream = server.world();

        assertThat(heard.awaitTrouble(0, SOON))
                .hasMessageEndingWith("the control plane has said nothing of the endpoints of orders for PT0.3S");
        Thread.sleep(3 * PATIENCE.toMillis());
        stream.say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);
        assertThat(heard.troubles()).hasSize(1);
    }

    @Test
    void aListIsConfirmedWhileItsStreamIsQuiet() throws Exception {
        server = ScriptedServer.start();
        watch = source().watch(heard, PATIENCE);
        server.world().say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);

        heard.awaitLife(SOON);
        heard.awaitLife(SOON);
        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aListIsConfirmedAlsoWhileOthersAreSpokenOf() throws Exception {
        server = ScriptedServer.start();
        watch = source().watch(heard, MORE_PATIENCE);
        var stream = server.world();
        stream.say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);

        Waiting.until("the list is confirmed", SOON, () -> {
            stream.say(world(ENDPOINTS, "7", "n2", assignmentOf("bills", "10.0.0.9")));
            return heard.confirmations() > 1;
        });
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void whoSpeaksOnlyOfOthersIsReported() throws Exception {
        server = ScriptedServer.start();
        watch = source().watch(heard, MORE_PATIENCE);
        var stream = server.world();

        Waiting.until("trouble", SOON, () -> {
            stream.say(world(ENDPOINTS, "7", "n1", assignmentOf("bills", "10.0.0.9")));
            return !heard.troubles().isEmpty();
        });
        assertThat(heard.messages())
                .singleElement()
                .asString()
                .endsWith("the control plane has said nothing of the endpoints of orders for PT3S");
    }

    @Test
    void whoAcceptsAndDoesNotGreetIsTrouble() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            watch = XdsEndpoints.of("127.0.0.1:" + silent.getLocalPort(), "orders")
                    .withPlaintext()
                    .watch(heard, PATIENCE);

            assertThat(heard.awaitTrouble(0, SOON)).hasMessageEndingWith("there was no connection within PT0.3S");
        }
    }

    // Credentials

    @Test
    void aTokenIsAskedForBeforeEachStreamAndNotShown() throws Exception {
        AtomicReference<String> token = new AtomicReference<>("old-t0ken");
        server = ScriptedServer.start();
        server.require("new-t0ken");
        watch = source().withToken(token::get).watch(heard);

        assertThat(heard.awaitTrouble(0, SOON))
                .hasMessageContaining("PERMISSION_DENIED: not let in: Bearer ***")
                .hasMessageNotContaining("old-t0ken");
        assertThat(heard.lists()).isEmpty();
        token.set("new-t0ken");
        server.world().say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);
    }

    @Test
    void aServerIsTrustedByItsAuthority() throws Exception {
        serveTls(ours);
        watch = XdsEndpoints.of(server.address(), "orders").withTls(ours.ca()).watch(heard);

        server.world().say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);
    }

    @Test
    void aServerOfAnotherAuthorityIsTrouble() throws Exception {
        serveTls(theirs);
        watch = XdsEndpoints.of(server.address(), "orders").withTls(ours.ca()).watch(heard);

        assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("UNAVAILABLE");
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void aServerWhoseCertificateIsForAnotherHostIsTrouble() throws Exception {
        Certificate elsewhere = Certificate.of(folder, "elsewhere", "127.0.0.2");
        serveTls(elsewhere);
        watch = XdsEndpoints.of(server.address(), "orders")
                .withTls(elsewhere.ca())
                .watch(heard);

        assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("javax.net.ssl.SSL");
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void withoutAWordAboutTlsNoPlaintextIsSpoken() throws Exception {
        server = ScriptedServer.start();
        watch = XdsEndpoints.of(server.address(), "orders").watch(heard);

        heard.awaitTrouble(0, SOON);
        assertThat(heard.lists()).isEmpty();
    }

    @Test
    void aCertificateOfOnesOwnIsShownWhereItIsAskedFor() throws Exception {
        server = ScriptedServer.start(TlsServerCredentials.newBuilder()
                .keyManager(ours.certificate().toFile(), ours.key().toFile())
                .trustManager(ours.ca().toFile())
                .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE)
                .build());
        watch = XdsEndpoints.of(server.address(), "orders")
                .withTls(ours.ca(), ours.certificate(), ours.key())
                .watch(heard);

        server.world().say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);
    }

    @Test
    void anAuthorityThatCannotBeReadIsTrouble() {
        watch = XdsEndpoints.of("127.0.0.1:1", "orders")
                .withTls(folder.resolve("none.pem"))
                .watch(heard);

        assertThat(trouble()).hasMessageContaining("none.pem");
    }

    // Words of these tests

    private XdsEndpoints source() {
        return XdsEndpoints.of(server.address(), "orders").withPlaintext();
    }

    private ScriptedServer.Talk<DiscoveryRequest, DiscoveryResponse> publishA() throws Exception {
        return publishA(Rounds.PATIENCE);
    }

    private ScriptedServer.Talk<DiscoveryRequest, DiscoveryResponse> publishA(Duration patience) throws Exception {
        server = ScriptedServer.start();
        watch = source().watch(heard, patience);
        var stream = server.world();
        assertThat(stream.hear().getVersionInfo()).isEmpty();
        stream.say(A);
        heard.awaitUris(Set.of(URI_OF_A), SOON);
        assertThat(stream.hear().getResponseNonce()).isEqualTo("n1");
        return stream;
    }

    private void serveTls(Certificate certificates) throws Exception {
        server = ScriptedServer.start(TlsServerCredentials.create(
                certificates.certificate().toFile(), certificates.key().toFile()));
    }

    private Exception trouble() {
        try {
            return heard.awaitTrouble(0, SOON);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
