package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource;
import io.evenkeel.balance.LoadBalancer;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sessions beside what else decides where a request goes, and what it carries. */
@Timeout(60)
class SessionsAndRoutesIT {

    private static final byte[] SECRET = "0123456789abcdef".getBytes(UTF_8);
    private static final int MANY = 30;

    private ScriptedServer one;
    private ScriptedServer two;

    @BeforeEach
    void startServers() throws Exception {
        one = ScriptedServer.answering(200, "one");
        two = ScriptedServer.answering(200, "two");
    }

    @AfterEach
    void stopServers() throws Exception {
        one.close();
        two.close();
    }

    private LoadBalancer balancer() {
        return LoadBalancer.builder("orders")
                .endpoints(
                        one.endpoint().withTag("version", "1"), two.endpoint().withTag("version", "2"))
                .build();
    }

    private static Route half() {
        return Route.any().split(1, "version", "1").split(1, "version", "2");
    }

    private static String get(HttpClient client, String... headers) throws Exception {
        HttpRequest.Builder request = Fleet.request("/");
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString()).body();
    }

    @Test
    void sessionStaysInTheShareOfASplitThatItBeganIn() throws Exception {
        try (LoadBalancer orders = balancer();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders, half())
                        .affinity(Affinity.token("lb", SECRET))
                        .build()) {
            Set<String> begun = new HashSet<>();
            for (int session = 0; session < MANY; session++) { // both shares but once in 2^29
                HttpResponse<String> first = client.send(Fleet.request("/").build(), BodyHandlers.ofString());
                begun.add(first.body());
                String cookie =
                        first.headers().firstValue("set-cookie").orElseThrow().split(";", 2)[0];
                for (int i = 0; i < 5; i++) {
                    assertThat(get(client, "Cookie", cookie)).isEqualTo(first.body());
                }
            }
            assertThat(begun).containsExactlyInAnyOrder("one", "two");
        }
    }

    private static String token(LoadBalancer orders, Route route) throws Exception {
        try (HttpClient client = BalancedHttpClient.builder()
                .balance(orders, route)
                .affinity(Affinity.token("lb", SECRET))
                .build()) {
            HttpResponse<String> first = client.send(Fleet.request("/").build(), BodyHandlers.ofString());
            String cookie = first.headers().firstValue("set-cookie").orElseThrow();
            return first.body() + " " + cookie.split(";", 2)[0];
        }
    }

    /** A client that begins again: its first requests come before its first list. */
    @ParameterizedTest
    @EnumSource(Affinity.Gone.class)
    void sessionIsFoundThoughItsRequestComesBeforeTheFirstList(Affinity.Gone gone) throws Exception {
        try (LoadBalancer orders = balancer()) {
            for (int session = 0; session < MANY; session++) {
                String[] known = token(orders, half()).split(" ", 2);
                AtomicReference<EndpointSource.Listener> later = new AtomicReference<>();
                try (LoadBalancer again = LoadBalancer.builder("orders")
                                .source(listener -> {
                                    later.set(listener);
                                    return () -> {};
                                })
                                .build();
                        HttpClient client = BalancedHttpClient.builder()
                                .balance(again, half())
                                .affinity(Affinity.token("lb", SECRET).withGone(gone))
                                .build()) {
                    HttpRequest request =
                            Fleet.request("/").header("Cookie", known[1]).build();
                    CompletableFuture<HttpResponse<String>> async = client.sendAsync(request, BodyHandlers.ofString());
                    FutureTask<HttpResponse<String>> blocking =
                            new FutureTask<>(() -> client.send(request, BodyHandlers.ofString()));
                    Thread caller = Thread.ofPlatform().start(blocking);
                    Waiting.until("it waits", () -> caller.getState() == Thread.State.WAITING || blocking.isDone());
                    later.get().endpoints(orders.endpoints());
                    assertThat(async.get().body()).isEqualTo(known[0]);
                    assertThat(blocking.get().body()).isEqualTo(known[0]);
                }
            }
        }
    }

    /** Of two balancers it waits for the one that has no list yet. */
    @Test
    void soItIsIfItsBalancerIsTheOneWithoutAList() throws Exception {
        AtomicReference<EndpointSource.Listener> later = new AtomicReference<>();
        try (LoadBalancer search =
                        LoadBalancer.builder("search").endpoints(two.endpoint()).build();
                LoadBalancer orders =
                        LoadBalancer.builder("orders").endpoints(one.endpoint()).build();
                LoadBalancer again = LoadBalancer.builder("search")
                        .source(listener -> {
                            later.set(listener);
                            return () -> {};
                        })
                        .build();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders, Route.any().split(1, orders).split(1, again))
                        .affinity(Affinity.token("lb", SECRET).withGone(Affinity.Gone.FAIL))
                        .build()) {
            String cookie = token(orders, Route.any().to(search)).split(" ", 2)[1];
            HttpRequest request = Fleet.request("/").header("Cookie", cookie).build();
            CompletableFuture<HttpResponse<String>> async = client.sendAsync(request, BodyHandlers.ofString());
            assertThat(async).isNotDone();
            later.get().endpoints(search.endpoints());
            assertThat(async.get().body()).isEqualTo("two");
        }
    }

    @Test
    void keyIsAskedForOnce() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (LoadBalancer orders = balancer();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders, half())
                        .affinity(Affinity.key(request -> {
                            asked.incrementAndGet();
                            return Optional.of("user");
                        }))
                        .build()) {
            get(client);
            assertThat(asked).hasValue(1);
            client.sendAsync(Fleet.request("/").build(), BodyHandlers.ofString())
                    .get();
            assertThat(asked).hasValue(2);
        }
    }

    @Test
    void keyOfASessionDecidesTheShareOfASplit() throws Exception {
        try (LoadBalancer orders = balancer();
                HttpClient client = BalancedHttpClient.builder()
                        .balance(orders, half())
                        .affinity(Affinity.header("X-User"))
                        .build()) {
            Set<String> begun = new HashSet<>();
            for (int user = 0; user < MANY; user++) {
                String first = get(client, "X-User", "user " + user);
                begun.add(first);
                for (int i = 0; i < 5; i++) {
                    assertThat(get(client, "X-User", "user " + user)).isEqualTo(first);
                }
            }
            assertThat(begun).containsExactlyInAnyOrder("one", "two");
        }
    }

    @Test
    void clientThatKeepsCookiesKeepsItsToken() throws Exception {
        CookieManager cookies = new CookieManager();
        try (LoadBalancer orders = balancer();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder()
                                .followRedirects(Redirect.NORMAL)
                                .cookieHandler(cookies))
                        .balance(orders)
                        .affinity(Affinity.token("lb", SECRET))
                        .build()) {
            String first = get(client);
            for (int i = 0; i < MANY; i++) {
                assertThat(get(client)).isEqualTo(first);
            }
            assertThat(cookies.getCookieStore().getCookies()).hasSize(1);
        }
    }
}
