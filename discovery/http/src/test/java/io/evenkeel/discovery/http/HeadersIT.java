package io.evenkeel.discovery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.Sources;
import io.evenkeel.discovery.contract.Heard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes with questions and answers, against a web server. */
@SuppressWarnings("try") // a watch is there to be closed
class HeadersIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    private final Heard heard = new Heard();
    private HttpServer server;
    private volatile String token = "";

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            token = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "[\"http://a\"]".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private HttpEndpoints source() {
        return HttpEndpoints.at(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .withInterval(Duration.ofMillis(100));
    }

    @Test
    void aHeaderThatCannotBeSentIsTroubleThatDoesNotShowIt() throws Exception {
        Exception trouble;
        try (Watch watch = source().withHeader("X-Key", () -> "s3cret\nkey").watch(heard)) {
            trouble = heard.awaitTrouble(0, SOON);
        }
        assertThat(trouble)
                .hasMessage("the value of the header X-Key has a line break or another character that cannot be sent");
        for (Throwable each = trouble; each != null; each = each.getCause()) {
            assertThat(each.toString()).doesNotContain("s3cret");
        }
    }

    @Test
    void whiteSpaceAroundAHeaderIsNotSent() throws Exception {
        try (Watch watch =
                source().withHeader("Authorization", () -> "Bearer s3cret\n").watch(heard)) {
            heard.awaitUris(Set.of("http://a"), SOON);
        }
        assertThat(token).isEqualTo("Bearer s3cret");
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void aHeaderThatIsNotForUsToSetIsRefusedAtOnce() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> source().withHeader("Host", () -> "b"))
                .withMessageContaining("\"Host\"");
    }

    @Test
    void theAddressOfAListMayHaveAParameterTwice() {
        assertThat(Sources.of("https://registry.example/orders?tag=a&tag=b")).isInstanceOf(HttpEndpoints.class);
    }
}
