package io.evenkeel.discovery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.Sources;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import io.evenkeel.discovery.contract.Waiting;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Against a web server of the JDK. */
@Execution(ExecutionMode.CONCURRENT)
class HttpEndpointsIT extends SourceContract {

    private ListServer server;

    @Override
    protected Registry registry() throws Exception {
        server = ListServer.started();
        return server;
    }

    @Override
    protected Duration looksEvery() {
        return Duration.ofMillis(100);
    }

    @Test
    void aListThatHasNotChangedIsNotSentAgain() throws Exception {
        server.list("[\"http://a\"]");
        Heard heard = new Heard();
        Watch watch = server.source().watch(heard);
        heard.awaitSize(1, soon());
        heard.awaitLife(soon());
        Waiting.until("it is asked again and again", soon(), () -> server.notModified() > 3);
        watch.close();
        assertThat(heard.lists()).hasSize(1);
        assertThat(server.notModified()).isGreaterThanOrEqualTo(server.requests() - 2);
    }

    @Test
    void anEntryThatIsNoEndpointIsReportedAndTheRestIsUsed() throws Exception {
        server.list(
                "{\"endpoints\": [{\"uri\": \"http://a\", \"weight\": -1}, {\"uri\": \"http://b\", \"weight\": 2}]}");
        Heard heard = new Heard();
        Watch watch = server.source().watch(heard);
        assertThat(heard.awaitSize(1, soon()))
                .containsExactly(Endpoint.of("http://b").withWeight(2));
        assertThat(heard.awaitTrouble(0, soon())).hasMessageContaining("weight is -1");
        server.list("[\"http://a\"]");
        heard.awaitUris(Set.of("http://a"), soon());
        watch.close();
    }

    @Test
    void aGroupOfPrometheusIsAList() throws Exception {
        server.list(
                "[{\"targets\": [\"10.0.0.1:80\", \"10.0.0.2:80\"], \"labels\": {\"__scheme__\": \"https\", \"zone\": \"eu-1a\", \"version\": 2}}]");
        Heard heard = new Heard();
        Watch watch = server.source().watch(heard);
        List<Endpoint> list = heard.awaitSize(2, soon());
        watch.close();
        assertThat(list.getFirst())
                .isEqualTo(Endpoint.of("https://10.0.0.1:80")
                        .withZone("eu-1a")
                        .withTag("zone", "eu-1a")
                        .withTag("version", "2"));
    }

    @Test
    @SuppressWarnings("try") // a watch is there to be closed
    void aCertificateIsTakenIfItsAuthorityIsTrustedAndElseRefusedBeforeTheTokenIsSent(@TempDir Path folder)
            throws Exception {
        Certificate ours = Certificate.of(folder, "ours", "127.0.0.1");
        Certificate theirs = Certificate.of(folder, "theirs", "127.0.0.1");
        try (ListServer secure = ListServer.started(Optional.of(ours.server()));
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(ours.client()).build();
                HttpClient doubting =
                        HttpClient.newBuilder().sslContext(theirs.client()).build()) {
            secure.list("[\"http://a\"]");
            HttpEndpoints source = secure.source().withTimeout(Duration.ofSeconds(5));
            for (HttpEndpoints each : List.of(source, source.withClient(doubting))) {
                Heard heard = new Heard();
                try (Watch watch = each.watch(heard)) {
                    assertThat(heard.awaitTrouble("SSLHandshakeException", soon()))
                            .hasMessageNotContaining(ListServer.TOKEN);
                    assertThat(heard.lists()).isEmpty();
                }
            }
            assertThat(secure.requests()).isZero();
            Heard heard = new Heard();
            try (Watch watch = source.withClient(trusting).watch(heard)) {
                heard.awaitUris(Set.of("http://a"), soon());
            }
        }
    }

    @Test
    @SuppressWarnings("try") // a watch is there to be closed
    void aCertificateOfAnotherHostIsRefusedBeforeTheTokenIsSent(@TempDir Path folder) throws Exception {
        Certificate elsewhere = Certificate.of(folder, "elsewhere", "127.0.0.2");
        try (ListServer secure = ListServer.started(Optional.of(elsewhere.server()));
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(elsewhere.client()).build()) {
            Heard refused = new Heard();
            try (Watch watch = secure.source()
                    .withTimeout(Duration.ofSeconds(5))
                    .withClient(trusting)
                    .watch(refused)) {
                assertThat(refused.awaitTrouble(0, soon()))
                        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
            }
            assertThat(refused.lists()).isEmpty();
            assertThat(secure.requests()).isZero();
        }
    }

    @Test
    void whatIsNoAddressOfAListIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> HttpEndpoints.at(URI.create("ftp://registry/list")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HttpEndpoints.at(URI.create("http://user:s3cret@registry/list")))
                .withMessageNotContaining("s3cret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> server.source().withInterval(Duration.ZERO))
                .withMessage("interval is PT0S, but must be PT0.1S to PT1H");
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> server.source().withClient(client))
                    .withMessage("client follows redirects, but must not: they could lead the headers to strangers");
        }
    }

    @Test
    void theAddressItselfNamesTheSource() {
        assertThat(Sources.of("https://registry.example/orders?x=1"))
                .isInstanceOf(HttpEndpoints.class)
                .hasToString("list at https://registry.example");
    }
}
