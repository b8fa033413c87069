package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.Endpoint;
import io.evenkeel.HealthCheck;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Replicas known by address, of a service that has a name. */
@Timeout(60)
class NamesIT {

    private static Pki pki;
    private ScriptedServer plain;

    @BeforeAll
    static void makeAuthority() throws Exception {
        pki = Pki.create();
    }

    @BeforeEach
    void startServer() throws IOException {
        plain = ScriptedServer.answering(200, "plain");
    }

    @AfterEach
    void stopServer() throws IOException {
        plain.close();
    }

    private static ScriptedServer secure(Pki.Identity identity) throws Exception {
        return ScriptedServer.startTls(pki.context(identity), visit -> visit.answer(200, "secure"));
    }

    private static Fleet fleet(UnaryOperator<LoadBalancer.Builder> settings, Endpoint endpoint) throws Exception {
        SSLContext tls = pki.trusting();
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().sslContext(tls)),
                settings,
                endpoint);
    }

    private static HttpRequest.Builder secureRequest() {
        return HttpRequest.newBuilder(URI.create("https://orders/"));
    }

    // The name of certificates.

    @Test
    void certificateOfAReplicaKnownByAddressIsForTheService() throws Exception {
        try (ScriptedServer secure = secure(pki.issue("orders"));
                Fleet fleet = fleet(settings -> settings, secure.endpoint())) {
            var response = fleet.send(secureRequest());
            assertThat(response.body()).isEqualTo("secure");
            assertThat(((ExtendedSSLSession) response.sslSession().orElseThrow()).getRequestedServerNames())
                    .hasToString("[type=host_name (0), value=orders]");
            assertThat(fleet.client()
                            .sendAsync(secureRequest().build(), BodyHandlers.ofString())
                            .join()
                            .body())
                    .isEqualTo("secure");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"users", "orders.example.com", "127.0.0.1", "127.0.0.2"})
    void certificateForAnotherNameIsRefused(String name) throws Exception {
        try (ScriptedServer secure = secure(pki.issue(name));
                Fleet fleet = fleet(settings -> settings, secure.endpoint())) {
            assertThat(catchThrowable(() -> fleet.send(secureRequest().POST(BodyPublishers.ofString("secret")))))
                    .isInstanceOf(SSLHandshakeException.class);
            assertThat(secure.requests()).isEmpty();
        }
    }

    @Test
    void certificateForTheAddressItselfWillDoWhereThatIsTheAuthority() throws Exception {
        try (ScriptedServer secure = secure(pki.issue("127.0.0.1"));
                Fleet fleet = fleet(settings -> settings, secure.endpoint().withTag("authority", "127.0.0.1"))) {
            assertThat(fleet.send(secureRequest()).body()).isEqualTo("secure");
        }
    }

    @Test
    void certificateThatHasExpiredIsRefused() throws Exception {
        try (ScriptedServer secure = secure(pki.expired("orders"));
                Fleet fleet = fleet(settings -> settings, secure.endpoint())) {
            assertThat(catchThrowable(() -> fleet.send(secureRequest()))).isInstanceOf(SSLHandshakeException.class);
            assertThat(secure.requests()).isEmpty();
        }
    }

    @Test
    void certificateIsForTheAuthorityIfThereIsOne() throws Exception {
        try (ScriptedServer secure = secure(pki.issue("orders.example.com"));
                Fleet fleet = fleet(settings -> settings.authority("orders.example.com:8443"), secure.endpoint())) {
            assertThat(fleet.send(secureRequest()).body()).isEqualTo("secure");
        }
    }

    @Test
    void certificateOfAReplicaThatHasANameOfItsOwnIsForThat() throws Exception {
        try (ScriptedServer one = secure(pki.issue("one.example.com"));
                Fleet fleet = fleet(
                        settings -> settings.authority("orders.example.com"),
                        one.endpoint().withTag("authority", "one.example.com"))) {
            assertThat(fleet.send(secureRequest()).body()).isEqualTo("secure");
        }
    }

    @Test
    void certificateOfAReplicaKnownByNameIsForThatName() throws Exception {
        try (ScriptedServer secure = secure(pki.issue("localhost"));
                Fleet fleet = fleet(settings -> settings, Endpoint.of("https://localhost:" + secure.port()))) {
            assertThat(fleet.send(secureRequest()).body()).isEqualTo("secure");
        }
    }

    @Test
    void namesThatTheUserHasSetStay() throws Exception {
        SSLContext tls = pki.trusting();
        var parameters = tls.getDefaultSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName("another")));
        try (ScriptedServer secure = secure(pki.issue("another"));
                Fleet fleet = Fleet.of(
                        BalancedHttpClient.builder()
                                .transport(() ->
                                        HttpClient.newBuilder().sslContext(tls).sslParameters(parameters)),
                        settings -> settings,
                        secure.endpoint())) {
            assertThat(fleet.send(secureRequest()).body()).isEqualTo("secure");
        }
    }

    @Test
    void healthChecksAskForTheSameName() throws Exception {
        try (ScriptedServer secure = secure(pki.issue("orders"));
                Fleet fleet = fleet(
                        settings ->
                                settings.healthCheck(HealthCheck.get("/health").withInterval(Duration.ofSeconds(1))),
                        secure.endpoint())) {
            Waiting.until("it was asked", () -> !secure.requests().isEmpty());
            fleet.awaitIdle();
            assertThat(secure.requests().get(0).target()).isEqualTo("/health");
        }
    }

    @Test
    void aDotAtTheEndOfTheNameIsNotPartOfWhatCertificatesAreFor() throws Exception {
        SSLContext tls = pki.trusting();
        try (ScriptedServer secure = secure(pki.issue("orders.example.com"));
                LoadBalancer orders = LoadBalancer.builder("orders.example.com.")
                        .endpoints(secure.endpoint())
                        .build();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().sslContext(tls))
                        .balance(orders)
                        .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://orders.example.com./"))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).body()).isEqualTo("secure");
        }
    }

    // Sessions, which may be resumed without a look at a certificate.

    /** Two services and their clients, on one context of TLS, with replicas at one server. */
    private static final class TwoServices implements AutoCloseable {

        private final SSLContext tls = pki.trusting();
        private final ScriptedServer server;
        private final LoadBalancer orders;
        private final LoadBalancer users;
        private final HttpClient client;

        TwoServices(String protocol, Pki.Identity identity) throws Exception {
            server = ScriptedServer.startTls(
                    pki.context(identity), visit -> visit.answer(200, "secure", "Connection: close"));
            orders = LoadBalancer.builder("orders").endpoints(server.endpoint()).build();
            users = LoadBalancer.builder("users").endpoints(server.endpoint()).build();
            SSLParameters parameters = tls.getDefaultSSLParameters();
            parameters.setProtocols(new String[] {protocol});
            client = BalancedHttpClient.builder()
                    .transport(() -> HttpClient.newBuilder().sslContext(tls).sslParameters(parameters))
                    .balance(orders)
                    .balance(users)
                    .build();
        }

        HttpResponse<String> get(String host) throws IOException, InterruptedException {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://" + host + "/"))
                    .header("Authorization", "for " + host)
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }

        void assertRefused(String host) {
            assertThat(catchThrowable(() -> get(host))).isInstanceOf(SSLHandshakeException.class);
        }

        @Override
        public void close() throws IOException {
            client.shutdownNow();
            orders.close();
            users.close();
            server.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionOfOneServiceIsNotResumedForAnother(String protocol) throws Exception {
        try (TwoServices services = new TwoServices(protocol, pki.issue("orders"))) {
            services.assertRefused("users");
            services.get("orders");
            services.assertRefused("users");
            services.assertRefused("127.0.0.1:" + services.server.port());
            services.get("orders");
            assertThat(services.server.requests())
                    .hasSize(2)
                    .allSatisfy(request ->
                            assertThat(request.header("authorization")).isEqualTo("for orders"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionOfAnAddressIsNotResumedForAService(String protocol) throws Exception {
        try (TwoServices services = new TwoServices(protocol, pki.issue("127.0.0.1"))) {
            services.get("127.0.0.1:" + services.server.port());
            services.assertRefused("orders");
            assertThat(services.server.requests()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sessionOfAServiceIsResumedForIt(String protocol) throws Exception {
        try (TwoServices services = new TwoServices(protocol, pki.issue("orders"))) {
            SSLSession first = services.get("orders").sslSession().orElseThrow();
            SSLSession second = services.get("orders").sslSession().orElseThrow();
            assertThat(second.getCreationTime()).isEqualTo(first.getCreationTime());
            assertThat(second.getPeerHost()).isEqualTo("orders");
        }
    }

    // The name in the Host header.

    @Test
    void hostIsTheAddressIfTheServiceHasNoAuthority() throws Exception {
        try (Fleet fleet = Fleet.of(plain)) {
            fleet.get("/items?a=1");
            assertThat(plain.requests().get(0).header("host")).isEqualTo("127.0.0.1:" + plain.port());
            assertThat(plain.requests().get(0).target()).isEqualTo("/items?a=1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"orders.example.com", "orders.example.com:8080", "ORDERS", "[::1]:8080"})
    void hostIsTheAuthority(String authority) throws Exception {
        try (Fleet fleet = Fleet.of(settings -> settings.authority(authority), plain)) {
            assertThat(fleet.get("/items%20?a=%2f").body()).isEqualTo("plain");
            assertThat(fleet.client()
                            .sendAsync(
                                    Fleet.request("/async")
                                            .POST(BodyPublishers.ofString("body"))
                                            .build(),
                                    BodyHandlers.ofString())
                            .join()
                            .uri())
                    .isEqualTo(URI.create("http://orders/async"));
            assertThat(plain.requests())
                    .hasSize(2)
                    .allSatisfy(request -> assertThat(request.header("host")).isEqualTo(authority));
            assertThat(plain.requests().get(0).target()).isEqualTo("http://" + authority + "/items%20?a=%2f");
        }
    }

    @Test
    void hostOfAReplicaThatHasANameOfItsOwnIsThat() throws Exception {
        try (ScriptedServer other = ScriptedServer.answering(503, "other");
                Fleet fleet = Fleet.of(
                        settings -> settings.authority("orders.example.com"),
                        other.endpoint().withTag("authority", "other.example.com"),
                        plain.endpoint())) {
            assertThat(fleet.get("/").body()).isEqualTo("plain");
            assertThat(other.requests().get(0).header("host")).isEqualTo("other.example.com");
            assertThat(plain.requests().get(0).header("host")).isEqualTo("orders.example.com");
        }
    }

    @Test
    void namesThatAreNoneAreAsIfTheyWereNotThere() throws Exception {
        try (Fleet fleet =
                Fleet.of(settings -> settings, plain.endpoint().withTag("authority", "no name\r\nX-Smuggled: yes"))) {
            assertThat(fleet.get("/").body()).isEqualTo("plain");
            assertThat(plain.requests().get(0).header("host")).isEqualTo("127.0.0.1:" + plain.port());
            assertThat(plain.requests().get(0).header("x-smuggled")).isEmpty();
        }
    }

    @Test
    void serverOfTheJdkTakesTheFormOfRequestsByAuthority() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/items", exchange -> {
            byte[] seen = (exchange.getRequestHeaders().getFirst("Host") + " "
                            + exchange.getRequestURI().getPath())
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, seen.length);
            exchange.getResponseBody().write(seen);
            exchange.close();
        });
        server.start();
        try (Fleet fleet = Fleet.of(
                settings -> settings.authority("orders.example.com"),
                Endpoint.of("http://127.0.0.1:" + server.getAddress().getPort()))) {
            assertThat(fleet.get("/items/1").body()).isEqualTo("orders.example.com /items/1");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void deadReplicaIsSteppedOverByAuthorityToo() throws Exception {
        try (Fleet fleet = Fleet.of(
                settings -> settings.authority("orders.example.com"), ScriptedServer.refusing(), plain.endpoint())) {
            assertThat(fleet.send(Fleet.request("/").POST(BodyPublishers.ofString("once")))
                            .body())
                    .isEqualTo("plain");
        }
    }

    @Test
    void healthChecksSayTheAuthority() {
        try (Fleet fleet = Fleet.of(
                settings -> settings.authority("orders.example.com")
                        .healthCheck(HealthCheck.get("/health").withInterval(Duration.ofSeconds(1))),
                plain.endpoint())) {
            Waiting.until(
                    "it was asked by the client",
                    () -> plain.requests().stream()
                            .anyMatch(request -> request.header("host").equals("orders.example.com")));
            fleet.awaitIdle();
        }
    }

    private static Fleet by(ProxySelector proxies, Endpoint endpoint) {
        return Fleet.of(
                BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().proxy(proxies)),
                settings -> endpoint.tags().isEmpty() ? settings.authority("orders.example.com") : settings,
                endpoint);
    }

    private static ProxySelector proxy(ScriptedServer server) {
        return ProxySelector.of(InetSocketAddress.createUnresolved("127.0.0.1", server.port()));
    }

    @Test
    void authorityIsNotSaidPastTheUsersProxy() throws Exception {
        try (ScriptedServer proxy = ScriptedServer.answering(200, "proxy")) {
            assertThat(catchThrowable(() -> by(proxy(proxy), plain.endpoint())))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("orders has the authority orders.example.com")
                    .hasMessageContaining(plain.uri());
            Endpoint tagged = plain.endpoint().withTag("authority", "one.example.com");
            try (Fleet fleet = by(proxy(proxy), tagged)) {
                assertThat(fleet.get("/items").body()).isEqualTo("proxy");
                assertThat(proxy.requests().get(0).target()).isEqualTo(plain.uri() + "/items");
                assertThat(plain.requests()).isEmpty();
            }
        }
    }

    @Test
    void authorityIsSaidWhereTheUsersProxyIsNotForTheReplica() throws Exception {
        try (Fleet fleet = by(HttpClient.Builder.NO_PROXY, plain.endpoint())) {
            assertThat(fleet.get("/items").body()).isEqualTo("plain");
            assertThat(plain.requests().get(0).header("host")).isEqualTo("orders.example.com");
        }
    }

    /** As the JDK's client does, which looks at the first, and takes no other than HTTP's. */
    @Test
    void proxiesThatTheTransportDoesNotTakeAreNone() throws Exception {
        InetSocketAddress nowhere = InetSocketAddress.createUnresolved("proxy.example", 1080);
        List<List<java.net.Proxy>> notTaken = List.of(
                List.of(new java.net.Proxy(java.net.Proxy.Type.SOCKS, nowhere)),
                List.of(java.net.Proxy.NO_PROXY, new java.net.Proxy(java.net.Proxy.Type.HTTP, nowhere)),
                List.of());
        for (List<java.net.Proxy> proxies : notTaken) {
            try (Fleet fleet = by(selecting(proxies), plain.endpoint())) {
                assertThat(fleet.get("/items").body()).isEqualTo("plain");
            }
        }
        assertThat(plain.requests())
                .hasSize(3)
                .allSatisfy(request -> assertThat(request.header("host")).isEqualTo("orders.example.com"));
    }

    private static ProxySelector selecting(List<java.net.Proxy> proxies) {
        return new ProxySelector() {

            @Override
            public List<java.net.Proxy> select(URI uri) {
                return proxies;
            }

            @Override
            public void connectFailed(URI uri, SocketAddress address, IOException error) {
                throw new AssertionError(error);
            }
        };
    }

    /** A client that sends by other threads than those that call it. */
    private static final class Elsewhere extends Wrapping {

        private final HttpClient client;

        Elsewhere(HttpClient client) {
            super(client);
            this.client = client;
        }

        @Override
        public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
                throws IOException, InterruptedException {
            try {
                return sendAsync(request, handler, null).get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }

        @Override
        public <T> CompletableFuture<HttpResponse<T>> sendAsync(
                HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> pushes) {
            return CompletableFuture.supplyAsync(() -> client.sendAsync(request, handler, pushes))
                    .thenCompose(sent -> sent);
        }

        @Override
        public void shutdown() {
            client.shutdown();
        }

        @Override
        public void shutdownNow() {
            client.shutdownNow();
        }

        @Override
        public boolean isTerminated() {
            return client.isTerminated();
        }

        @Override
        public boolean awaitTermination(Duration duration) throws InterruptedException {
            return client.awaitTermination(duration);
        }
    }

    private static HttpClient.Builder elsewhere() {
        HttpClient.Builder own = HttpClient.newBuilder();
        return (HttpClient.Builder) Proxy.newProxyInstance(
                HttpClient.Builder.class.getClassLoader(),
                new Class<?>[] {HttpClient.Builder.class},
                (builder, method, arguments) -> {
                    Object made = method.invoke(own, arguments);
                    return made instanceof HttpClient client ? new Elsewhere(client) : builder;
                });
    }

    /** It would look for the replica by what the name resolves to. */
    @Test
    void transportThatSendsByOtherThreadsCannotSayAnAuthority() throws Exception {
        try (Fleet fleet = Fleet.of(
                BalancedHttpClient.builder().transport(NamesIT::elsewhere),
                settings -> settings.authority("localhost:" + plain.port()),
                plain.endpoint())) {
            assertThat(catchThrowable(() -> fleet.get("/")))
                    .rootCause()
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("by other threads");
            assertThat(plain.requests()).isEmpty();
        }
    }

    @Test
    void transportThatIsGivenCannotSayAnAuthority() {
        LoadBalancer orders = LoadBalancer.builder("orders")
                .endpoints(plain.endpoint())
                .authority("orders.example.com")
                .build();
        try (orders;
                HttpClient jdk = HttpClient.newHttpClient()) {
            BalancedHttpClient.Builder client =
                    BalancedHttpClient.builder().transport(jdk).balance(orders);
            assertThat(catchThrowable(client::build))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("orders.example.com")
                    .hasMessageContaining("transport(() ->");
        }
    }

    @Test
    void norOfABalancerThatOnlyARouteLeadsTo() {
        LoadBalancer orders =
                LoadBalancer.builder("orders").endpoints(plain.endpoint()).build();
        LoadBalancer other = LoadBalancer.builder("other")
                .endpoints(plain.endpoint())
                .authority("other.example.com")
                .build();
        try (orders;
                other;
                HttpClient jdk = HttpClient.newHttpClient()) {
            for (Route route :
                    List.of(Route.path("/other/**").to(other), Route.any().mirror(other, 1))) {
                BalancedHttpClient.Builder client =
                        BalancedHttpClient.builder().transport(jdk).balance(orders, route);
                assertThat(catchThrowable(client::build))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("other.example.com");
            }
            assertThat(jdk.isTerminated()).isFalse();
        }
    }

    /** Run in a JVM of its own, since the JDK's client reads its switch once. */
    static final class WithTheSwitch {

        public static void main(String[] args) throws Exception {
            try (ScriptedServer server = ScriptedServer.answering(200, "plain");
                    Fleet fleet = Fleet.of(settings -> settings.authority("orders.example.com"), server)) {
                fleet.get("/items");
                fleet.client()
                        .sendAsync(Fleet.request("/async").build(), BodyHandlers.ofString())
                        .join();
                server.requests()
                        .forEach(request -> System.out.println(request.target() + " " + request.header("host")));
            }
        }
    }

    @Test
    void hostIsTheAuthorityWithTheSwitchOfTheJdk() throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Djdk.httpclient.allowRestrictedHeaders=host",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WithTheSwitch.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines()).containsExactly("/items orders.example.com", "/async orders.example.com");
    }
}
