package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Certificate;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.Registry.Fault;
import io.evenkeel.discovery.contract.SourceContract;
import io.evenkeel.discovery.contract.Waiting;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no real server does on demand; and the contract, asked by delta. */
@SuppressWarnings("try") // a watch is there to be closed
@Execution(ExecutionMode.CONCURRENT)
class EurekaFakeIT extends SourceContract {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:8080");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Heard heard = new Heard();

    @Override
    protected Registry registry() throws Exception {
        return FakeEureka.started(true);
    }

    @Override
    protected Duration looksEvery() {
        return SECOND;
    }

    private FakeEureka fake() {
        return (FakeEureka) theRegistry();
    }

    private EurekaEndpoints source(FakeEureka... servers) {
        return EurekaEndpoints.of(
                        "ORDERS", List.of(servers).stream().map(FakeEureka::url).toArray(java.net.URI[]::new))
                .withPollInterval(SECOND);
    }

    // Trouble

    @ParameterizedTest
    @CsvSource({
        "401, it does not take our credentials",
        "403, it does not take our credentials",
        "500, answered with status 500",
        "302, answered with status 302"
    })
    void aStatusIsTroubleThatNamesTheServerAndTheReason(int status, String reason) throws Exception {
        fake().answerWith(status);

        try (Watch watch = source(fake()).watch(heard)) {
            assertThat(heard.awaitTrouble(0, soon()))
                    .hasMessageStartingWith("http://127.0.0.1:" + fake().url().getPort() + " ")
                    .hasMessageContaining(reason);
        }
        assertThat(heard.lists()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "GARBAGE, gave an answer that is not ", // UTF-8, or JSON
        "HUGE, the answer is longer than 64 MiB"
    })
    void anAnswerOfNoUseIsTroubleAndTheListStays(Fault fault, String reason) throws Exception {
        fake().publish(List.of(A));

        try (Watch watch = source(fake()).watch(heard)) {
            heard.awaitSize(1, soon());
            fake().harm(fault);
            assertThat(heard.awaitTrouble(0, soon())).hasMessageContaining(reason);
        }
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thatNobodyIsRegisteredIsTroubleAndTheListStays(boolean delta) throws Exception {
        fake().publish(List.of(A));

        try (Watch watch = source(fake()).withDelta(delta).watch(heard)) {
            heard.awaitSize(1, soon());
            fake().publish(List.of());
            assertThat(heard.awaitTrouble(0, soon())).hasMessageEndingWith(" knows nobody who is registered as ORDERS");
        }
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thatNobodyIsUpIsAnEmptyList(boolean delta) throws Exception {
        fake().publish(List.of(A));

        try (Watch watch = source(fake()).withDelta(delta).watch(heard)) {
            heard.awaitSize(1, soon());
            fake().register(Map.of(A.id(), FakeEureka.instance(A, "OUT_OF_SERVICE")));
            heard.awaitSize(0, soon());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anInstanceThatIsLeftOutIsToldOnce() throws Exception {
        fake().register(Map.of(
                A.id(), FakeEureka.instance(A, "UP"), "b", "{\"instanceId\": \"b\", \"status\": \"UP\"}"));

        try (Watch watch = source(fake()).watch(heard)) {
            heard.awaitTrouble(0, soon());
            heard.awaitLife(soon());
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).containsExactly(List.of(A));
        assertThat(heard.troubles())
                .extracting(Exception::getMessage)
                .containsExactly("ORDERS at Eureka: instance \"b\" is left out: it has neither hostName nor ipAddr");
    }

    // Credentials and clients

    @Test
    void credentialsAreShownAndWhoHasOthersIsRefused() throws Exception {
        fake().publish(List.of(A));
        try (Watch watch =
                source(fake()).withCredentials("me", () -> "swordfish").watch(heard)) {
            heard.awaitSize(1, soon());
        }

        Heard refused = new Heard();
        try (Watch watch = source(fake()).withCredentials("me", () -> "herring").watch(refused)) {
            assertThat(refused.awaitTrouble(0, soon()).toString())
                    .contains("status 401")
                    .doesNotContain("herring")
                    .doesNotContain("bWU6aGVycmluZw");
        }
        assertThat(refused.lists()).isEmpty();
    }

    @Test
    void aClientOfOnesOwnIsUsedAndLeftOpen() throws Exception {
        fake().publish(List.of(A));
        var threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "mine");
            thread.setDaemon(true);
            return thread;
        });
        try (HttpClient client = HttpClient.newBuilder().executor(threads).build()) {
            try (Watch watch = source(fake()).withClient(client).watch(heard)) {
                heard.awaitSize(1, soon());
                assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .contains("mine");
            }
            assertThat(client.isTerminated()).isFalse();
            Heard again = new Heard();
            try (Watch watch = source(fake()).withClient(client).watch(again)) {
                again.awaitSize(1, soon());
            }
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aCertificateIsTakenIfItsAuthorityIsTrustedAndElseRefusedBeforeThePasswordIsSent(@TempDir Path folder)
            throws Exception {
        Certificate ours = Certificate.of(folder, "ours", "127.0.0.1");
        Certificate theirs = Certificate.of(folder, "theirs", "127.0.0.1");
        try (FakeEureka server = FakeEureka.started(false, Optional.of(ours.server()));
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(ours.client()).build();
                HttpClient doubting =
                        HttpClient.newBuilder().sslContext(theirs.client()).build()) {
            server.publish(List.of(A));
            for (EurekaEndpoints source :
                    List.of(server.source(), server.source().withClient(doubting))) {
                Heard refused = new Heard();
                try (Watch watch = source.watch(refused)) {
                    refused.awaitTrouble("SSLHandshakeException", soon());
                }
                assertThat(refused.lists()).isEmpty();
            }
            assertThat(server.asked()).isEmpty();
            try (Watch watch = server.source().withClient(trusting).watch(heard)) {
                heard.awaitSize(1, soon());
            }
        }
    }

    @Test
    void aCertificateOfAnotherHostIsRefusedBeforeThePasswordIsSent(@TempDir Path folder) throws Exception {
        Certificate elsewhere = Certificate.of(folder, "elsewhere", "127.0.0.2");
        try (FakeEureka server = FakeEureka.started(false, Optional.of(elsewhere.server()));
                HttpClient trusting =
                        HttpClient.newBuilder().sslContext(elsewhere.client()).build()) {
            Heard refused = new Heard();
            try (Watch watch = server.source().withClient(trusting).watch(refused)) {
                assertThat(refused.awaitTrouble(0, soon()))
                        .hasMessageContaining("No subject alternative names matching IP address 127.0.0.1");
            }
            assertThat(refused.lists()).isEmpty();
            assertThat(server.asked()).isEmpty();
        }
    }

    // Deltas

    @Test
    void everythingIsFetchedAgainWhenTheCountsDisagree() throws Exception {
        fake().publish(List.of(A));

        try (Watch watch = source(fake()).withDelta(true).watch(heard)) {
            heard.awaitSize(1, soon());
            heard.awaitLife(soon());
            assertThat(fake().asked()).containsOnlyOnce("/eureka/apps").contains("/eureka/apps/delta");

            fake().count("UP_7_");
            fake().publish(List.of(A, B));
            heard.awaitSize(2, soon());
        }
        assertThat(fake().asked().stream().filter("/eureka/apps"::equals).count())
                .isGreaterThan(1);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void everythingIsFetchedWhereDeltasAreSwitchedOff() throws Exception {
        fake().publish(List.of(A));
        fake().answerDeltasWith(403);

        try (Watch watch = source(fake()).withDelta(true).watch(heard)) {
            heard.awaitSize(1, soon());
            fake().publish(List.of(A, B));
            heard.awaitSize(2, soon());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    // Several servers

    @Test
    void theNextServerIsAskedAndStaysTheFirst() throws Exception {
        try (FakeEureka other = FakeEureka.started(false)) {
            fake().publish(List.of(A));
            other.publish(List.of(A, B));
            try (Watch watch = source(fake(), other).watch(heard)) {
                heard.awaitSize(1, soon());
                fake().kill();
                heard.awaitSize(2, soon());
                fake().start();
                int before = fake().asked().size();
                heard.awaitLife(soon());
                heard.awaitLife(soon());
                assertThat(fake().asked()).hasSize(before);
            }
            assertThat(heard.troubles()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"GARBAGE", "DENIED"})
    void theNextServerIsAskedWhateverTheTroubleIs(Fault fault) throws Exception {
        try (FakeEureka other = FakeEureka.started(false)) {
            fake().harm(fault);
            other.publish(List.of(A, B));
            try (Watch watch = source(fake(), other).withDelta(true).watch(heard)) {
                heard.awaitSize(2, soon());
            }
            assertThat(heard.troubles()).isEmpty();
        }
    }

    @Test
    void aServerThatNeverAnswersIsLeftForTheNext() throws Exception {
        try (FakeEureka other = FakeEureka.started(false)) {
            fake().harm(Fault.STOPPED);
            other.publish(List.of(A, B));
            try (Watch watch = source(fake(), other).watch(heard)) {
                heard.awaitSize(2, soon());
            }
            assertThat(heard.troubles()).isEmpty();
        }
    }

    @Test
    void whenAllAreInTroubleThatIsOneTroubleThatNamesEach() throws Exception {
        try (FakeEureka other = FakeEureka.started(false)) {
            fake().kill();
            other.answerWith(500);
            try (Watch watch = source(fake(), other).watch(heard)) {
                Exception trouble = heard.awaitTrouble(0, soon());
                assertThat(trouble)
                        .hasMessageStartingWith("no server is of use: http://127.0.0.1:"
                                + fake().url().getPort() + " could not be asked: ")
                        .hasMessageEndingWith(
                                "; http://127.0.0.1:" + other.url().getPort() + " answered with status 500");
                assertThat(trouble.getSuppressed()).hasSize(2);
            }
        }
    }

    // When

    @Test
    void itAsksAtOnceWhenSomebodyDoubtsTheList() throws Exception {
        fake().publish(List.of(A));
        try (Watch watch =
                source(fake()).withPollInterval(Duration.ofMinutes(10)).watch(heard)) {
            heard.awaitSize(1, soon());
            fake().publish(List.of(A, B));
            watch.refresh();
            heard.awaitSize(2, soon());
        }
    }

    @Test
    void whatIsAsBeforeIsConfirmedAndNoNewList() throws Exception {
        fake().publish(List.of(A, B));
        try (Watch watch = source(fake()).watch(heard)) {
            heard.awaitSize(2, soon());
            fake().publish(List.of(B, A));
            int before = fake().asked().size();
            Waiting.until("two more questions", soon(), () -> fake().asked().size() >= before + 2);
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }
}
