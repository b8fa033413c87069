package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.Hedge;
import io.evenkeel.NoEndpointException;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Retry;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.Affinity.Gone;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions on real servers: three, each of which answers with its name. */
@Timeout(60)
class AffinityIT {

    private static final byte[] SECRET = "0123456789abcdef".getBytes(UTF_8);

    private final Map<String, Replica> replicas = new HashMap<>();

    /** One server. */
    private static final class Replica {

        final String name;
        final AtomicInteger made = new AtomicInteger();
        final AtomicInteger failing = new AtomicInteger();
        final CountDownLatch release = new CountDownLatch(1);
        ScriptedServer server;

        Replica(String name) throws IOException {
            this.name = name;
            this.server = ScriptedServer.start(this::serve);
        }

        private void serve(ScriptedServer.Visit visit) throws IOException, InterruptedException {
            String path = visit.request().target();
            if (path.equals("/slow")) {
                release.await();
            }
            if (failing.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                visit.answer(503, "busy");
            } else if (path.equals("/login")) {
                visit.answer(
                        200, name, "Set-Cookie: theme=dark", "Set-Cookie: SESSION=" + begin() + "; Path=/; HttpOnly");
            } else if (path.equals("/refresh")) {
                visit.answer(200, name, "Set-Cookie: " + visit.request().header("cookie") + "; Max-Age=60");
            } else if (path.equals("/logout")) {
                visit.answer(200, name, "Set-Cookie: SESSION=deleted; Max-Age=0");
            } else {
                visit.answer(200, name);
            }
        }

        private String begin() {
            return name + "-" + made.incrementAndGet();
        }

        Endpoint endpoint() {
            return server.endpoint();
        }

        void restart() throws IOException {
            server = ScriptedServer.startOn(server.port(), this::serve);
        }
    }

    @BeforeEach
    void startServers() throws IOException {
        for (String name : List.of("a", "b", "c")) {
            replicas.put(name, new Replica(name));
        }
    }

    @AfterEach
    void stopServers() throws IOException {
        for (Replica replica : replicas.values()) {
            replica.server.close();
        }
    }

    private Fleet fleet(Affinity affinity) {
        return fleet(affinity, settings -> settings);
    }

    /** By turns, so that whatever stays where it is does so because of its session. */
    private Fleet fleet(Affinity affinity, UnaryOperator<LoadBalancer.Builder> settings) {
        return Fleet.of(
                BalancedHttpClient.builder().affinity(affinity),
                builder -> settings.apply(builder.policy(Policy.roundRobin())),
                Stream.of("a", "b", "c")
                        .map(name -> replicas.get(name).endpoint())
                        .toArray(Endpoint[]::new));
    }

    private static HttpRequest.Builder with(String header, String value) {
        return Fleet.request("/").header(header, value);
    }

    private static Set<String> answers(Fleet fleet, int n, HttpRequest.Builder request) throws Exception {
        Set<String> bodies = new HashSet<>();
        for (int i = 0; i < n; i++) {
            bodies.add(fleet.send(request).body());
        }
        return bodies;
    }

    /** The value that an answer sets the cookie to. */
    private static Optional<String> cookie(HttpResponse<?> answer, String name) {
        return Cookies.set(answer.headers(), name).map(Cookies.SetCookie::value);
    }

    private static String session(HttpResponse<?> answer) {
        return "SESSION=" + cookie(answer, "SESSION").orElseThrow();
    }

    private static void awaitState(Fleet fleet, Endpoint endpoint, EndpointState state) {
        Waiting.until(
                endpoint + " is " + state,
                () -> fleet.balancer().stats().endpoints().stream()
                        .anyMatch(line -> line.endpoint().equals(endpoint) && line.state() == state));
    }

    // Keys.

    @Test
    void aHeaderKeepsItsUserOnOneReplicaAndSpreadsUsers() throws Exception {
        try (Fleet fleet = fleet(Affinity.header("X-User"));
                Fleet other = fleet(Affinity.header("X-User"))) {
            Set<String> all = new HashSet<>();
            for (int user = 0; user < 30; user++) {
                HttpRequest.Builder request = with("X-User", "user-" + user);
                Set<String> places = answers(fleet, 3, request);
                assertThat(places).hasSize(1).isEqualTo(answers(other, 3, request));
                all.addAll(places);
            }
            assertThat(all).containsExactlyInAnyOrder("a", "b", "c");
        }
    }

    @Test
    void aFunctionDoesTheSame() throws Exception {
        Affinity byTenant = Affinity.key(request -> Optional.of(request.uri().getPath())
                .filter(path -> path.length() > 1)
                .map(path -> path.split("/", -1)[1]));
        try (Fleet fleet = fleet(byTenant)) {
            Set<String> places = new HashSet<>();
            for (String path : List.of("/acme/1", "/acme/2", "/acme/3?x", "/acme")) {
                places.add(fleet.get(path).body());
            }
            assertThat(places).hasSize(1);
            assertThat(answers(fleet, 9, Fleet.request("/"))).hasSize(3);
        }
    }

    @Test
    void whatAFunctionThrowsIsTheCallersToSee() throws Exception {
        Affinity broken = Affinity.key(request -> {
            throw new IllegalStateException("no tenant");
        });
        try (Fleet fleet = fleet(broken);
                Fleet none = fleet(Affinity.key(request -> null))) {
            assertThatThrownBy(() -> fleet.get("/"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("no tenant");
            assertThatThrownBy(() -> fleet.client().sendAsync(Fleet.request("/").build(), BodyHandlers.ofString()))
                    .isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> none.get("/")).hasMessageContaining("gave null");
            fleet.client().shutdown();
            assertThat(fleet.client().awaitTermination(Duration.ofSeconds(10))).isTrue();
        }
    }

    @Test
    void withoutAKeyOrWithABlankOneARequestGoesAnywhere() throws Exception {
        try (Fleet fleet = fleet(Affinity.header("X-User"))) {
            assertThat(answers(fleet, 9, Fleet.request("/"))).hasSize(3);
            assertThat(answers(fleet, 9, with("X-User", " "))).hasSize(3);
        }
    }

    @Test
    void withAMemoryAKeyStaysAlthoughOthersLeaveAndCome() throws Exception {
        try (Fleet fleet = fleet(Affinity.header("X-User").withMemory(100, Duration.ofMinutes(1)))) {
            for (int user = 0; user < 10; user++) {
                HttpRequest.Builder request = with("X-User", "user-" + user);
                String home = fleet.send(request).body();
                fleet.balancer().disable(replicas.get(home).endpoint());
                String next = fleet.send(request).body();
                assertThat(next).isNotEqualTo(home);
                fleet.balancer().enable(replicas.get(home).endpoint());
                assertThat(answers(fleet, 3, request)).containsExactly(next);
            }
        }
    }

    @Test
    void whoAnswersAKeyFirstHasIt() throws Exception {
        try (Fleet fleet = fleet(Affinity.header("X-User").withMemory(100, Duration.ofMinutes(1)))) {
            CompletableFuture<HttpResponse<String>> slow = fleet.client()
                    .sendAsync(
                            Fleet.request("/slow").header("X-User", "user-42").build(), BodyHandlers.ofString());
            Waiting.until(
                    "it arrived",
                    () -> replicas.values().stream()
                            .anyMatch(replica -> !replica.server.requests().isEmpty()));
            Replica home = replicas.values().stream()
                    .filter(replica -> !replica.server.requests().isEmpty())
                    .findAny()
                    .orElseThrow();
            fleet.balancer().disable(home.endpoint());
            String first = fleet.send(with("X-User", "user-42")).body();
            home.release.countDown();
            assertThat(slow.join().body()).isEqualTo(home.name);
            fleet.balancer().enable(home.endpoint());
            assertThat(answers(fleet, 6, with("X-User", "user-42"))).containsExactly(first);
        }
    }

    @Test
    void whoFailsToAnswerAKeyDoesNotGetIt() throws Exception {
        HttpRequest.Builder request = with("X-User", "user-42");
        try (Fleet fleet = fleet(
                Affinity.header("X-User").withMemory(100, Duration.ofMinutes(1)),
                builder -> builder.retry(Retry.upTo(2)))) {
            String home;
            try (Fleet other = fleet(Affinity.header("X-User"))) {
                home = other.send(request).body();
            }
            replicas.values().forEach(replica -> replica.failing.set(1));
            assertThat(fleet.send(request).statusCode()).isEqualTo(503); // of another, after that of its home
            replicas.values().forEach(replica -> replica.failing.set(0));
            assertThat(answers(fleet, 6, request)).containsExactly(home);
        }
    }

    @Test
    void anAnswerThatNobodySeesTellsNothing() throws Exception {
        HttpRequest.Builder request = with("X-User", "user-42");
        try (Fleet fleet = fleet(
                Affinity.header("X-User").withMemory(100, Duration.ofMinutes(1)),
                builder -> builder.outcomes(Outcomes.defaults().withStatuses(status -> Outcome.SUCCESS)))) {
            Replica home;
            try (Fleet other = fleet(Affinity.header("X-User"))) {
                home = replicas.get(other.send(request).body());
            }
            home.failing.set(1);
            String repeated = fleet.send(request).body();
            assertThat(repeated).isNotEqualTo(home.name);
            assertThat(answers(fleet, 6, request)).containsExactly(repeated);
        }
    }

    // The servers' own cookie.

    @Test
    void theReplicaThatSetsASessionCookieGetsIt() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"))) {
            Set<String> all = new HashSet<>();
            for (int user = 0; user < 9; user++) {
                HttpResponse<String> login = fleet.get("/login");
                assertThat(login.headers().allValues("set-cookie")).hasSize(2);
                HttpRequest.Builder request =
                        Fleet.request("/").header("Cookie", "theme=dark").header("Cookie", session(login));
                assertThat(answers(fleet, 6, request)).containsExactly(login.body());
                all.add(login.body());
            }
            assertThat(all).hasSize(3);
        }
    }

    @Test
    void aSessionThatAnotherClientHasSeenStaysWhereItIsPlacedFirst() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"));
                Fleet other = fleet(Affinity.cookie("SESSION"))) {
            HttpRequest.Builder request = with("Cookie", "SESSION=seen-elsewhere");
            Set<String> place = answers(fleet, 6, request);
            assertThat(place).hasSize(1).isEqualTo(answers(other, 6, request));
        }
    }

    @Test
    void aSessionThatEndsIsForgotten() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"))) {
            List<String> strays = new ArrayList<>();
            for (int user = 0; user < 20; user++) {
                HttpResponse<String> login = fleet.get("/login");
                fleet.send(Fleet.request("/logout").header("Cookie", session(login)));
                String after = fleet.send(with("Cookie", session(login))).body();
                if (!after.equals(login.body())) {
                    strays.add(after);
                }
            }
            assertThat(strays).isNotEmpty(); // where the value leads: for one of three to where it was
            assertThat(answers(fleet, 9, Fleet.request("/"))).hasSize(3);
        }
    }

    @Test
    void aNewValueForAnOldSessionLeadsToTheSameReplica() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"))) {
            HttpResponse<String> login = fleet.get("/login");
            HttpResponse<String> again = fleet.send(Fleet.request("/login").header("Cookie", session(login)));
            assertThat(session(again)).isNotEqualTo(session(login));
            assertThat(answers(fleet, 6, with("Cookie", session(again)))).containsExactly(login.body());
        }
    }

    @Test
    void whenItsReplicaIsGoneASessionMovesForGood() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"))) {
            HttpResponse<String> login = fleet.get("/login");
            Replica home = replicas.get(login.body());
            HttpRequest.Builder request = with("Cookie", session(login));
            home.server.close();
            assertThat(fleet.send(request).body()).isNotEqualTo(home.name);
            awaitState(fleet, home.endpoint(), EndpointState.EJECTED);
            String moved = fleet.send(request).body();
            assertThat(moved).isNotEqualTo(home.name);
            home.restart();
            fleet.balancer().disable(home.endpoint());
            fleet.balancer().enable(home.endpoint());
            assertThat(answers(fleet, 6, request)).containsExactly(moved);
        }
    }

    @Test
    void asSetTheCallFailsWhenItsReplicaIsGoneAndSucceedsWhenItIsBack() throws Exception {
        Affinity affinity = Affinity.cookie("SESSION").withGone(Gone.FAIL);
        try (Fleet fleet = fleet(affinity)) {
            HttpResponse<String> login = fleet.get("/login");
            Replica home = replicas.get(login.body());
            HttpRequest.Builder request = with("Cookie", session(login));
            fleet.balancer().disable(home.endpoint());
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> fleet.send(request))
                        .isInstanceOf(NoEndpointException.class)
                        .hasMessageContaining(home.endpoint().id())
                        .hasMessageNotContaining(session(login).substring("SESSION=".length()));
            }
            CompletableFuture<?> async = fleet.client().sendAsync(request.build(), BodyHandlers.ofString());
            assertThat(catchThrowable(async::join)).cause().isInstanceOf(NoEndpointException.class);
            assertThat(answers(fleet, 6, Fleet.request("/"))).hasSize(2).doesNotContain(home.name);
            fleet.balancer().enable(home.endpoint());
            assertThat(answers(fleet, 6, request)).containsExactly(home.name);
        }
    }

    // A cookie of ours.

    private static final Affinity TOKEN = Affinity.token("lb", SECRET);

    @Test
    void anAnswerBringsATokenThatLeadsBack() throws Exception {
        try (Fleet fleet = fleet(TOKEN)) {
            Map<String, String> tokens = new HashMap<>();
            for (int user = 0; user < 9; user++) {
                HttpResponse<String> first = fleet.get("/login");
                assertThat(first.headers().allValues("Set-Cookie"))
                        .hasSize(3)
                        .last()
                        .asString()
                        .matches("lb=[A-Za-z0-9_-]{32}; Path=/; HttpOnly");
                String token = cookie(first, "lb").orElseThrow();
                assertThat(answers(fleet, 6, with("Cookie", "a=1; lb=" + token + "; b=2")))
                        .containsExactly(first.body());
                assertThat(tokens.merge(first.body(), token, (one, other) -> other))
                        .isEqualTo(token);
            }
            assertThat(tokens).hasSize(3);
            assertThat(new HashSet<>(tokens.values())).hasSize(3);
        }
    }

    @Test
    void whoHasATokenGetsNoOther() throws Exception {
        try (Fleet fleet = fleet(TOKEN)) {
            String token = cookie(fleet.get("/"), "lb").orElseThrow();
            HttpResponse<String> next = fleet.send(with("Cookie", "lb=" + token));
            assertThat(next.headers().firstValue("set-cookie")).isEmpty();
        }
    }

    @Test
    void clientsWithTheSameSecretAgreeAlsoAfterARestart() throws Exception {
        Map<String, String> tokens = new HashMap<>();
        try (Fleet fleet = fleet(TOKEN)) {
            for (int i = 0; i < 6; i++) {
                HttpResponse<String> first = fleet.get("/");
                tokens.put(first.body(), cookie(first, "lb").orElseThrow());
            }
        }
        try (Fleet other = fleet(Affinity.token("lb", SECRET.clone()))) {
            assertThat(tokens).hasSize(3);
            for (Map.Entry<String, String> one : tokens.entrySet()) {
                assertThat(answers(other, 3, with("Cookie", "lb=" + one.getValue())))
                        .containsExactly(one.getKey());
            }
        }
    }

    @Test
    void aForgedTokenIsAsNone() throws Exception {
        String foreign;
        try (Fleet other = fleet(Affinity.token("lb", "another secret of 26 bytes".getBytes(UTF_8)))) {
            foreign = cookie(other.get("/"), "lb").orElseThrow();
        }
        for (Gone gone : Gone.values()) {
            try (Fleet fleet = fleet(TOKEN.withGone(gone))) {
                for (String forged :
                        List.of(foreign, "", "x", foreign.substring(1), "A".repeat(32), "k".repeat(4_000))) {
                    HttpRequest.Builder request = with("Cookie", "lb=" + forged);
                    assertThat(answers(fleet, 9, request)).hasSize(3);
                    assertThat(cookie(fleet.send(request), "lb"))
                            .isPresent()
                            .get()
                            .isNotEqualTo(forged);
                }
            }
        }
    }

    @Test
    void whenItsReplicaIsGoneASessionGetsAnotherToken() throws Exception {
        try (Fleet fleet = fleet(TOKEN)) {
            HttpResponse<String> first = fleet.get("/");
            Replica home = replicas.get(first.body());
            String token = cookie(first, "lb").orElseThrow();
            fleet.balancer().drain(home.endpoint()).join();
            HttpResponse<String> moved = fleet.send(with("Cookie", "lb=" + token));
            assertThat(moved.body()).isNotEqualTo(home.name);
            String other = cookie(moved, "lb").orElseThrow();
            fleet.balancer().enable(home.endpoint());
            assertThat(answers(fleet, 6, with("Cookie", "lb=" + other))).containsExactly(moved.body());
            assertThat(answers(fleet, 6, with("Cookie", "lb=" + token))).containsExactly(home.name);
        }
    }

    @Test
    void aStaleTokenIsAsNoneOrFailsAsIsSet() throws Exception {
        String token;
        try (Fleet fleet = fleet(TOKEN)) {
            HttpResponse<String> first = fleet.get("/");
            while (!first.body().equals("a")) {
                first = fleet.get("/");
            }
            token = cookie(first, "lb").orElseThrow();
        }
        UnaryOperator<LoadBalancer.Builder> withoutA = builder -> builder.endpoints(
                replicas.get("b").endpoint(), replicas.get("c").endpoint());
        HttpRequest.Builder request = with("Cookie", "lb=" + token);
        try (Fleet fleet = fleet(TOKEN, withoutA)) {
            assertThat(answers(fleet, 6, request)).containsExactlyInAnyOrder("b", "c");
            assertThat(cookie(fleet.send(request), "lb")).isPresent();
        }
        try (Fleet fleet = fleet(TOKEN.withGone(Gone.FAIL), withoutA)) {
            assertThatThrownBy(() -> fleet.send(request))
                    .isInstanceOf(NoEndpointException.class)
                    .hasMessageContaining("orders: ")
                    .hasMessageContaining("not listed any more")
                    .hasMessageNotContaining(token);
        }
    }

    @Test
    void aCallThatWaitsForTheFirstListGoesWhereItsTokenLeads() throws Exception {
        Map<String, String> tokens = new HashMap<>();
        try (Fleet fleet = fleet(TOKEN)) {
            for (int i = 0; i < 3; i++) {
                HttpResponse<String> first = fleet.get("/");
                tokens.put(first.body(), cookie(first, "lb").orElseThrow());
            }
        }
        AtomicReference<EndpointSource.Listener> source = new AtomicReference<>();
        UnaryOperator<LoadBalancer.Builder> later = builder -> builder.source(listener -> {
            source.set(listener);
            return () -> {};
        });
        try (Fleet fleet = fleet(TOKEN.withGone(Gone.FAIL), later)) {
            List<CompletableFuture<String>> waiting = new ArrayList<>();
            for (String name : List.of("a", "b", "c")) {
                waiting.add(fleet.client()
                        .sendAsync(with("Cookie", "lb=" + tokens.get(name)).build(), BodyHandlers.ofString())
                        .thenApply(HttpResponse::body));
            }
            source.get()
                    .endpoints(Stream.of("a", "b", "c")
                            .map(name -> replicas.get(name).endpoint())
                            .toList());
            assertThat(waiting).extracting(CompletableFuture::join).containsExactly("a", "b", "c");
        }
    }

    @Test
    void anAnswerThatIsAFailureBringsNoToken() throws Exception {
        replicas.values().forEach(replica -> replica.failing.set(3));
        try (Fleet fleet = fleet(TOKEN)) {
            HttpResponse<String> answer = fleet.get("/");
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.headers().firstValue("set-cookie")).isEmpty();
        }
    }

    @Test
    void eachBalancerHasSessionsOfItsOwn() throws Exception {
        try (LoadBalancer users = LoadBalancer.builder("users")
                        .endpoints(replicas.get("c").endpoint())
                        .build();
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .affinity(Affinity.cookie("SESSION"))
                                .balance(users),
                        builder -> builder.policy(Policy.roundRobin()),
                        replicas.get("a").endpoint(),
                        replicas.get("b").endpoint())) {
            HttpResponse<String> login = fleet.get("/login");
            HttpRequest toUsers = HttpRequest.newBuilder(URI.create("http://users/"))
                    .header("Cookie", session(login))
                    .build();
            for (int i = 0; i < 3; i++) {
                assertThat(fleet.client().send(toUsers, BodyHandlers.ofString()).body())
                        .isEqualTo("c");
                assertThat(fleet.send(with("Cookie", session(login))).body()).isEqualTo(login.body());
            }
        }
    }

    // Weight 0, repeats, hedges.

    @Test
    void aReplicaOfWeight0KeepsItsSessionsAndGetsNoOthersUntilItIsDrained() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"))) {
            HttpResponse<String> login = fleet.get("/login");
            Endpoint home = replicas.get(login.body()).endpoint();
            HttpRequest.Builder request = with("Cookie", session(login));
            fleet.balancer().weight(home, 0);
            assertThat(answers(fleet, 9, Fleet.request("/login"))).hasSize(2).doesNotContain(login.body());
            assertThat(answers(fleet, 6, request)).containsExactly(login.body());
            fleet.balancer().drain(home).join();
            String moved = fleet.send(request).body();
            assertThat(moved).isNotEqualTo(login.body());
            assertThat(answers(fleet, 6, request)).containsExactly(moved);
        }
    }

    @Test
    void aRequestThatIsRepeatedElsewhereDoesNotMoveItsSession() throws Exception {
        for (Affinity affinity : List.of(Affinity.cookie("SESSION"), TOKEN)) {
            try (Fleet fleet = fleet(affinity)) {
                HttpResponse<String> login = fleet.get("/login");
                Replica home = replicas.get(login.body());
                HttpRequest.Builder request = with(
                        "Cookie",
                        session(login)
                                + cookie(login, "lb")
                                        .map(token -> "; lb=" + token)
                                        .orElse(""));
                home.failing.set(1);
                HttpResponse<String> repeated = fleet.send(request);
                assertThat(repeated.statusCode()).isEqualTo(200);
                assertThat(repeated.body()).isNotEqualTo(home.name);
                assertThat(repeated.headers().firstValue("set-cookie")).isEmpty();
                assertThat(answers(fleet, 6, request)).containsExactly(home.name);
            }
        }
    }

    @Test
    void whoSetsTheSameSessionAgainDoesNotTakeIt() throws Exception {
        try (Fleet fleet = fleet(Affinity.cookie("SESSION"))) {
            HttpResponse<String> login = fleet.get("/login");
            Replica home = replicas.get(login.body());
            home.failing.set(1);
            HttpResponse<String> refreshed =
                    fleet.send(Fleet.request("/refresh").header("Cookie", session(login)));
            assertThat(refreshed.body()).isNotEqualTo(home.name);
            assertThat(session(refreshed)).isEqualTo(session(login));
            assertThat(answers(fleet, 6, with("Cookie", session(login)))).containsExactly(home.name);
        }
    }

    @Test
    void anAnswerFromWhereTheTransportWasRedirectedToIsNotTheReplicas() throws Exception {
        Replica stranger = replicas.get("c");
        try (ScriptedServer redirecting =
                        ScriptedServer.answering(302, "", "Location: " + stranger.server.uri() + "/login");
                ScriptedServer other = ScriptedServer.answering(200, "other");
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL))
                                .affinity(TOKEN),
                        settings -> settings,
                        redirecting.endpoint(),
                        other.endpoint())) {
            HttpResponse<String> answer = fleet.get("/");
            assertThat(answer.body()).isEqualTo("c");
            assertThat(cookie(answer, "SESSION")).isPresent();
            assertThat(cookie(answer, "lb")).isEmpty();
        }
    }

    @Test
    void whereASessionMayLiveNowhereElseARequestIsRepeatedThere() throws Exception {
        try (Fleet fleet = fleet(
                Affinity.cookie("SESSION").withGone(Gone.FAIL),
                builder -> builder.retry(Retry.upTo(3).withBackoff(Duration.ofMillis(1))))) {
            HttpResponse<String> login = fleet.get("/login");
            Replica home = replicas.get(login.body());
            HttpRequest.Builder request = with("Cookie", session(login));
            home.failing.set(2);
            assertThat(fleet.send(request).body()).isEqualTo(home.name);
            assertThat(home.server.requests()).hasSize(4);
            home.failing.set(3);
            assertThat(fleet.send(request).statusCode()).isEqualTo(503);
        }
    }

    @Test
    void aPostIsNotRepeatedAndStaysThere() throws Exception {
        try (Fleet fleet = fleet(TOKEN)) {
            HttpResponse<String> first = fleet.get("/");
            Replica home = replicas.get(first.body());
            home.failing.set(1);
            HttpRequest.Builder post =
                    with("Cookie", "lb=" + cookie(first, "lb").orElseThrow()).POST(BodyPublishers.ofString("once"));
            assertThat(fleet.send(post).statusCode()).isEqualTo(503);
            assertThat(answers(fleet, 6, post)).containsExactly(home.name);
        }
    }

    @Test
    void aHedgeThatWinsDoesNotMoveItsSession() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        try (ScriptedServer slow = ScriptedServer.start(visit -> {
                    if (visit.request().target().equals("/slow")) {
                        release.await();
                    }
                    visit.answer(200, "slow");
                });
                ScriptedServer good = ScriptedServer.answering(200, "good");
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder().affinity(TOKEN),
                        builder -> builder.hedge(Hedge.after(Duration.ofMillis(20))),
                        slow.endpoint(),
                        good.endpoint())) {
            String token = cookie(fleet.get("/"), "lb").orElseThrow();
            HttpResponse<String> hedged = fleet.send(Fleet.request("/slow").header("Cookie", "lb=" + token));
            assertThat(hedged.body()).isEqualTo("good");
            assertThat(hedged.headers().firstValue("set-cookie")).isEmpty();
            release.countDown();
        }
    }

    @Test
    void aHotSessionIsSpreadAndItsReplicaIsNotOverwhelmed() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        ScriptedServer.Script waiting = visit -> {
            if (visit.request().target().equals("/slow")) {
                release.await();
            }
            visit.answer(200, "");
        };
        try (ScriptedServer one = ScriptedServer.start(waiting);
                ScriptedServer two = ScriptedServer.start(waiting);
                ScriptedServer three = ScriptedServer.start(waiting);
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder().affinity(TOKEN),
                        builder -> builder.policy(Policy.leastRequest()),
                        one.endpoint(),
                        two.endpoint(),
                        three.endpoint())) {
            String token = cookie(fleet.get("/"), "lb").orElseThrow();
            HttpRequest hot =
                    Fleet.request("/slow").header("Cookie", "lb=" + token).build();
            List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                all.add(fleet.client().sendAsync(hot, BodyHandlers.ofString()));
            }
            assertThat(fleet.inFlight()).isEqualTo(120);
            // x of them stay as long as x < 120 - x + 4 sqrt(120 - x): up to 76.
            assertThat(fleet.balancer().stats().endpoints())
                    .allSatisfy(line -> assertThat(line.inFlight()).isBetween(15, 80));
            release.countDown();
            for (CompletableFuture<HttpResponse<String>> answer : all) {
                assertThat(answer.join().headers().firstValue("set-cookie")).isEmpty();
            }
        }
    }

    @Test
    void aThousandForgedSessionsDoNoHarm() throws Exception {
        Affinity small = Affinity.cookie("SESSION").withMemory(100, Duration.ofMinutes(1));
        for (Affinity affinity : List.of(small, TOKEN)) {
            try (Fleet fleet = fleet(affinity)) {
                for (int i = 0; i < 1_000; i++) {
                    String forged = "SESSION=forged-" + i + "; lb=" + "x".repeat(20) + (100_000_000_000L + i);
                    assertThat(fleet.send(with("Cookie", forged)).statusCode()).isEqualTo(200);
                }
                HttpResponse<String> login = fleet.get("/login");
                HttpRequest.Builder request = with(
                        "Cookie",
                        session(login)
                                + cookie(login, "lb")
                                        .map(token -> "; lb=" + token)
                                        .orElse(""));
                assertThat(answers(fleet, 6, request)).containsExactly(login.body());
            }
        }
    }

    @Test
    void withoutAffinityNothingIsAdded() throws Exception {
        try (Fleet fleet = Fleet.of(replicas.get("a").server)) {
            assertThat(fleet.get("/").headers().firstValue("set-cookie")).isEmpty();
        }
    }
}
