package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.evenkeel.discovery.Sources;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EurekaEndpointsTest {

    private static final URI SERVER = URI.create("http://eureka-1:8761/eureka");

    // Settings

    @Test
    void defaultsAreThoseOfEurekasOwnClients() {
        EurekaEndpoints source = EurekaEndpoints.of("orders", SERVER);

        assertThat(source.application()).isEqualTo("ORDERS");
        assertThat(source.pollInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(source.delta()).isFalse();
        assertThat(source.secure()).isFalse();
        assertThat(source.client()).isEmpty();
        assertThat(source.headers().get()).isEqualTo(Map.of("Accept", "application/json"));
    }

    @Test
    void eachSettingLeavesTheOthersAsTheyAre() {
        EurekaEndpoints source = EurekaEndpoints.of("ORDERS", SERVER, URI.create("https://eureka-2/eureka//"))
                .withSecure(true)
                .withDelta(true)
                .withPollInterval(Duration.ofSeconds(10))
                .withCredentials("me", () -> "swordfish");

        assertThat(source.servers()).containsExactly(SERVER, URI.create("https://eureka-2/eureka"));
        assertThat(source.pollInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(source.delta()).isTrue();
        assertThat(source.secure()).isTrue();
        assertThat(source).hasToString("EurekaEndpoints[ORDERS at http://eureka-1:8761, https://eureka-2 every PT10S]");
    }

    @Test
    void thePasswordIsAskedForEachRequest() {
        AtomicInteger asked = new AtomicInteger();
        EurekaEndpoints source =
                EurekaEndpoints.of("ORDERS", SERVER).withCredentials("me", () -> "p" + asked.incrementAndGet());

        assertThat(source.headers().get()).containsEntry("Authorization", "Basic bWU6cDE=");
        assertThat(source.headers().get()).containsEntry("Authorization", "Basic bWU6cDI=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT1S", "PT10M"})
    void theIntervalMayBeASecondToTenMinutes(Duration interval) {
        assertThat(EurekaEndpoints.of("ORDERS", SERVER)
                        .withPollInterval(interval)
                        .pollInterval())
                .isEqualTo(interval);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT0.999S", "PT10M0.001S", "PT-1S"})
    void anotherIntervalIsRefused(Duration interval) {
        EurekaEndpoints source = EurekaEndpoints.of("ORDERS", SERVER);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> source.withPollInterval(interval))
                .withMessage("pollInterval is " + interval + ", but must be PT1S to PT10M");
    }

    @Test
    void aBlankNameNoServerAndAUserWithAColonAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EurekaEndpoints.of(" ", SERVER))
                .withMessageStartingWith("application is blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EurekaEndpoints.of("ORDERS"))
                .withMessageStartingWith("servers are none");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EurekaEndpoints.of("ORDERS", SERVER).withCredentials("me:you", () -> "swordfish"))
                .withMessage("user has a colon, but must have none");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eureka-1:8761/eureka",
                "/eureka",
                "ftp://eureka-1/eureka",
                "http:///eureka",
                "http://eureka_1:swordfish@x_y/eureka",
                "http://eureka-1/eureka?key=swordfish",
                "http://eureka-1/eureka#swordfish"
            })
    void aServerThatIsNoServiceUrlIsRefused(String server) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EurekaEndpoints.of("ORDERS", URI.create(server)))
                .withMessageContaining(
                        "is no service URL, which is http or https, host, port and path: http://127.0.0.1:8761/eureka")
                .withMessageNotContaining("swordfish");
    }

    @Test
    void aServerWithUserInfoIsRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EurekaEndpoints.of("ORDERS", URI.create("http://me:swordfish@eureka-1/eureka")))
                .withMessage(
                        "server http://eureka-1 has user-info, which may hold a password: use withCredentials instead");
    }

    @Test
    void aClientThatFollowsRedirectsIsRefused() {
        EurekaEndpoints source = EurekaEndpoints.of("ORDERS", SERVER);
        try (HttpClient client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> source.withClient(client))
                    .withMessage(
                            "client follows redirects, but must not: they could lead the credentials to strangers");
        }
    }

    // By URI

    @Test
    void aUriMaySetEverythingButCredentials() {
        EurekaEndpoints source =
                by("eureka://eureka-1:8761/discovery/eureka/?app=orders&server=eureka-2:8761,[::1]:8761"
                        + "&every=10s&secure=true&delta=true");

        assertThat(source.application()).isEqualTo("ORDERS");
        assertThat(source.servers())
                .isEqualTo(List.of(
                        URI.create("https://eureka-1:8761/discovery/eureka"),
                        URI.create("https://eureka-2:8761/discovery/eureka"),
                        URI.create("https://[::1]:8761/discovery/eureka")));
        assertThat(source.pollInterval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(source.secure()).isTrue();
        assertThat(source.delta()).isTrue();
    }

    @Test
    void aShortUriIsEnough() {
        EurekaEndpoints source = by("eureka://eureka-1:8761?app=ORDERS");

        assertThat(source.servers()).containsExactly(URI.create("https://eureka-1:8761/eureka"));
        assertThat(by("eureka://eureka-1:8761?app=ORDERS&plaintext=true").servers())
                .containsExactly(SERVER);
        assertThat(source.pollInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(source.secure()).isFalse();
        assertThat(source.delta()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    eureka://eureka-1:8761/eureka                           | it has no app: write eureka://host:8761/eureka?app=ORDERS
                    eureka://eureka-1:8761/eureka?app=                      | it has no app: write eureka://host:8761/eureka?app=ORDERS
                    eureka:///eureka?app=ORDERS                             | it has no server: write eureka://host:8761/eureka?app=ORDERS
                    eureka://eureka_1:8761/eureka?app=ORDERS                | a server is none: each is host and port, such as eureka-2:8761
                    eureka://eureka-1/eureka?app=ORDERS&server=a/b          | a server is none: each is host and port, such as eureka-2:8761
                    eureka://eureka-1/eureka?app=ORDERS&server=http://b     | a server is none: each is host and port, such as eureka-2:8761
                    eureka://eureka-1/eureka?app=ORDERS&sever=b             | it has unknown parameters, [sever]
                    eureka://eureka-1/eureka?app=ORDERS&every=1ms           | pollInterval is PT0.001S, but must be PT1S to PT10M
                    """)
    void aWrongUriIsRefusedWithTheReason(String uri, String reason) {
        assertThatIllegalArgumentException().isThrownBy(() -> by(uri)).withMessageContaining(reason);
    }

    @Test
    void credentialsInAUriAreRefusedAndNotShown() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> by("eureka://eureka-1/eureka?app=ORDERS&server=me:swordfish@eureka-2"))
                .withMessageContaining("use EurekaEndpoints.withCredentials")
                .withMessageNotContaining("swordfish");
    }

    private static EurekaEndpoints by(String uri) {
        return (EurekaEndpoints) Sources.of(uri);
    }
}
