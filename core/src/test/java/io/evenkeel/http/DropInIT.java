package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieManager;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class DropInIT {

    private ScriptedServer one;
    private ScriptedServer two;
    private ScriptedServer three;

    @BeforeEach
    void startServers() throws IOException {
        one = ScriptedServer.answering(200, "one");
        two = ScriptedServer.answering(200, "two");
        three = ScriptedServer.answering(200, "three");
    }

    @AfterEach
    void stopServers() throws IOException {
        one.close();
        two.close();
        three.close();
    }

    private LoadBalancer.Builder orders() {
        return LoadBalancer.builder("orders").endpoints(one.uri(), two.uri(), three.uri());
    }

    private static HttpRequest get(String uri) {
        return HttpRequest.newBuilder(URI.create(uri)).build();
    }

    private static HttpResponse<String> send(HttpClient client, String uri) throws IOException, InterruptedException {
        return client.send(get(uri), BodyHandlers.ofString());
    }

    @Test
    void requestsAreSpreadOverAllServers() throws Exception {
        try (LoadBalancer orders = orders().policy(Policy.roundRobin()).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            Map<String, Integer> answers = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                answers.merge(send(client, "http://orders/items/" + i).body(), 1, Integer::sum);
            }
            assertThat(answers).containsOnlyKeys("one", "two", "three");
            assertThat(answers.values()).allSatisfy(count -> assertThat(count).isEqualTo(10));
            assertThat(orders.stats().endpoints()).allSatisfy(line -> {
                assertThat(line.successes()).isEqualTo(10);
                assertThat(line.inFlight()).isZero();
            });
        }
    }

    @Test
    void asynchronousRequestsAreSpreadToo() throws Exception {
        try (LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            Map<String, Integer> answers = new HashMap<>();
            for (int i = 0; i < 30; i++) {
                String body = client.sendAsync(get("http://orders/items/" + i), BodyHandlers.ofString())
                        .get()
                        .body();
                answers.merge(body, 1, Integer::sum);
            }
            assertThat(answers).containsOnlyKeys("one", "two", "three");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://orders/", "http://ORDERS/", "http://Orders:8080/", "HTTP://orDers:1/", "http://orders"})
    void caseAndPortOfTheHostDoNotCount(String uri) throws Exception {
        try (LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders)
                        .onlyBalanced()
                        .build()) {
            assertThat(send(client, uri).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void caseOfTheBalancersNameDoesNotCount() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("Orders.Shop").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            assertThat(send(client, "http://orders.shop/").body()).isEqualTo("one");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "?",
                "/?",
                "?a=b",
                "/items/42",
                "/items/",
                "/a%2Fb/c%20d",
                "/a%2fb",
                "//double//slash//",
                "/dots/./and/../up",
                "/?q=%20%26%3D&empty=&q=%2B+",
                "/q?url=http://other/%3F?x",
                "/plus+and;matrix=1,2:3@4",
                "/%E2%82%AC?%E2%82%AC",
                "/\u20ac/\u00e4?\u00fc=\u20ac",
                "/a%00b",
                "/fragment?x#not-sent"
            })
    void targetArrivesAsThePlainClientSendsIt(String pathAndQuery) throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.of(orders);
                HttpClient plain = HttpClient.newHttpClient()) {
            send(plain, one.uri() + pathAndQuery);
            send(client, "http://orders" + pathAndQuery);
            assertThat(one.requests()).hasSize(2);
            assertThat(one.requests().get(1).target())
                    .isEqualTo(one.requests().get(0).target());
        }
    }

    @Test
    void escapesArriveByteForByte() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            send(client, "http://orders/a%2Fb/c%20d//e;f=1?x=%26&y=%2f+z&&w");
            assertThat(one.requests().get(0).target()).isEqualTo("/a%2Fb/c%20d//e;f=1?x=%26&y=%2f+z&&w");
        }
    }

    @Test
    void unknownHostGoesToTheTransportUntouched() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            HttpRequest request = get(two.uri() + "/direct?x=1");
            HttpResponse<String> blocking = client.send(request, BodyHandlers.ofString());
            HttpResponse<String> async =
                    client.sendAsync(request, BodyHandlers.ofString()).get();
            assertThat(blocking.body()).isEqualTo("two");
            assertThat(async.body()).isEqualTo("two");
            assertThat(blocking.uri()).isEqualTo(request.uri());
            assertThat(two.requests())
                    .extracting(ScriptedServer.Received::target)
                    .containsExactly("/direct?x=1", "/direct?x=1");
            assertThat(orders.stats().calls()).isZero();
        }
    }

    @Test
    void onlyBalancedRefusesAnUnknownHost() throws Exception {
        try (LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders)
                        .onlyBalanced()
                        .build()) {
            HttpRequest request = get("http://localhost:" + one.port() + "/");
            assertThatIOException()
                    .isThrownBy(() -> client.send(request, BodyHandlers.ofString()))
                    .withMessageContaining("localhost")
                    .withMessageContaining("orders");
            assertThat(client.sendAsync(request, BodyHandlers.ofString()))
                    .failsWithin(Duration.ofSeconds(10))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(IOException.class);
            assertThat(one.requests()).isEmpty();
        }
    }

    @Test
    void requestKeepsItsMethodHeadersAndBody() throws Exception {
        try (Fleet fleet = Fleet.of(one)) {
            fleet.send(Fleet.request("/x")
                    .method("PATCH", BodyPublishers.ofString("{\"a\":1}"))
                    .header("X-Twice", "1")
                    .header("X-Twice", "2")
                    .header("Authorization", "Bearer of news")
                    .header("Cookie", "a=b"));
            ScriptedServer.Received seen = one.requests().get(0);
            assertThat(seen.method()).isEqualTo("PATCH");
            assertThat(seen.headers().get("x-twice")).containsExactly("1", "2");
            assertThat(seen.header("authorization")).isEqualTo("Bearer of news");
            assertThat(seen.header("cookie")).isEqualTo("a=b");
            assertThat(seen.header("content-length")).isEqualTo("7");
            assertThat(seen.header("host")).isEqualTo("127.0.0.1:" + one.port());
        }
    }

    @Test
    void everyHeaderThatThePlainClientSendsIsSent() throws Exception {
        try (Fleet fleet = Fleet.of(one);
                HttpClient plain = HttpClient.newHttpClient()) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder().header("X-Some", "thing").POST(BodyPublishers.ofString("body"));
            plain.send(request.uri(URI.create(one.uri())).build(), BodyHandlers.ofString());
            fleet.send(request.uri(URI.create("http://orders")));
            assertThat(one.requests().get(1)).isEqualTo(one.requests().get(0));
        }
    }

    @Test
    void versionOfTheRequestCounts() throws Exception {
        try (Fleet fleet = Fleet.of(one)) {
            fleet.send(Fleet.request("/1").version(HttpClient.Version.HTTP_1_1));
            fleet.send(Fleet.request("/2").version(HttpClient.Version.HTTP_2));
            assertThat(one.requests().get(0).header("upgrade")).isEmpty();
            assertThat(one.requests().get(1).header("upgrade")).isEqualTo("h2c");
        }
    }

    @Test
    void expectContinueIsKept() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(visit -> {
                    if (visit.request().header("expect").equalsIgnoreCase("100-continue")) {
                        visit.write("HTTP/1.1 100 Continue\r\n\r\n");
                    }
                    visit.answer(200, visit.body());
                });
                Fleet fleet = Fleet.of(server)) {
            HttpResponse<String> response = fleet.send(Fleet.request("/")
                    .POST(BodyPublishers.ofString("on request"))
                    .version(HttpClient.Version.HTTP_1_1)
                    .expectContinue(true));
            assertThat(response.body()).isEqualTo("on request");
            assertThat(server.requests().get(0).header("expect")).isEqualToIgnoringCase("100-continue");
        }
    }

    @Test
    void responseNamesTheCallersRequest() throws Exception {
        try (Fleet fleet = Fleet.of(one)) {
            HttpRequest request = Fleet.request("/a%20b?c").build();
            for (HttpResponse<String> response : List.of(
                    fleet.client().send(request, BodyHandlers.ofString()),
                    fleet.client().sendAsync(request, BodyHandlers.ofString()).get())) {
                assertThat(response.request()).isSameAs(request);
                assertThat(response.uri()).isEqualTo(request.uri());
                assertThat(response.toString()).isEqualTo("(GET http://orders/a%20b?c) 200");
            }
        }
    }

    @Test
    void responseHasWhatTheServerSent() throws Exception {
        try (ScriptedServer server = ScriptedServer.answering(404, "no such thing", "X-Twice: 1", "X-Twice: 2");
                Fleet fleet = Fleet.of(server)) {
            HttpResponse<String> response = fleet.get("/");
            assertThat(response.statusCode()).isEqualTo(404);
            assertThat(response.body()).isEqualTo("no such thing");
            assertThat(response.headers().allValues("x-twice")).containsExactly("1", "2");
            assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(response.previousResponse()).isEmpty();
            assertThat(response.sslSession()).isEmpty();
        }
    }

    @Test
    void redirectThatTheTransportFollowsShowsAsPreviousResponse() throws Exception {
        try (ScriptedServer moved = ScriptedServer.answering(302, "", "Location: " + one.uri() + "/there");
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL)),
                        settings -> settings,
                        moved.endpoint())) {
            HttpResponse<String> response = fleet.get("/here");
            assertThat(response.body()).isEqualTo("one");
            assertThat(response.previousResponse())
                    .map(HttpResponse::statusCode)
                    .hasValue(302);
            assertThat(response.uri()).isEqualTo(URI.create(one.uri() + "/there"));
            assertThat(response.request().uri()).isEqualTo(response.uri());
        }
    }

    @Test
    void answerAfterAChallengeIsTheServicesToo() throws Exception {
        Authenticator known = new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
                return new PasswordAuthentication("user", "word".toCharArray());
            }
        };
        try (ScriptedServer asking = ScriptedServer.start(visit -> {
                    boolean authorised =
                            !visit.request().header("authorization").isEmpty();
                    visit.answer(authorised ? 200 : 401, "in", "WWW-Authenticate: Basic realm=\"here\"");
                });
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().authenticator(known)),
                        settings -> settings,
                        asking.endpoint())) {
            HttpResponse<String> response = fleet.get("/here");
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.uri()).isEqualTo(Fleet.request("/here").build().uri());
            assertThat(response.request().uri()).isEqualTo(response.uri());
        }
    }

    @Test
    void answerForWhichTheTransportAsksNoHandlerEndsTheCall() throws Exception {
        try (HttpClient jdk = HttpClient.newHttpClient();
                Fleet fleet = Fleet.on(new Caching(jdk), one)) {
            assertThat(fleet.get("/").body()).isEqualTo("one");
            assertThat(fleet.get("/").body()).isEqualTo("one");
            assertThat(one.requests()).hasSize(1);
            assertThat(fleet.inFlight()).isZero();
            assertThat(fleet.stats(0).successes()).isEqualTo(2);
        }
    }

    @Test
    void gettersAreTheTransports() throws Exception {
        HttpClient transport = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(3))
                .followRedirects(HttpClient.Redirect.NEVER)
                .cookieHandler(new CookieManager())
                .authenticator(new Authenticator() {})
                .proxy(ProxySelector.of(null))
                .executor(Runnable::run)
                .version(HttpClient.Version.HTTP_1_1)
                .build();
        try (transport;
                LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(transport)
                        .balance(orders)
                        .build()) {
            assertThat(client.connectTimeout()).hasValue(Duration.ofSeconds(3));
            assertThat(client.followRedirects()).isEqualTo(HttpClient.Redirect.NEVER);
            assertThat(client.cookieHandler()).isPresent().isEqualTo(transport.cookieHandler());
            assertThat(client.authenticator()).isPresent().isEqualTo(transport.authenticator());
            assertThat(client.proxy()).isPresent().isEqualTo(transport.proxy());
            assertThat(client.executor()).isPresent().isEqualTo(transport.executor());
            assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
            assertThat(client.sslContext()).isSameAs(transport.sslContext());
            assertThat(client.sslParameters().getProtocols())
                    .isEqualTo(transport.sslParameters().getProtocols());
        }
    }

    @Test
    void ownTransportHasALimitOnConnecting() {
        try (LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.of(orders)) {
            assertThat(client.connectTimeout()).hasValue(Duration.ofSeconds(1));
            assertThat(client.executor()).isPresent();
            assertThat(client.version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    @Test
    void webSocketGoesToTheTransport() throws Exception {
        try (ScriptedServer server = ScriptedServer.start(visit -> {
                    assertThat(visit.request().header("upgrade")).isEqualTo("websocket");
                    visit.answer(403, "");
                });
                Fleet fleet = Fleet.of(one)) {
            Throwable refused = catchThrowable(() -> fleet.client()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create("ws://127.0.0.1:" + server.port() + "/chat"), new WebSocket.Listener() {})
                    .join());
            assertThat(refused).isNotNull();
            assertThat(server.requests()).hasSize(1);
            assertThat(fleet.balancer().stats().calls()).isZero();
        }
    }

    @Test
    void twoBalancersServeTwoHosts() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                LoadBalancer users =
                        LoadBalancer.builder("users").endpoints(two.uri()).build();
                HttpClient client = BalancedHttpClient.of(orders, users)) {
            assertThat(send(client, "http://orders/").body()).isEqualTo("one");
            assertThat(send(client, "http://users/").body()).isEqualTo("two");
        }
    }

    @Test
    void balancedClientIsATransportForAnother() throws Exception {
        try (LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.uri()).build();
                LoadBalancer users =
                        LoadBalancer.builder("users").endpoints(two.uri()).build();
                HttpClient inner = BalancedHttpClient.of(orders);
                HttpClient outer = BalancedHttpClient.builder()
                        .transport(inner)
                        .balance(users)
                        .build()) {
            assertThat(send(outer, "http://orders/").body()).isEqualTo("one");
            assertThat(send(outer, "http://users/").body()).isEqualTo("two");
        }
    }

    @Test
    void requestOfAnotherMakeIsSentAsTheJdksIs() throws Exception {
        HttpRequest handMade =
                new HandMade("PUT", "http://orders/made", Optional.of(BodyPublishers.ofString("by hand")));
        try (Fleet fleet = Fleet.of(one)) {
            assertThat(fleet.client().send(handMade, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            assertThat(one.requests().get(0).method()).isEqualTo("PUT");
            assertThat(one.requests().get(0).header("x-made")).isEqualTo("by hand");
        }
    }

    @Test
    void nullsAreRefusedAsTheJdksClientDoes() throws Exception {
        try (Fleet fleet = Fleet.of(one)) {
            HttpClient client = fleet.client();
            HttpRequest request = Fleet.request("/").build();
            assertThatNullPointerException().isThrownBy(() -> client.send(request, null));
            assertThatNullPointerException().isThrownBy(() -> client.send(null, BodyHandlers.ofString()));
            assertThatNullPointerException().isThrownBy(() -> client.sendAsync(request, null));
            assertThatNullPointerException().isThrownBy(() -> client.sendAsync(null, BodyHandlers.ofString()));
            assertThat(fleet.get("/").statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, http://orders/",
        "BAD METHOD, http://orders/",
        "GET, http:///nowhere",
        "GET, //orders/",
        "GET, ws://orders/"
    })
    void requestThatTheJdksClientRefusesIsRefusedAlike(String method, String uri) throws Exception {
        HttpRequest request = new HandMade(method, uri, Optional.empty());
        try (Fleet fleet = Fleet.of(one);
                HttpClient jdk = HttpClient.newHttpClient()) {
            Throwable plain = catchThrowable(() -> jdk.send(request, BodyHandlers.ofString()));
            Throwable ours = catchThrowable(() -> fleet.client().send(request, BodyHandlers.ofString()));
            assertThat(ours).isNotNull().hasSameClassAs(plain);
            assertThat(fleet.stats(0).failures()).isZero();
            assertThat(fleet.inFlight()).isZero();
            assertThat(one.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, //orders/", "GET, http:///nowhere", "GET, ws://orders/", "GET, ws://other/"})
    void requestThatTheJdksClientRefusesIsRefusedAlikeWhereAllAreToBeBalanced(String method, String uri)
            throws Exception {
        HttpRequest request = new HandMade(method, uri, Optional.empty());
        try (LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders)
                        .onlyBalanced()
                        .build();
                HttpClient jdk = HttpClient.newHttpClient()) {
            assertThat(catchThrowable(() -> client.send(request, BodyHandlers.ofString())))
                    .hasSameClassAs(catchThrowable(() -> jdk.send(request, BodyHandlers.ofString())))
                    .hasMessageContaining(uri);
            assertThat(catchThrowable(() -> client.sendAsync(request, BodyHandlers.ofString())))
                    .hasSameClassAs(catchThrowable(() -> jdk.sendAsync(request, BodyHandlers.ofString())));
            assertThat(send(client, "http://orders/").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void webSocketIsRefusedWhereAllCallsAreToBeBalanced() throws Exception {
        try (LoadBalancer orders = orders().build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders)
                        .onlyBalanced()
                        .build()) {
            assertThat(client.newWebSocketBuilder()
                            .header("X-Some", "value")
                            .connectTimeout(Duration.ofSeconds(1))
                            .subprotocols("chat")
                            .buildAsync(URI.create("ws://127.0.0.1:" + one.port()), new WebSocket.Listener() {}))
                    .failsWithin(Duration.ofSeconds(1))
                    .withThrowableThat()
                    .withCauseInstanceOf(IOException.class)
                    .withMessageContaining("a WebSocket to 127.0.0.1 would not be balanced")
                    .withMessageContaining("onlyBalanced()");
            assertThat(one.connections()).isZero();
        }
    }

    /** Whoever could end a line could add headers, or a second request. */
    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\\r\\nX: y\\r\\n', X-Made, by hand, NEVER",
        "GET, X-Made, 'by\\r\\nX-Smuggled: hand', NEVER",
        "GET, X-Made, 'by\\nX-Smuggled: hand', NORMAL",
        "GET, 'X-Made: by\\r\\nX-Smuggled', hand, NORMAL",
        "GET, X-Made, 'by\\r\\n\\r\\nGET /smuggled HTTP/1.1\\r\\n', NORMAL"
    })
    void lineThatEndsInsideAHeaderIsRefusedAsByTheJdksClient(
            String method, String name, String value, HttpClient.Redirect policy) throws Exception {
        Map<String, List<String>> headers = Map.of(unescaped(name), List.of(unescaped(value)));
        HttpRequest ours = new HandMade(unescaped(method), "http://orders/", Optional.empty(), headers);
        HttpRequest bare = new HandMade(unescaped(method), one.uri() + "/", Optional.empty(), headers);
        try (Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() -> HttpClient.newBuilder().followRedirects(policy)),
                        settings -> settings,
                        one.endpoint());
                HttpClient jdk = HttpClient.newHttpClient()) {
            Throwable expected = catchThrowable(() -> jdk.send(bare, BodyHandlers.ofString()));
            assertThat(expected).isNotNull();
            assertThat(catchThrowable(() -> fleet.client().send(ours, BodyHandlers.ofString())))
                    .hasSameClassAs(expected);
            assertThat(one.requests()).isEmpty();
            assertThat(fleet.get("/").body()).isEqualTo("one");
            assertThat(one.requests()).hasSize(1);
            assertThat(fleet.stats(0).failures()).isZero();
        }
    }

    /** CSV would make every end of a line the same. */
    private static String unescaped(String text) {
        return text.replace("\\r", "\r").replace("\\n", "\n");
    }

    @Test
    void headersOfAnAnswerThatHaveNoEndFailAsWithTheJdksClient() throws Exception {
        String megabyte = "X-Long: " + "x".repeat(1 << 20);
        try (ScriptedServer endless = ScriptedServer.start(visit -> {
                    if (visit.request().target().equals("/endless")) {
                        visit.answer(200, "", megabyte);
                    } else {
                        visit.answer(200, "fine");
                    }
                });
                Fleet fleet = Fleet.of(endless);
                HttpClient jdk = HttpClient.newHttpClient()) {
            Throwable expected = catchThrowable(() -> send(jdk, endless.uri() + "/endless"));
            assertThat(expected).isInstanceOf(IOException.class);
            assertThat(catchThrowable(() -> fleet.get("/endless"))).hasSameClassAs(expected);
            assertThat(fleet.get("/").body()).isEqualTo("fine");
            fleet.awaitIdle();
        }
    }
}
