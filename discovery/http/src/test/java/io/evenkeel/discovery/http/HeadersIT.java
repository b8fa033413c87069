package io.evenkeel.discovery.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.Sources;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Waiting;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes with questions and answers, against a web server that knows a list by the time of its last change only. */
@SuppressWarnings("try") // a watch is there to be closed
class HeadersIT {

    private static final Duration SOON = Duration.ofSeconds(40);

    private volatile int refusal;
    private final AtomicInteger notModified = new AtomicInteger();
    private final Heard heard = new Heard();
    private HttpServer server;
    private volatile String list = "[\"http://a\"]";
    private volatile Instant changed = Instant.now().minusSeconds(2);
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
            String time = DateTimeFormatter.RFC_1123_DATE_TIME.format(changed.atZone(ZoneOffset.UTC));
            exchange.getResponseHeaders().set("Last-Modified", time);
            if (refusal != 0) {
                exchange.sendResponseHeaders(refusal, -1);
            } else if (time.equals(exchange.getRequestHeaders().getFirst("If-Modified-Since"))) {
                notModified.incrementAndGet();
                exchange.sendResponseHeaders(304, -1);
            } else {
                byte[] body = list.getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private HttpEndpoints source() {
        return HttpEndpoints.at(
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .withInterval(Duration.ofMillis(100));
    }

    @Test
    void aListThatHasNotChangedForASecondIsNotSentAgain() throws Exception {
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(Set.of("http://a"), SOON);
            Waiting.until("it is not sent again", SOON, () -> notModified.get() > 3);
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void anEntryThatIsDroppedIsToldAgainAfterOtherTroubleThoughTheListIsNotSentAgain() throws Exception {
        list = "[\"http://a\", \"none\"]";
        try (Watch watch = source().watch(heard)) {
            heard.awaitTrouble(0, SOON);
            heard.awaitLife(SOON);
            refusal = 503;
            assertThat(heard.awaitTrouble(1, SOON)).hasMessageContaining("answered 503");
            refusal = 0;
            Waiting.until(
                    "it is told again", SOON, () -> heard.messages().getLast().contains("entry 1 is dropped"));
        }
        assertThat(heard.messages().getFirst()).isEqualTo(heard.messages().getLast());
        assertThat(heard.lists()).hasSize(2).containsOnly(heard.lists().getFirst());
    }

    @Test
    void aListThatChangesTwiceInASecondIsNotTakenForTheSame() throws Exception {
        changed = Instant.now().plusSeconds(60); // the second does not end within the test
        try (Watch watch = source().watch(heard)) {
            heard.awaitUris(Set.of("http://a"), SOON);
            list = "[\"http://b\"]";
            heard.awaitUris(Set.of("http://b"), SOON);
        }
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

    @Test
    void theAddressOfAListHasOneServer() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sources.of("https://[::1]:1,[::2]:2/orders?key=s3cret"))
                .withMessage(
                        "source https://[::1]:1,[::2]:2/orders?key=***: it has several servers, but must have one");
    }
}
