package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.HealthCheck;
import io.evenkeel.Limit;
import io.evenkeel.NoEndpointException;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Redirects, cookies and challenges are those of a service, whichever of its replicas they come from. */
@Timeout(60)
class HopsIT {

    private final AtomicReference<ScriptedServer.Script> script = new AtomicReference<>();
    private ScriptedServer one;
    private ScriptedServer two;
    private ScriptedServer elsewhere;

    @BeforeEach
    void startServers() throws IOException {
        one = ScriptedServer.start(visit -> script.get().serve(visit));
        two = ScriptedServer.answering(200, "two");
        elsewhere = ScriptedServer.answering(200, "elsewhere");
    }

    @AfterEach
    void stopServers() throws IOException {
        one.close();
        two.close();
        elsewhere.close();
    }

    private void redirects(int status, String location) {
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(status, "moved", "Location: " + location);
            } else {
                visit.answer(200, visit.request().method() + " " + visit.body());
            }
        });
    }

    private Fleet fleet(UnaryOperator<HttpClient.Builder> settings, ScriptedServer... servers) {
        return Fleet.of(
                BalancedHttpClient.builder().transport(() -> settings.apply(HttpClient.newBuilder())),
                balancer -> balancer,
                Arrays.stream(servers).map(ScriptedServer::endpoint).toArray(Endpoint[]::new));
    }

    private Fleet following(ScriptedServer... servers) {
        return fleet(builder -> builder.followRedirects(Redirect.NORMAL), servers);
    }

    private static HttpRequest.Builder from() {
        return Fleet.request("/from");
    }

    // Where a redirect leads.

    @ParameterizedTest
    @ValueSource(strings = {"/to", "to", "http://orders/to", "http://ORDERS:81/to", "http://127.0.0.1:PORT/to"})
    void redirectToTheServiceIsBalanced(String location) throws Exception {
        redirects(302, location.replace("PORT", String.valueOf(one.port())));
        try (Fleet fleet = following(one, two)) {
            HttpResponse<String> response = fleet.send(from());
            assertThat(response.body()).isEqualTo("GET ");
            assertThat(response.uri().getHost()).isEqualToIgnoringCase("orders");
            assertThat(response.uri().getPath()).isEqualTo("/to");
            assertThat(response.request().uri()).isEqualTo(response.uri());
            HttpResponse<String> previous = response.previousResponse().orElseThrow();
            assertThat(previous.statusCode()).isEqualTo(302);
            assertThat(previous.uri()).isEqualTo(from().build().uri());
            assertThat(previous.previousResponse()).isEmpty();
            fleet.awaitIdle();
            assertThat(fleet.stats(0).successes()).isEqualTo(2);
            assertThat(fleet.client()
                            .sendAsync(from().build(), BodyHandlers.ofString())
                            .join()
                            .body())
                    .isEqualTo("GET ");
            fleet.awaitIdle();
        }
    }

    @Test
    void redirectToAReplicasAddressGoesToAnotherIfThatIsGone() throws Exception {
        redirects(302, two.uri() + "/to");
        two.close();
        try (Fleet fleet = following(one, two)) {
            assertThat(fleet.send(from()).body()).isEqualTo("GET ");
        }
    }

    @Test
    void redirectToAnotherServiceIsBalancedThere() throws Exception {
        redirects(307, "http://users/to");
        try (LoadBalancer users =
                        LoadBalancer.builder("users").endpoints(two.uri()).build();
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().followRedirects(Redirect.NORMAL))
                                .balance(users),
                        settings -> settings,
                        one.endpoint())) {
            HttpResponse<String> response = fleet.send(from().POST(BodyPublishers.ofString("body")));
            assertThat(response.body()).isEqualTo("two");
            assertThat(two.requests().get(0).method()).isEqualTo("POST");
            assertThat(users.stats().endpoints().get(0).successes()).isEqualTo(1);
        }
    }

    @Test
    void redirectToTheAddressOfABalancerThatOnlyARouteKnowsStaysWithTheService() throws Exception {
        script.set(visit -> {
            if (visit.request().target().equals("/a/from")) {
                visit.answer(302, "moved", "Location: " + one.uri() + "/a/to");
            } else {
                visit.answer(200, "acme " + visit.request().header("authorization"));
            }
        });
        try (LoadBalancer acme =
                        LoadBalancer.builder("acme").endpoints(one.uri()).build();
                LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(two.uri()).build();
                HttpClient client = following(
                        builder -> builder.balance(orders, Route.path("/a/**").to(acme)))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://orders/a/from"))
                    .header("Authorization", "Basic secret")
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("acme Basic secret");
            assertThat(response.uri()).hasToString("http://orders/a/to");
        }
    }

    @Test
    void redirectToAnAddressThatOnlyAnotherServicesRouteKnowsGoesThere() throws Exception {
        redirects(302, elsewhere.uri() + "/to");
        try (LoadBalancer acme =
                        LoadBalancer.builder("acme").endpoints(elsewhere.uri()).build();
                LoadBalancer users =
                        LoadBalancer.builder("users").endpoints(two.uri()).build();
                LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = following(builder -> builder.balance(orders)
                        .balance(users, Route.path("/a/**").to(acme)))) {
            HttpResponse<String> response = client.send(from().build(), BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("elsewhere");
            assertThat(response.uri()).hasToString(elsewhere.uri() + "/to");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/to", "to", "SAME/to"})
    void redirectOfAReplicaThatIsCalledByItsAddressToItselfIsNotBalanced(String location) throws Exception {
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "moved", "Location: " + location.replace("SAME", one.uri()));
            } else {
                visit.answer(200, visit.request().header("authorization"));
            }
        });
        try (Fleet fleet = following(one)) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(one.uri() + "/from"))
                    .header("Authorization", "Basic secret")
                    .build();
            HttpResponse<String> response = fleet.client().send(request, BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("Basic secret");
            assertThat(response.uri()).hasToString(one.uri() + "/to");
            assertThat(fleet.stats(0).successes()).isZero();
        }
    }

    @Test
    void routeIsChosenOnceForEachRequest() throws Exception {
        redirects(302, one.uri() + "/to");
        List<String> asked = new CopyOnWriteArrayList<>();
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder()
                                .followRedirects(Redirect.NORMAL)
                                .cookieHandler(new CookieManager()))
                        .balance(
                                orders,
                                Route.when(request -> asked.add(request.uri().getPath())))
                        .build()) {
            client.send(from().build(), BodyHandlers.ofString());
            assertThat(asked).containsExactly("/from", "/to");
            client.sendAsync(from().build(), BodyHandlers.ofString()).join();
            assertThat(asked).containsExactly("/from", "/to", "/from", "/to");
        }
    }

    @Test
    void redirectToTheAddressOfABalancerThatTheRouteOfACookieLeadsToStaysWithTheService() throws Exception {
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "moved", "Location: " + one.uri() + "/to");
            } else {
                visit.answer(200, "beta");
            }
        });
        CookieManager cookies = new CookieManager();
        cookies.put(URI.create("http://orders/"), Map.of("Set-Cookie", List.of("track=beta; Path=/")));
        try (LoadBalancer beta =
                        LoadBalancer.builder("beta").endpoints(one.uri()).build();
                LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(two.uri()).build();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder()
                                .followRedirects(Redirect.NORMAL)
                                .cookieHandler(cookies))
                        .balance(orders, Route.header("Cookie", "*beta*").to(beta))
                        .build()) {
            HttpResponse<String> response = client.send(from().build(), BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("beta");
            assertThat(response.uri()).hasToString("http://orders/to");
        }
    }

    private static BalancedHttpClient following(UnaryOperator<BalancedHttpClient.Builder> settings) {
        return settings.apply(BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().followRedirects(Redirect.NORMAL)))
                .build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "b", "c"})
    void addressThatSeveralBalancersShareIsTheOnesThatRedirectsToIt(String name) throws Exception {
        redirects(302, one.uri() + "/to");
        try (LoadBalancer a = LoadBalancer.builder("a").endpoints(one.uri()).build();
                LoadBalancer b = LoadBalancer.builder("b").endpoints(one.uri()).build();
                LoadBalancer c = LoadBalancer.builder("c").endpoints(one.uri()).build();
                HttpClient client =
                        following(builder -> builder.balance(a).balance(b).balance(c))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + name + ":81/from"))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).uri()).hasToString("http://" + name + ":81/to");
        }
    }

    @Test
    void addressThatOtherBalancersShareIsTheFirstOnes() throws Exception {
        redirects(302, two.uri() + "/to");
        try (LoadBalancer from =
                        LoadBalancer.builder("from").endpoints(one.uri()).build();
                LoadBalancer z = LoadBalancer.builder("z").endpoints(two.uri()).build();
                LoadBalancer b = LoadBalancer.builder("b").endpoints(two.uri()).build();
                LoadBalancer a = LoadBalancer.builder("a").endpoints(two.uri()).build();
                HttpClient client = following(
                        builder -> builder.balance(from).balance(z).balance(b).balance(a))) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://from/from")).build();
            assertThat(client.send(request, BodyHandlers.ofString()).uri()).hasToString("http://z/to");
        }
    }

    @Test
    void redirectToAnAddressKeepsTheHostThatARouteIsFor() throws Exception {
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "moved", "Location: " + one.uri() + "/to");
            } else {
                visit.answer(200, "2 " + visit.request().header("authorization"));
            }
        });
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                        .endpoints(
                                one.endpoint().withTag("version", "2"),
                                two.endpoint().withTag("version", "1"))
                        .policy(new InOrder())
                        .build();
                HttpClient client = following(builder -> builder.balance(
                        orders,
                        Route.host("v2.shop.example").toTag("version", "2"),
                        Route.any().toTag("version", "1")))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://v2.shop.example/from"))
                    .header("Authorization", "Basic secret")
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("2 Basic secret");
            assertThat(response.uri()).hasToString("http://v2.shop.example/to");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "blue.example.com, http://blue.example.com/to",
        "blue.example.com, http://blue.example.com:80/to",
        "blue.example.com:80, http://BLUE.example.com/to",
        "blue.example.com:9000, http://blue.example.com:9000/to"
    })
    void redirectToWhatAReplicaIsCalledOnTheWireIsBalanced(String authority, String location) throws Exception {
        try (Fleet fleet = called(authority, location)) {
            HttpResponse<String> response = fleet.send(from());
            assertThat(response.body()).isEqualTo("GET ");
            assertThat(response.uri()).hasToString("http://orders/to");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"blue.test", "blue.test:9000"})
    void redirectToAnotherPortOfWhatAReplicaIsCalledOnTheWireLeavesTheService(String authority) throws Exception {
        String location = "http://blue.test:" + elsewhere.port() + "/to";
        try (Fleet fleet = called(authority, location)) {
            HttpResponse<String> response = fleet.send(from());
            assertThat(response.body()).isEqualTo("elsewhere");
            assertThat(response.uri()).hasToString(location);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void redirectByHttpsToWhatReplicasOfHttpAreCalledLeavesTheService(boolean tagged) throws Exception {
        Pki pki = Pki.create();
        try (ScriptedServer gateway = ScriptedServer.startTls(
                        pki.context(pki.issue("blue.test")), visit -> visit.answer(200, "gateway"));
                Fleet fleet = called("blue.test:" + gateway.port(), tagged, pki, one)) {
            String location = "https://blue.test:" + gateway.port() + "/to";
            script.set(visit -> visit.answer(302, "moved", "Location: " + location));
            HttpResponse<String> response = fleet.send(from());
            assertThat(response.body()).isEqualTo("gateway");
            assertThat(response.uri()).hasToString(location);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void redirectByHttpsToWhatAReplicaOfHttpsIsCalledIsBalanced(boolean tagged) throws Exception {
        Pki pki = Pki.create();
        script.set(visit -> visit.answer(302, "moved", "Location: https://blue.test/to"));
        try (ScriptedServer secure = ScriptedServer.startTls(
                        pki.context(pki.issue("blue.test")), visit -> visit.answer(200, "secure"));
                Fleet fleet = called("blue.test", tagged, pki, one, secure)) {
            HttpResponse<String> response = fleet.send(from());
            assertThat(response.body()).isEqualTo("secure");
            assertThat(response.uri()).hasToString("https://orders/to");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"http", "https"})
    void redirectToWhatAServiceIsCalledThatHasNoListYetIsBalanced(String scheme) throws Exception {
        script.set(visit -> visit.answer(302, "moved", "Location: " + scheme + "://users.test/to"));
        EndpointSource silent = listener -> () -> {};
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.endpoint()).build();
                LoadBalancer users = LoadBalancer.builder("users")
                        .source(silent)
                        .authority("users.test")
                        .deadline(Duration.ofMillis(500))
                        .build();
                HttpClient client = following(builder -> builder.balance(orders).balance(users))) {
            assertThatThrownBy(() -> client.send(from().build(), BodyHandlers.ofString()))
                    .isInstanceOf(NoEndpointException.class)
                    .hasMessageContaining("users");
        }
    }

    /** By tags of the replicas, or as the service is. */
    private static Fleet called(String authority, boolean tagged, Pki pki, ScriptedServer... servers) {
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder()
                                .sslContext(trusting(pki))
                                .followRedirects(Redirect.NORMAL)),
                settings -> tagged ? settings : settings.authority(authority),
                Arrays.stream(servers)
                        .map(ScriptedServer::endpoint)
                        .map(endpoint -> tagged ? endpoint.withTag("authority", authority) : endpoint)
                        .toArray(Endpoint[]::new));
    }

    private Fleet called(String authority, String location) {
        script.set(visit -> {
            boolean first = visit.request().target().endsWith("/from"); // it may come with the authority before it
            visit.answer(first ? 302 : 200, "GET ", "Location: " + location);
        });
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().followRedirects(Redirect.NORMAL)),
                settings -> settings,
                one.endpoint().withTag("authority", authority));
    }

    @Test
    void redirectOfAReplicaThatTakesItselfForHttpStaysHttps() throws Exception {
        Pki pki = Pki.create();
        AtomicReference<String> location = new AtomicReference<>();
        ScriptedServer.Script moved = visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "moved", "Location: " + location.get());
            } else {
                visit.answer(200, "secure");
            }
        };
        try (ScriptedServer secure = ScriptedServer.startTls(pki.context(pki.issue("orders")), moved);
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder()
                                        .sslContext(trusting(pki))
                                        .followRedirects(Redirect.NORMAL)),
                        settings -> settings,
                        secure.endpoint())) {
            location.set("http://127.0.0.1:" + secure.port() + "/to");
            HttpResponse<String> response = fleet.send(HttpRequest.newBuilder(URI.create("https://orders/from")));
            assertThat(response.body()).isEqualTo("secure");
            assertThat(response.uri()).hasToString("https://orders/to");
            location.set("https://127.0.0.1:" + secure.port() + "/to");
            assertThat(fleet.send(from()).uri()).hasToString("https://orders/to");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void redirectThatBeginsElsewhereIsBalanced(boolean async) throws Exception {
        try (ScriptedServer away = ScriptedServer.answering(302, "", "Location: http://orders/to");
                Fleet fleet = following(two)) {
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create(away.uri() + "/away")).build();
            HttpResponse<String> response = async
                    ? fleet.client().sendAsync(request, BodyHandlers.ofString()).join()
                    : fleet.client().send(request, BodyHandlers.ofString());
            assertThat(response.body()).isEqualTo("two");
            assertThat(response.uri()).hasToString("http://orders/to");
            assertThat(response.previousResponse().map(HttpResponse::uri)).hasValue(request.uri());
            assertThat(fleet.stats(0).successes()).isEqualTo(1);
        }
    }

    @Test
    void redirectToAnotherPortTakesNoCredentialsAlong() throws Exception {
        redirects(302, "http://orders:81/to");
        try (Fleet fleet = following(one)) {
            fleet.send(from().header("Authorization", "Basic secret")
                    .header("Cookie", "secret=1")
                    .header("Proxy-Authorization", "Basic secret")
                    .header("X-Kept", "yes"));
            assertNoCredentials(one.requests().get(1));
        }
    }

    private static void assertNoCredentials(ScriptedServer.Received seen) {
        assertThat(seen.header("authorization")).isEmpty();
        assertThat(seen.header("cookie")).isEmpty();
        assertThat(seen.header("proxy-authorization")).isEmpty();
        assertThat(seen.header("x-kept")).isEqualTo("yes");
    }

    @Test
    void redirectFromHttpsToHttpTakesNoCredentialsAlong() throws Exception {
        Pki pki = Pki.create();
        redirects(302, "http://orders/to");
        try (ScriptedServer secure = ScriptedServer.startTls(
                        pki.context(pki.issue("orders")), visit -> script.get().serve(visit));
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder()
                                        .sslContext(trusting(pki))
                                        .followRedirects(Redirect.ALWAYS)),
                        settings -> settings,
                        secure.endpoint())) {
            HttpResponse<String> response = fleet.send(HttpRequest.newBuilder(URI.create("https://orders/from"))
                    .header("Authorization", "Basic secret")
                    .header("Cookie", "secret=1")
                    .header("Proxy-Authorization", "Basic secret")
                    .header("X-Kept", "yes"));
            assertThat(response.uri()).hasToString("http://orders/to");
            assertNoCredentials(secure.requests().get(1));
        }
    }

    @Test
    void redirectFromHttpToHttpsTakesNoCredentialsAlong() throws Exception {
        Pki pki = Pki.create();
        redirects(302, "https://orders/to");
        try (ScriptedServer secure = ScriptedServer.startTls(
                        pki.context(pki.issue("orders")), visit -> visit.answer(200, "secure"));
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder()
                                        .sslContext(trusting(pki))
                                        .followRedirects(Redirect.NORMAL)),
                        settings -> settings,
                        one.endpoint(),
                        secure.endpoint())) {
            HttpResponse<String> response = fleet.send(from().header("Authorization", "Basic secret")
                    .header("Cookie", "secret=1")
                    .header("X-Kept", "yes"));
            assertThat(response.body()).isEqualTo("secure");
            assertNoCredentials(secure.requests().get(0));
        }
    }

    @Test
    void redirectElsewhereTakesNoCredentialsAlong() throws Exception {
        redirects(302, elsewhere.uri() + "/to");
        try (Fleet fleet = following(one)) {
            HttpResponse<String> response = fleet.send(from().header("Authorization", "Basic secret")
                    .header("cookie", "secret=1")
                    .header("X-Kept", "yes"));
            assertThat(response.body()).isEqualTo("elsewhere");
            assertThat(response.uri()).isEqualTo(URI.create(elsewhere.uri() + "/to"));
            ScriptedServer.Received seen = elsewhere.requests().get(0);
            assertThat(seen.header("authorization")).isEmpty();
            assertThat(seen.header("cookie")).isEmpty();
            assertThat(seen.header("x-kept")).isEqualTo("yes");
        }
    }

    @Test
    void redirectWithinTheServiceTakesCredentialsAlong() throws Exception {
        redirects(302, "/to");
        try (Fleet fleet = following(one)) {
            fleet.send(from().header("Authorization", "Basic secret"));
            assertThat(one.requests().get(1).header("authorization")).isEqualTo("Basic secret");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answerThatLeadsElsewhereKeepsNoPlaceAtItsReplica(boolean async) throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.begin(302, 4, "Location: /to");
                Waiting.on(there);
                visit.write("late");
            } else {
                there.countDown();
                visit.answer(200, "there");
            }
        });
        try (Fleet fleet = Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().followRedirects(Redirect.NORMAL)),
                settings -> settings.limit(Limit.perReplica(1)),
                one.endpoint())) {
            HttpResponse<String> response = async
                    ? fleet.client()
                            .sendAsync(from().build(), BodyHandlers.ofString())
                            .join()
                    : fleet.send(from());
            assertThat(response.body()).isEqualTo("there");
            fleet.awaitIdle();
            assertThat(fleet.stats(0).successes()).isEqualTo(2);
        } finally {
            there.countDown();
        }
    }

    @Test
    void redirectFromElsewhereBackIsBalanced() throws Exception {
        try (ScriptedServer back = ScriptedServer.answering(302, "", "Location: http://orders/to")) {
            redirects(302, back.uri() + "/back");
            try (Fleet fleet = following(one)) {
                HttpResponse<String> response = fleet.send(from());
                assertThat(response.body()).isEqualTo("GET ");
                assertThat(response.previousResponse()
                                .flatMap(HttpResponse::previousResponse)
                                .map(HttpResponse::uri))
                        .hasValue(from().build().uri());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "301, POST, GET",
        "302, POST, GET",
        "303, POST, GET",
        "303, PUT, GET",
        "307, POST, POST",
        "308, PUT, PUT",
        "301, PUT, PUT",
        "302, DELETE, DELETE"
    })
    void methodAfterARedirectIsAsTheJdksClientHasIt(int status, String method, String then) throws Exception {
        redirects(status, "/to");
        try (Fleet fleet = following(one);
                HttpClient bare =
                        HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build()) {
            HttpRequest.Builder request = from().method(method, BodyPublishers.ofString("body"));
            assertThat(fleet.send(request).body()).startsWith(then);
            assertThat(bare.send(request.uri(URI.create(one.uri() + "/from")).build(), BodyHandlers.ofString())
                            .body())
                    .startsWith(then);
        }
    }

    @ParameterizedTest
    @CsvSource({"NEVER, http://orders/to", "NORMAL, http://orders/to", "NORMAL, http://127.0.0.1:1/to"})
    void redirectThatIsNotToBeFollowedIsTheCallersToSee(Redirect policy, String location) throws Exception {
        ScriptedServer.Script moved = visit -> visit.answer(302, "moved", "Location: " + location);
        Pki pki = Pki.create();
        try (ScriptedServer secure = ScriptedServer.startTls(pki.context(pki.issue("orders")), moved);
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder()
                                        .sslContext(trusting(pki))
                                        .followRedirects(policy)),
                        settings -> settings,
                        secure.endpoint())) {
            HttpResponse<String> response = fleet.send(HttpRequest.newBuilder(URI.create("https://orders/from")));
            assertThat(response.statusCode()).isEqualTo(302);
            assertThat(response.body()).isEqualTo("moved");
            assertThat(response.previousResponse()).isEmpty();
        }
    }

    private static SSLContext trusting(Pki pki) {
        try {
            return pki.trusting();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Redirect.class)
    void circleEndsAfterAsManyRequestsAsWithTheJdksClient(Redirect policy) throws Exception {
        script.set(visit -> visit.answer(302, "round", "Location: /from"));
        try (Fleet fleet = fleet(builder -> builder.followRedirects(policy), one);
                HttpClient bare =
                        HttpClient.newBuilder().followRedirects(policy).build()) {
            assertThat(fleet.send(from()).statusCode()).isEqualTo(302);
            int requests = one.requests().size();
            bare.send(HttpRequest.newBuilder(URI.create(one.uri() + "/from")).build(), BodyHandlers.ofString());
            assertThat(one.requests()).hasSize(requests * 2);
        }
    }

    @Test
    void redirectWithoutALocationIsAnErrorAsWithTheJdksClient() throws Exception {
        script.set(visit -> visit.answer(302, "where?"));
        try (Fleet fleet = following(one);
                HttpClient bare =
                        HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build()) {
            Throwable expected = catchThrowable(() -> bare.send(
                    HttpRequest.newBuilder(URI.create(one.uri() + "/from")).build(), BodyHandlers.ofString()));
            assertThat(catchThrowable(() -> fleet.send(from())))
                    .hasSameClassAs(expected)
                    .hasMessage("Invalid redirection");
            assertThat(expected).hasMessageEndingWith("Invalid redirection");
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void cancellingEndsTheRequestThatARedirectLedTo() throws Exception {
        CountDownLatch there = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "moved", "Location: /to");
            } else {
                there.countDown();
                visit.hang();
                gone.countDown();
            }
        });
        try (Fleet fleet = following(one)) {
            CompletableFuture<String> body = fleet.client()
                    .sendAsync(from().build(), BodyHandlers.ofString())
                    .thenApply(HttpResponse::body);
            Waiting.on(there);
            body.cancel(true);
            Waiting.on(gone);
            fleet.awaitIdle();
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    @Test
    void responseTellsWhichReplicaSentIt() throws Exception {
        redirects(302, "/to");
        try (Fleet fleet = following(one, two);
                HttpClient bare = HttpClient.newHttpClient()) {
            assertThat(BalancedHttpClient.servedBy(fleet.get("/"))).hasValue(one.endpoint());
            assertThat(BalancedHttpClient.servedBy(fleet.send(from()))).hasValue(one.endpoint());
            HttpRequest direct =
                    HttpRequest.newBuilder(URI.create(two.uri() + "/")).build();
            assertThat(BalancedHttpClient.servedBy(fleet.client().send(direct, BodyHandlers.ofString())))
                    .isEmpty();
            assertThat(BalancedHttpClient.servedBy(bare.send(direct, BodyHandlers.ofString())))
                    .isEmpty();
        }
    }

    @Test
    void redirectIsFollowedAfterARepeat() throws Exception {
        redirects(302, "/to");
        try (ScriptedServer busy = ScriptedServer.answering(503, "busy");
                Fleet fleet = following(busy, one)) {
            assertThat(fleet.send(from()).body()).isEqualTo("GET ");
        }
    }

    // Cookies.

    @Test
    void cookieBelongsToTheServiceNotToAReplica() throws Exception {
        script.set(visit -> visit.answer(200, "one", "Set-Cookie: session=42"));
        CookieManager cookies = new CookieManager();
        try (Fleet fleet = fleet(builder -> builder.cookieHandler(cookies), one, two)) {
            fleet.get("/");
            fleet.balancer().disable(one.endpoint());
            assertThat(fleet.get("/").body()).isEqualTo("two");
            assertThat(two.requests().get(0).header("cookie"))
                    .contains("session=")
                    .contains("42");
            assertThat(cookies.getCookieStore().getCookies()).hasSize(1);
            assertThat(fleet.client().cookieHandler()).hasValue(cookies);
        }
    }

    @Test
    void cookiesOfTheHandlerAndOfTheCallerAreSentTogether() throws Exception {
        script.set(visit -> visit.answer(200, "one", "Set-Cookie: session=42"));
        try (Fleet fleet = fleet(builder -> builder.cookieHandler(new CookieManager()), one)) {
            fleet.get("/");
            fleet.send(Fleet.request("/").header("Cookie", "own=1"));
            assertThat(one.requests().get(1).headers().get("cookie"))
                    .hasSize(1)
                    .first()
                    .asString()
                    .contains("session=")
                    .endsWith("; own=1");
        }
    }

    @Test
    void cookieThatARedirectSetIsSentToWhereItLeads() throws Exception {
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "", "Location: /to", "Set-Cookie: seen=1; Path=/");
            } else {
                visit.answer(200, visit.request().header("cookie"));
            }
        });
        try (Fleet fleet =
                fleet(builder -> builder.followRedirects(Redirect.NORMAL).cookieHandler(new CookieManager()), one)) {
            assertThat(fleet.send(from()).body()).contains("seen");
        }
    }

    @Test
    void cookieIsNotSentElsewhere() throws Exception {
        script.set(visit -> visit.answer(302, "", "Location: " + elsewhere.uri(), "Set-Cookie: seen=1; Path=/"));
        try (Fleet fleet =
                fleet(builder -> builder.followRedirects(Redirect.NORMAL).cookieHandler(new CookieManager()), one)) {
            assertThat(fleet.send(from()).body()).isEqualTo("elsewhere");
            assertThat(elsewhere.requests().get(0).header("cookie")).isEmpty();
        }
    }

    // Challenges.

    @Test
    void authenticatorIsAskedForTheService() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        Authenticator known = new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                asked.add(getRequestingHost() + " " + getRequestingURL() + " " + getRequestingPrompt());
                return new PasswordAuthentication("user", "word".toCharArray());
            }
        };
        script.set(visit -> {
            boolean authorised = !visit.request().header("authorization").isEmpty();
            visit.answer(authorised ? 200 : 401, "in", "WWW-Authenticate: Basic realm=\"here\"");
        });
        try (Fleet fleet = fleet(builder -> builder.authenticator(known), one)) {
            assertThat(fleet.get("/here?a=1").statusCode()).isEqualTo(200);
            assertThat(asked).containsExactly("orders http://orders/here?a=1 here");
            assertThat(fleet.client().authenticator()).hasValue(known);
        }
    }

    /** Wants credentials, and sets a cookie as it asks for them. */
    private static final ScriptedServer.Script CHALLENGE = visit -> {
        if (visit.request().header("authorization").isEmpty()) {
            visit.answer(401, "who?", "WWW-Authenticate: Basic realm=\"here\"", "Set-Cookie: step=1; Path=/");
        } else {
            visit.answer(200, "in", "Set-Cookie: user=1; Path=/");
        }
    };

    private static Authenticator knowing() {
        return new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("user", "word".toCharArray());
            }
        };
    }

    @Test
    void cookieThatComesWithAChallengeIsKeptForTheService() throws Exception {
        script.set(CHALLENGE);
        CookieManager cookies = new CookieManager();
        try (Fleet fleet = fleet(builder -> builder.authenticator(knowing()).cookieHandler(cookies), one, two)) {
            assertThat(fleet.get("/").statusCode()).isEqualTo(200);
            fleet.balancer().disable(one.endpoint());
            fleet.get("/");
            assertThat(two.requests().get(0).header("cookie")).contains("step=").contains("user=");
            assertThat(cookies.getCookieStore().getCookies()).hasSize(2);
        }
    }

    @Test
    void cookieOfTheAnswerOutlivesThatOfTheChallengeBeforeIt() throws Exception {
        script.set(visit -> {
            boolean known = !visit.request().header("authorization").isEmpty();
            visit.answer(
                    known ? 200 : 401,
                    "",
                    "WWW-Authenticate: Basic realm=\"here\"",
                    "Set-Cookie: step=" + (known ? "after" : "before"));
        });
        CookieManager cookies = new CookieManager();
        try (Fleet fleet = fleet(builder -> builder.authenticator(knowing()).cookieHandler(cookies), one)) {
            fleet.get("/");
            assertThat(cookies.getCookieStore().getCookies())
                    .extracting(HttpCookie::getValue)
                    .containsExactly("after");
        }
    }

    @ParameterizedTest
    @EnumSource(Redirect.class)
    void challengeIsThePreviousResponseByTheServicesName(Redirect policy) throws Exception {
        script.set(CHALLENGE);
        try (Fleet fleet = fleet(builder -> builder.authenticator(knowing()).followRedirects(policy), one)) {
            HttpResponse<String> response = fleet.get("/here");
            HttpResponse<String> challenge = response.previousResponse().orElseThrow();
            assertThat(challenge.statusCode()).isEqualTo(401);
            assertThat(challenge.uri()).hasToString("http://orders/here");
            assertThat(challenge.request().uri()).hasToString("http://orders/here");
            assertThat(challenge.previousResponse()).isEmpty();
            assertThat(BalancedHttpClient.servedBy(challenge)).hasValue(one.endpoint());
        }
    }

    @Test
    void challengeAfterARedirectStandsBetweenTheTwo() throws Exception {
        script.set(visit -> {
            if (visit.request().target().equals("/from")) {
                visit.answer(302, "moved", "Location: /to");
            } else {
                CHALLENGE.serve(visit);
            }
        });
        try (Fleet fleet = fleet(builder -> builder.authenticator(knowing()).followRedirects(Redirect.NORMAL), one);
                HttpClient bare = HttpClient.newBuilder()
                        .authenticator(knowing())
                        .followRedirects(Redirect.NORMAL)
                        .build()) {
            assertThat(chain(fleet.send(from()))).containsExactly("200 /to", "401 /to", "302 /from");
            assertThat(chain(bare.send(
                            from().uri(URI.create(one.uri() + "/from")).build(), BodyHandlers.ofString())))
                    .containsExactly("200 /to", "401 /to", "302 /from");
        }
    }

    private static List<String> chain(HttpResponse<?> last) {
        List<String> all = new ArrayList<>();
        for (HttpResponse<?> one = last;
                one != null;
                one = one.previousResponse().orElse(null)) {
            all.add(one.statusCode() + " " + one.uri().getPath());
        }
        return all;
    }

    @Test
    void authenticatorIsAskedForTheServiceOfAReplicaWithANameOfItsOwn() throws Exception {
        List<String> asked = new CopyOnWriteArrayList<>();
        script.set(CHALLENGE);
        Authenticator known = new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                asked.add(getRequestingHost() + " " + getRequestingURL());
                return new PasswordAuthentication("user", "word".toCharArray());
            }
        };
        try (Fleet fleet = Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().authenticator(known)),
                settings -> settings,
                one.endpoint().withTag("authority", "blue.example.com"))) {
            assertThat(fleet.get("/here").statusCode()).isEqualTo(200);
            assertThat(asked).containsExactly("orders http://orders/here");
        }
    }

    // Proxies, which no replica is, though it be asked in the form for one.

    private static Fleet named(
            @Nullable String authority, UnaryOperator<HttpClient.Builder> settings, ScriptedServer... servers) {
        return Fleet.of(
                BalancedHttpClient.builder().transport(() -> settings.apply(HttpClient.newBuilder())),
                balancer -> authority == null ? balancer : balancer.authority(authority),
                Arrays.stream(servers).map(ScriptedServer::endpoint).toArray(Endpoint[]::new));
    }

    @ParameterizedTest
    @CsvSource({"true,", "false,", "true, blue.example.com", "false, blue.example.com"})
    void replicaThatWantsCredentialsForAProxyIsGivenNoneAndTheCallerWhatTheJdksClientGives(
            boolean credentials, @Nullable String authority) throws Exception {
        script.set(visit -> visit.answer(407, "who?", "Proxy-Authenticate: Basic realm=\"here\""));
        UnaryOperator<HttpClient.Builder> settings =
                builder -> credentials ? builder.authenticator(knowing()) : builder;
        try (Fleet fleet = named(authority, settings, one, two);
                HttpClient bare = settings.apply(HttpClient.newBuilder()).build()) {
            HttpRequest direct =
                    HttpRequest.newBuilder(URI.create(one.uri() + "/")).build();
            AtomicReference<HttpResponse<String>> expected = new AtomicReference<>();
            Throwable error = catchThrowable(() -> expected.set(bare.send(direct, BodyHandlers.ofString())));
            if (error == null) {
                assertThat(fleet.get("/").statusCode()).isEqualTo(expected.get().statusCode());
            } else {
                fleet.balancer().disable(two.endpoint());
                assertThat(catchThrowable(() -> fleet.get("/"))).hasSameClassAs(error);
                fleet.balancer().enable(two.endpoint());
            }
            fleet.balancer().disable(one.endpoint());
            assertThat(fleet.get("/").body()).isEqualTo("two");
            assertNoneForAProxy(one);
            assertNoneForAProxy(two);
        }
    }

    private static void assertNoneForAProxy(ScriptedServer server) {
        assertThat(server.requests())
                .isNotEmpty()
                .allSatisfy(
                        request -> assertThat(request.headers().keySet()).noneMatch(name -> name.startsWith("proxy-")));
    }

    @Test
    void passwordForTheProxyIsNotGivenToAReplicaThatHasOnceTakenIt() throws Exception {
        script.set(visit -> {
            boolean known = !visit.request().header("proxy-authorization").isEmpty();
            visit.answer(known ? 200 : 407, "?", "Proxy-Authenticate: Basic realm=\"here\"");
        });
        try (Fleet fleet = named("blue.example.com", builder -> builder.authenticator(knowing()), one)) {
            for (int i = 0; i < 2; i++) {
                assertThat(catchThrowable(() -> fleet.get("/")))
                        .isInstanceOf(IOException.class)
                        .hasMessage("No credentials provided");
            }
            assertNoneForAProxy(one);
        }
    }

    @ParameterizedTest
    @CsvSource({"false,", "true,", "false, blue.example.com", "true, blue.example.com"})
    void whatTheCallerSaysToAProxyIsNotSaidToAReplica(boolean async, @Nullable String authority) throws Exception {
        try (Fleet fleet = named(authority, builder -> builder, two);
                HttpClient bare = HttpClient.newHttpClient()) {
            HttpRequest.Builder request = Fleet.request("/")
                    .header("Proxy-Authorization", "Basic secret")
                    .header("pROXY-other", "secret")
                    .header("Proxy", "kept")
                    .header("X-Kept", "yes");
            HttpRequest direct = request.copy().uri(URI.create(two.uri() + "/")).build();
            bare.send(direct, BodyHandlers.ofString());
            if (async) {
                fleet.client()
                        .sendAsync(request.build(), BodyHandlers.ofString())
                        .join();
            } else {
                fleet.send(request);
            }
            assertNoneForAProxy(two);
            assertThat(two.requests()).hasSize(2).allSatisfy(seen -> {
                assertThat(seen.header("proxy")).isEqualTo("kept");
                assertThat(seen.header("x-kept")).isEqualTo("yes");
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "blue.example.com"})
    void whatAHealthCheckSaysToAProxyIsNotSaidToAReplica(String authority) throws Exception {
        HealthCheck check = HealthCheck.get("/health")
                .withHeader("Proxy-Authorization", "Basic secret")
                .withInterval(Duration.ofSeconds(1));
        try (Fleet fleet = Fleet.of(
                settings -> (authority.isEmpty() ? settings : settings.authority(authority)).healthCheck(check), two)) {
            Waiting.until("it was asked", () -> !two.requests().isEmpty());
            fleet.awaitIdle();
            assertNoneForAProxy(two);
        }
    }
}
