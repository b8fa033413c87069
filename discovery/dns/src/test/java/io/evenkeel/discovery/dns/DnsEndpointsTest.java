package io.evenkeel.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.evenkeel.discovery.Sources;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be set, and what is refused. */
class DnsEndpointsTest {

    private static final DnsEndpoints ORDERS = DnsEndpoints.of("http://orders.example:8080");

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(call)
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://orders.example:8080",
                "https://orders.example",
                "http://orders.example.:80/",
                "http://my_orders",
                "grpc+x://orders:65535"
            })
    void aHostHasASchemeANameAndMaybeAPort(String uri) {
        assertThat(DnsEndpoints.of(uri)).hasToString("DnsEndpoints[" + uri.replaceFirst("/$", "") + "]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders.example",
                "http:orders",
                "http://",
                "http://:80",
                "http://orders/path",
                "http://orders?a=b",
                "http://[::1]:80",
                "http://orders:-1",
                "http://orders:http"
            })
    void aHostOfAnotherFormIsRefused(String uri) {
        assertRefused(
                () -> DnsEndpoints.of(uri),
                "host " + uri
                        + " must be scheme://name:port, such as http://orders.example:8080, and the name no address");
    }

    @Test
    void aPasswordIsNotShown() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> DnsEndpoints.of("http://user:s3cret@orders"))
                .withMessageNotContaining("s3cret");
    }

    @Test
    void whatIsWrongWithAHostIsSaid() {
        assertRefused(
                () -> DnsEndpoints.of("http://10.0.0.1:80"),
                "host 10.0.0.1 is an address, which needs no DNS: use EndpointSource.of");
        assertRefused(() -> DnsEndpoints.of("http://orders:0"), "port is 0, but must be 1 to 65535");
        assertRefused(() -> DnsEndpoints.of("http://orders:65536"), "port is 65536, but must be 1 to 65535");
        assertRefused(() -> DnsEndpoints.of("ht!tp://orders"), "scheme is ht!tp, but must be one, such as http");
        assertRefused(
                () -> DnsEndpoints.of("http://b\u00fccher.example"),
                "name is b\u00fccher.example, but must consist of letters of ASCII, digits, dots, - and _");
        assertRefused(
                () -> DnsEndpoints.of("http://orders..example"),
                "name is orders..example, which is no name of DNS: 'orders..example': invalid empty label");
    }

    @Test
    void aServiceHasASchemeAndAName() {
        assertThat(DnsEndpoints.srv("http", "_http._tcp.orders.example"))
                .hasToString("DnsEndpoints[http by SRV of _http._tcp.orders.example]");
        assertRefused(() -> DnsEndpoints.srv("", "orders"), "scheme is , but must be one, such as http");
        assertRefused(
                () -> DnsEndpoints.srv("http", "orders:80"),
                "name is orders:80, but must consist of letters of ASCII, digits, dots, - and _");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.53, 10.0.0.53:53",
        "127.0.0.1:5300, 127.0.0.1:5300",
        "[::1], [0:0:0:0:0:0:0:1]:53",
        "[2001:db8::53]:65535, [2001:db8:0:0:0:0:0:53]:65535"
    })
    void aNameServerIsAnAddressAndMaybeAPort(String server, String shown) {
        assertThat(Settings.DEFAULT.withServers(List.of(server)).servers())
                .hasValueSatisfying(all -> assertThat(new Wire(all.getFirst(), Duration.ofSeconds(1), Defaults.clock()))
                        .hasToString(shown));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "ns.example:53",
                "::1",
                "10.0.0.999",
                "10.0.0.1:0",
                "10.0.0.1:65536",
                "[10.0.0.1]"
            })
    void aNameServerThatIsNoAddressIsRefused(String server) {
        assertRefused(
                () -> ORDERS.withNameServers(server),
                "name server is " + server
                        + ", but must be an address and, unless 53 will do, a port: 10.0.0.53, 10.0.0.53:5300, [2001:db8::53]:5300");
    }

    @Test
    void settingsOutOfRangeAreRefused() {
        assertRefused(ORDERS::withNameServers, "there are no name servers, but there must be one at least");
        assertRefused(
                () -> ORDERS.withSearchDomains("a b"),
                "name is a b., but must consist of letters of ASCII, digits, dots, - and _");
        assertRefused(
                () -> ORDERS.withTtl(Duration.ZERO, Duration.ofSeconds(1)),
                "least is PT0S, but must be PT0.01S to PT24H");
        assertRefused(
                () -> ORDERS.withTtl(Duration.ofSeconds(1), Duration.ofDays(2)),
                "most is PT48H, but must be PT0.01S to PT24H");
        assertRefused(
                () -> ORDERS.withTtl(Duration.ofSeconds(2), Duration.ofSeconds(1)),
                "most is PT1S, but must not be shorter than least, PT2S");
        assertRefused(() -> ORDERS.withTimeout(Duration.ofMinutes(2)), "timeout is PT2M, but must be PT0.01S to PT1M");
    }

    @Test
    void aWatchNeedsAListener() {
        assertThatNullPointerException().isThrownBy(() -> ORDERS.watch(null)).withMessage("listener");
    }

    @Test
    void withoutServersAndDomainsThoseOfTheSystemAreUsed() {
        try (ExecutorService threads = Defaults.threads()) {
            Resolver resolver = Settings.DEFAULT.asking(threads).resolver();
            assertThat(resolver.server()).isNotNull();
            assertThat(resolver.search().candidates(Records.name("orders."))).hasSize(1);
        }
    }

    // By URI

    @ParameterizedTest
    @CsvSource({
        "dns://orders.example:8080, http://orders.example:8080",
        "dns://orders.example?scheme=https, https://orders.example",
        "dns+srv://_http._tcp.orders.example, http by SRV of _http._tcp.orders.example",
        "dns+srv://_https._tcp.orders.example?scheme=https, https by SRV of _https._tcp.orders.example"
    })
    void aUriDescribesASource(String uri, String source) {
        assertThat(Sources.of(uri)).hasToString("DnsEndpoints[" + source + "]");
    }

    @Test
    void aUriMaySetEverything() {
        assertThat(Sources.of("dns://orders:8080?scheme=https&server=127.0.0.1:5300,[::1]:5300&search=a.example,example"
                        + "&minTtl=2s&maxTtl=1m&timeout=500ms"))
                .hasToString("DnsEndpoints[https://orders:8080]");
        assertThat(Sources.of("dns://orders:8080?search=")).isNotNull();
    }

    @Test
    void whatIsWrongWithAUriIsSaid() {
        assertRefused(
                () -> Sources.of("dns://10.0.0.53/orders.example"),
                "source dns://10.0.0.53/orders.example: it must be dns://name:port or dns+srv://name, and name servers go into ?server=");
        assertRefused(
                () -> Sources.of("dns:orders"),
                "source dns:orders: it must be dns://name:port or dns+srv://name, and name servers go into ?server=");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Sources.of("dns://orders?ttl=5s"))
                .withMessageContaining("unknown parameters, [ttl]")
                .withMessageContaining("[maxTtl, minTtl, scheme, search, server, timeout]");
        assertRefused(
                () -> Sources.of("dns://orders?server="), "there are no name servers, but there must be one at least");
    }
}
