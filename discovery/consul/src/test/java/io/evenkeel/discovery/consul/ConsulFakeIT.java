package io.evenkeel.discovery.consul;

import static io.evenkeel.discovery.consul.FakeConsul.json;
import static io.evenkeel.discovery.consul.FakeConsul.saying;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.Registry.Fault;
import io.evenkeel.discovery.contract.SourceContract;
import io.evenkeel.discovery.contract.Waiting;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real agent does rarely, or never. */
@SuppressWarnings("try") // a watch is there to be closed
@Execution(ExecutionMode.CONCURRENT)
class ConsulFakeIT extends SourceContract {

    @Override
    protected Registry registry() throws IOException {
        return FakeConsul.started();
    }

    private FakeConsul consul() {
        return (FakeConsul) theRegistry();
    }

    private ConsulEndpoints source() {
        return consul().source();
    }

    private List<Endpoint> endpoints(int howMany) {
        return service().endpoints(0, howMany);
    }

    private Set<String> uris(int howMany) {
        return endpoints(howMany).stream()
                .map(endpoint -> endpoint.uri().toString())
                .collect(Collectors.toSet());
    }

    // The index

    @Test
    void eachQuestionGoesOnWhereTheLastAnswerEnded() throws Exception {
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().withWait(Duration.ofSeconds(1)).watch(heard)) {
            heard.awaitSize(2, soon());
            consul().publish(endpoints(3));
            heard.awaitSize(3, soon());
            awaitQuestions(4);
        }
        assertThat(consul().questions())
                .startsWith(
                        "passing=true",
                        "passing=true&index=11&wait=1000ms",
                        "passing=true&index=12&wait=1000ms",
                        "passing=true&index=12&wait=1000ms");
        assertThat(heard.lists()).hasSize(2);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void whatIsSaidWithAnIndexThatWentBackIsAskedForAgainBeforeItIsBelieved() throws Exception {
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            awaitQuestions(2);
            consul().answerOnce(saying(200, 3, "[]"));
            consul().goBackTo(5);
            awaitQuestions(4);
            consul().publish(endpoints(3));
            heard.awaitUris(uris(3), soon());
        }
        assertThat(consul().questions().subList(1, 4))
                .containsExactly(
                        "passing=true&index=11&wait=55000ms", "passing=true", "passing=true&index=5&wait=55000ms");
        assertThat(heard.lists()).containsExactly(endpoints(2), endpoints(3));
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aRegistryThatForgotEverythingIsFollowed() throws Exception {
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            heard.awaitSize(2, soon());
            consul().kill();
            heard.awaitTrouble(0, soon());
            consul().goBackTo(0);
            consul().publish(List.of());
            consul().start();
            heard.awaitSize(0, soon());
            consul().publish(endpoints(1));
            heard.awaitUris(uris(1), soon());
        }
    }

    @Test
    void anIndexOfZeroIsNotSentBack() throws Exception {
        Heard heard = new Heard();
        consul().answerOnce(saying(200, 0, json(endpoints(2))));
        consul().answerOnce(saying(200, 0, json(endpoints(3))));
        consul().publish(endpoints(1));
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(uris(1), soon());
        }
        assertThat(heard.lists()).containsExactly(endpoints(2), endpoints(3), endpoints(1));
        assertThat(consul().questions())
                .startsWith("passing=true", "passing=true&index=1&wait=55000ms", "passing=true&index=1&wait=55000ms");
    }

    @Test
    void anAgentThatDoesNotWaitIsNotAskedAllTheTime() throws Exception {
        consul().publish(endpoints(2));
        for (int i = 0; i < 20; i++) {
            consul().answerOnce(saying(200, 11, json(endpoints(2))));
        }
        Heard heard = new Heard();
        long began = System.nanoTime();
        try (Watch watch = source().watch(heard)) {
            awaitQuestions(11); // the last two of which waited a second each, less a tenth
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(1_700));
        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anotherIndexAloneIsNoOtherList() throws Exception {
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            heard.awaitSize(2, soon());
            consul().publish(endpoints(2));
            awaitQuestions(3);
        }
        assertThat(heard.lists()).hasSize(1);
    }

    private void awaitQuestions(int howMany) throws InterruptedException {
        Waiting.until(howMany + " questions", soon(), () -> consul().questions().size() >= howMany);
    }

    // Trouble

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    500 | 12  | No cluster leader      | answered 500: No cluster leader
                    500 | 12  | ``                     | answered 500
                    403 | 12  | ACL not found          | answered 403: ACL not found; the token needs service:read on orders, and node:read
                    307 | 12  | ``                     | answered 307
                    404 | 12  | no such page           | answered 404: no such page
                    200 | 12  | ``                     | answer about orders is empty
                    200 | 12  | <html>                 | answer about orders is not JSON
                    200 | 12  | {"endpoints": []}      | answer about orders is no list of instances
                    200 | 12  | [{"Node": {}}]         | answer about orders has no usable entry: entry 0 is dropped: uri is missing
                    200 | ``  | []                     | answer has the index "", but must have a number: is it Consul?
                    200 | -1  | []                     | answer has the index "-1"
                    200 | 1e3 | []                     | answer has the index "1e3"
                    200 | 99999999999999999999 | []    | answer has the index "99999999999999999999"
                    """)
    void anAnswerOfNoUseIsTrouble(int status, String index, String body, String words) throws Exception {
        isTrouble(saying(status, index, body), words);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        isTrouble(
                exchange -> {
                    exchange.getResponseHeaders().set("Location", consul().uri() + "/v1/health/service/orders");
                    exchange.sendResponseHeaders(301, -1);
                },
                "answered 301");
    }

    @Test
    void aReasonThatRepeatsTheTokenIsShownWithoutIt() throws Exception {
        isTrouble(saying(400, 12, "X-Consul-Token: " + FakeConsul.TOKEN), "answered 400: X-Consul-Token: ***");
    }

    @Test
    void aBodyThatBreaksOffIsTrouble() throws Exception {
        isTrouble(
                exchange -> {
                    exchange.getResponseHeaders().set("X-Consul-Index", "12");
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().write('[');
                    exchange.getResponseBody().flush();
                },
                "could not be asked");
    }

    @Test
    void aBodyThatTricklesIsTrouble() throws Exception {
        isTroubleOf(
                source().withWait(Duration.ofSeconds(1)).withTimeout(Duration.ofSeconds(2)),
                ConsulFakeIT::trickle,
                "did not answer within PT3.0625S");
    }

    private static void trickle(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("X-Consul-Index", "12");
        exchange.sendResponseHeaders(200, 0);
        for (int i = 0; i < 1_000; i++) {
            exchange.getResponseBody().write(i == 0 ? '[' : ' ');
            exchange.getResponseBody().flush();
            pause();
        }
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void anEmptyListIsNotBelievedFromOneWhoMayNotTell() throws Exception {
        isTrouble(
                exchange -> {
                    exchange.getResponseHeaders().set("X-Consul-Results-Filtered-By-ACLs", "true");
                    saying(200, 12, "[]").handle(exchange);
                },
                "hides all instances; the token needs service:read on orders");
    }

    @Test
    void aListOfWhichSomeAreHiddenIsUsedAndThatIsReported() throws Exception {
        consul().answerOnce(exchange -> {
            exchange.getResponseHeaders().set("X-Consul-Results-Filtered-By-ACLs", "true");
            saying(200, 5, json(endpoints(2))).handle(exchange);
        });
        consul().publish(endpoints(3));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(uris(3), soon());
        }
        assertThat(heard.lists()).containsExactly(endpoints(2), endpoints(3));
        assertThat(heard.troubles())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo(consul().uri() + "'s answer about orders: it hides some instances; the token needs"
                        + " service:read on orders, and node:read");
    }

    @Test
    void aListOfAServerThatKnowsNoLeaderIsUsedAndThatIsReported() throws Exception {
        consul().answerOnce(withoutLeader(saying(200, 5, json(endpoints(3)))));
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().withStale(true).watch(heard)) {
            heard.awaitSize(2, soon());
        }
        assertThat(heard.lists()).containsExactly(endpoints(3), endpoints(2));
        assertThat(heard.messages()).containsExactly(noLeader());
    }

    @Test
    void aServerThatKnowsNoLeaderIsReportedOnceAndConfirmsNoListWhateverItsIndexIs() throws Exception {
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().withStale(true).watch(heard)) {
            heard.awaitSize(2, soon());
            for (int index : new int[] {11, 11, 12, 5, 5}) { // the first 5 is asked for again, from the start
                consul().answerOnce(withoutLeader(saying(200, index, json(endpoints(2)))));
            }
            awaitQuestions(8);
        }
        assertThat(heard.confirmations()).isEqualTo(1); // by the leader that has answered then
        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.messages()).containsExactly(noLeader());
    }

    private String noLeader() {
        return consul().uri() + "'s answer about orders: its server knows no leader, so it may be of any age";
    }

    private static HttpHandler withoutLeader(HttpHandler answer) {
        return exchange -> {
            exchange.getResponseHeaders().set("X-Consul-KnownLeader", "false");
            answer.handle(exchange);
        };
    }

    /** One answer like that is reported and changes nothing, and the next question is from the start. */
    private void isTrouble(HttpHandler answer, String words) throws Exception {
        isTroubleOf(source(), answer, words);
    }

    private void isTroubleOf(ConsulEndpoints source, HttpHandler answer, String words) throws Exception {
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source.watch(heard)) {
            heard.awaitSize(2, soon());
            consul().answerOnce(answer);
            assertThat(heard.awaitTrouble(0, soon()))
                    .hasMessageContainingAll(consul().uri().toString(), words)
                    .hasMessageNotContaining(FakeConsul.TOKEN);
            assertThat(heard.lists()).hasSize(1);
            consul().publish(endpoints(3));
            heard.awaitUris(uris(3), soon());
        }
        assertThat(heard.lists()).hasSize(2);
    }

    @Test
    void whoIsSlowIsGivenUpOn() throws Exception {
        consul().harm(Fault.SLOW);
        Heard heard = new Heard();
        try (Watch watch = source().withTimeout(Duration.ofMillis(100)).watch(heard)) {
            assertThat(heard.awaitTrouble(0, soon())).hasMessageContaining("did not answer within PT0.1S");
        }
    }

    @Test
    void anInstanceThatIsNoEndpointIsReportedOnceAndTheRestIsUsed() throws Exception {
        String answer = json(endpoints(2)).replace("]", ", {\"Service\": {\"Address\": \"10.0.0.1\", \"Port\": 0}}]");
        for (int i = 0; i < 3; i++) {
            consul().answerOnce(saying(200, 5 + i, answer));
        }
        consul().publish(endpoints(3));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(uris(3), soon());
        }
        assertThat(heard.lists()).containsExactly(endpoints(2), endpoints(3));
        assertThat(heard.troubles())
                .singleElement()
                .extracting(Throwable::getMessage)
                .isEqualTo(
                        consul().uri() + "'s answer about orders: entry 2 is dropped: endpoint http://10.0.0.1:0 has a"
                                + " port outside 1 to 65535");
    }

    // Tokens and certificates

    @Test
    void aTokenInAFileMayBeReplaced(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("token"), "outdated");
        consul().publish(endpoints(2));
        Heard heard = new Heard();
        try (Watch watch = source().withTokenFile(file).watch(heard)) {
            assertThat(heard.awaitTrouble(0, soon()))
                    .hasMessageContaining("answered 403")
                    .hasMessageNotContaining("outdated");
            Files.writeString(file, FakeConsul.TOKEN + "\n");
            heard.awaitSize(2, soon());
        }
        assertThat(consul().questions()).noneMatch(query -> query.contains("token"));
    }

    @Test
    void aCertificateIsTakenIfItsAuthorityIsTrustedAndElseRefusedBeforeTheTokenIsSent(@TempDir Path folder)
            throws Exception {
        Certificate ours = Certificate.of(folder, "ours", "127.0.0.1");
        Certificate theirs = Certificate.of(folder, "theirs", "127.0.0.1");
        try (FakeConsul server = FakeConsul.started(Optional.of(ours.server()));
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(ours.client()).build();
                HttpClient doubting =
                        HttpClient.newBuilder().sslContext(theirs.client()).build()) {
            server.publish(endpoints(2));
            for (ConsulEndpoints source :
                    List.of(server.source(), server.source().withClient(doubting))) {
                Heard heard = new Heard();
                try (Watch watch = source.watch(heard)) {
                    assertThat(heard.awaitTrouble("SSLHandshakeException", soon()))
                            .hasMessageNotContaining(FakeConsul.TOKEN);
                    assertThat(heard.lists()).isEmpty();
                }
            }
            assertThat(server.questions()).isEmpty();
            Heard heard = new Heard();
            try (Watch watch = server.source().withClient(trusting).watch(heard)) {
                heard.awaitUris(uris(2), soon());
            }
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedBeforeTheTokenIsSent(@TempDir Path folder) throws Exception {
        Certificate elsewhere = Certificate.of(folder, "elsewhere", "127.0.0.2");
        try (FakeConsul server = FakeConsul.started(Optional.of(elsewhere.server()));
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(elsewhere.client()).build()) {
            Heard refused = new Heard();
            try (Watch watch = server.source().withClient(trusting).watch(refused)) {
                assertThat(refused.awaitTrouble(0, soon()))
                        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
            }
            assertThat(refused.lists()).isEmpty();
            assertThat(server.questions()).isEmpty();
        }
    }
}
