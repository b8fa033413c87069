package io.evenkeel.discovery.kubernetes;

import static io.evenkeel.discovery.kubernetes.Slices.port;
import static io.evenkeel.discovery.kubernetes.Slices.ports;
import static io.evenkeel.discovery.kubernetes.Slices.ready;
import static io.evenkeel.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.Sources;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry.Fault;
import io.evenkeel.discovery.contract.Waiting;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an API server does in the course of days, by the fake one. */
@SuppressWarnings("try") // a watch is there to be closed
@Timeout(120)
class KubernetesEndpointsIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final List<EndpointPort> HTTP = ports(port("http", 8080));
    private static final Set<String> A = Set.of("http://10.0.0.1:8080");
    private static final Set<String> B = Set.of("http://10.0.0.2:8080");

    private final Heard heard = new Heard();
    private FakeApiServer server;

    @BeforeEach
    void start() throws IOException {
        server = FakeApiServer.started();
        server.setAll(List.of(slice("a", HTTP, ready("10.0.0.1"))));
    }

    @AfterEach
    void end() {
        server.close();
    }

    // The watch

    @Test
    void changesComeByTheWatchAndNotByLists() throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            server.setAll(List.of(slice("a", HTTP, ready("10.0.0.2"))));
            heard.awaitUris(B, SOON);
            server.setAll(List.of(slice("b", HTTP, ready("10.0.0.1"))));
            heard.awaitUris(A, SOON);
        }
        assertThat(server.asked).containsExactly("list shop", "watch shop");
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aBookmarkConfirmsTheList() throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            awaitWatches(1);
            server.bookmark();
            heard.awaitLife(SOON);
        }
        assertThat(heard.lists()).hasSize(1);
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aWatchThatExpiresIsFollowedByAnotherWithoutTrouble() throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            confirm();
            server.expire();
            server.setAll(List.of(slice("a", HTTP, ready("10.0.0.2"))));
            heard.awaitUris(B, SOON);
            awaitWatches(2);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aVersionThatIsGoneMakesItListAgainWithoutTrouble() throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            confirm();
            server.forget();
            awaitWatches(2);
            server.setAll(List.of(slice("a", HTTP, ready("10.0.0.2"))));
            heard.awaitUris(B, SOON);
        }
        assertThat(heard.troubles()).isEmpty();
        assertThat(heard.lists()).hasSize(2);
    }

    @Test
    void aServerThatFellSilentIsAskedAgain() throws Exception {
        EndpointSource source = Clients.source(server, new Patience(SOON, Duration.ofMillis(300)));
        try (Watch watch = source.watch(heard)) {
            heard.awaitUris(A, SOON);
            awaitWatches(2);
            server.harm(Fault.STOPPED);
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining(" cannot be reached: ");
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void aListThatStopsInTheMiddleIsTroubleAndAskedForAgain() throws Exception {
        EndpointSource source = Clients.source(server, new Patience(Duration.ofMillis(500), SOON));
        try (Watch watch = source.watch(heard)) {
            heard.awaitUris(A, SOON);
            confirm();
            server.stopWithinLists();
            server.expire();
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessage("API server " + server.uri()
                            + ", asked for Service shop/orders, gives no whole list within PT0.5S");
            server.mend();
            server.setAll(List.of(slice("a", HTTP, ready("10.0.0.2"))));
            heard.awaitUris(B, SOON);
        }
    }

    @Test
    void aWatchThatEndsAtOnceIsTroubleAndNoStorm() throws Exception {
        server.endsWatches = true;
        long began = System.nanoTime();
        try (Watch watch = watch()) {
            awaitAsked("list shop", 5);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - began))
                .isGreaterThan(Duration.ofMillis(250 + 500 + 1_000 + 2_000)); // each wait is twice the last
        assertThat(heard.messages())
                .isNotEmpty()
                .allMatch(message -> message.endsWith("ends the watch as soon as it has begun"));
    }

    @Test
    void closingEndsTheThreadsOfTheClientToo() throws Exception {
        watch().close();
        Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
        Watch watch = watch();
        heard.awaitUris(A, SOON);
        awaitWatches(1);
        watch.close();
        Waiting.until("all threads end", SOON, () -> {
            Set<Thread> now = new HashSet<>(Thread.getAllStackTraces().keySet());
            now.removeAll(before);
            now.removeIf(thread -> thread.getName().startsWith("ForkJoinPool")
                    || thread.getName().startsWith("HTTP-Dispatcher"));
            return now.isEmpty();
        });
        assertThat(watch).isNotNull();
    }

    // What it is refused

    @Test
    void whoMayNotListIsToldWhatItNeeds() throws Exception {
        server.denied.add("list");
        try (Watch watch = watch()) {
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessage("API server " + server.uri()
                            + ", asked for Service shop/orders, answers 403: whoever asks must be"
                            + " allowed the verbs list and watch on the resource endpointslices of API group discovery.k8s.io in"
                            + " namespace shop");
            server.denied.clear();
            heard.awaitUris(A, SOON);
        }
    }

    @Test
    void whoMayListButNotWatchHasTheListAndIsToldTheSame() throws Exception {
        server.denied.add("watch");
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("answers 403: whoever asks must be allowed");
        }
    }

    @Test
    void whoIsNotKnownIsToldSo() throws Exception {
        EndpointSource source = Clients.source(server).withConfig(() -> {
            var config = Clients.config(server);
            config.setOauthToken("an old one");
            return config;
        });
        try (Watch watch = source.watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessageEndingWith("answers 401: it does not know the credentials")
                    .hasMessageNotContaining("an old one");
        }
    }

    @Test
    void aConfigThatCannotBeReadIsTroubleWithoutItsContent(@TempDir Path folder) throws Exception {
        Path kubeconfig = Files.writeString(folder.resolve("config"), "users: [{token: " + FakeApiServer.TOKEN);
        try (Watch watch =
                Sources.of("k8s://shop/orders?kubeconfig=" + kubeconfig).watch(heard)) {
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessageStartingWith("the client for Service shop/orders cannot be configured: ")
                    .hasMessageNotContaining(FakeApiServer.TOKEN)
                    .hasNoCause();
        }
    }

    // What it takes of what it is told

    @Test
    void otherServicesAndNamespacesAreNotTaken() throws Exception {
        server.setAll(List.of(
                slice("a", HTTP, ready("10.0.0.1")),
                Slices.slice("shop", "users", "u", HTTP, List.of(ready("10.0.0.8"))),
                Slices.slice("test", "orders", "a", HTTP, List.of(ready("10.0.0.9")))));
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
        }
        assertThat(server.asked).allMatch(question -> question.endsWith(" shop"));
    }

    @Test
    void aServiceThatDoesNotExistIsAnEmptyListForTheServerSaysSo() throws Exception {
        server.setAll(List.of());
        try (Watch watch = watch()) {
            heard.awaitUris(Set.of(), SOON);
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aPortThatIsAmbiguousIsTroubleAndTheListStaysUntilItIsNot() throws Exception {
        EndpointSlice ambiguous = slice("a", ports(port("web", 8080), port("metrics", 9090)), ready("10.0.0.2"));
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            server.setAll(List.of(ambiguous));
            assertThat(heard.awaitTrouble(0, SOON))
                    .hasMessage(
                            "Service shop/orders has several ports, metrics:9090, web:8080, of which none is named http:"
                                    + " choose one");
            assertThat(heard.lists()).hasSize(1);
            server.setAll(List.of(slice("a", HTTP, ready("10.0.0.2"))));
            heard.awaitUris(B, SOON);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "7",
                "[]",
                "{}",
                "{\"kind\": \"Status\", \"metadata\": {}, \"status\": \"Success\"}",
                "{\"items\": []}",
                "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [null]}",
                "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": [{}]}",
                "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": 7}",
                "{\"metadata\": {\"resourceVersion\": \"1\"}, \"items\": null}"
            })
    void anAnswerThatIsNoListIsTroubleAndNoEmptyList(String answer) throws Exception {
        server.answerOnly(answer);
        try (Watch watch = watch()) {
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageContaining("says what cannot be understood: ");
            server.mend();
            heard.awaitUris(A, SOON);
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void anAnswerWithoutEndIsTroubleAndTheListStays() throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            awaitWatches(1);
            server.harm(Fault.HUGE);
            Waiting.until(
                    "a list is too long",
                    SOON,
                    () -> heard.messages().stream()
                            .anyMatch(message -> message.endsWith("gives an answer longer than 64 MiB")));
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void aLineOfAWatchWithoutEndIsTroubleAndItListsAgain() throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            awaitWatches(1);
            server.say(" ".repeat(65 << 20));
            assertThat(heard.awaitTrouble(0, SOON)).hasMessageEndingWith("gives an answer longer than 64 MiB");
            awaitWatches(2);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                "{}",
                "{\"type\": \"RENAMED\", \"object\": {\"kind\": \"EndpointSlice\", \"apiVersion\": \"discovery.k8s.io/v1\"}}",
                "{\"type\": \"ADDED\", \"object\": {\"kind\": \"EndpointSlice\", \"apiVersion\": \"discovery.k8s.io/v1\", \"metadata\": {}}}"
            })
    void aChangeThatIsNoneIsTroubleAndItListsAgain(String line) throws Exception {
        try (Watch watch = watch()) {
            heard.awaitUris(A, SOON);
            awaitWatches(1);
            server.say(line);
            heard.awaitTrouble(0, SOON);
            awaitWatches(2);
            server.setAll(List.of(slice("a", HTTP, ready("10.0.0.2"))));
            heard.awaitUris(B, SOON);
        }
        assertThat(heard.lists()).hasSize(2);
    }

    // Who asks

    @Test
    void aKubeconfigByUriNamesServerTokenAndNamespace(@TempDir Path folder) throws Exception {
        Path kubeconfig = Files.writeString(folder.resolve("config"), """
                apiVersion: v1
                kind: Config
                current-context: elsewhere
                clusters:
                - name: fake
                  cluster: {server: "%s"}
                - name: none
                  cluster: {server: "http://127.0.0.1:1"}
                users:
                - name: web
                  user: {token: "%s"}
                contexts:
                - name: elsewhere
                  context: {cluster: none, user: web}
                - name: here
                  context: {cluster: fake, user: web, namespace: shop}
                """.formatted(server.uri(), FakeApiServer.TOKEN));
        try (Watch watch = Sources.of("k8s:///orders:http?context=here&kubeconfig=" + kubeconfig)
                .watch(heard)) {
            heard.awaitUris(A, SOON);
        }
        assertThat(server.asked).first().isEqualTo("list shop");
    }

    private Watch watch() {
        return Clients.source(server).watch(heard);
    }

    /** Lets it hear of something, so that it knows that the watch was well. */
    private void confirm() throws InterruptedException {
        awaitWatches(1);
        server.bookmark();
        heard.awaitLife(SOON);
    }

    private void awaitWatches(int count) throws InterruptedException {
        awaitAsked("watch shop", count);
    }

    private void awaitAsked(String question, int count) throws InterruptedException {
        Waiting.until(
                count + " times " + question,
                SOON,
                () -> server.asked.stream().filter(question::equals).count() >= count);
    }
}
