package io.evenkeel.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.balance.LoadBalancer;
import java.net.CookieManager;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
