package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.Endpoint;
import io.evenkeel.HealthCheck;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Health checks by GET, of a real server. */
class HttpProbeIT {

    private final AtomicInteger status = new AtomicInteger(200);
    private final AtomicReference<String> seen = new AtomicReference<>("");
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            seen.set(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("X-Check"));
            exchange.sendResponseHeaders(status.get(), -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Endpoint endpoint() {
        return Endpoint.of("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private boolean isWell(HealthCheck check) {
        return Defaults.probe((HealthCheck.Get) check.way(), Duration.ofSeconds(5))
                .accepts(endpoint())
                .toCompletableFuture()
                .join();
    }

    @Test
    void theStatusTells() {
        HealthCheck check = HealthCheck.get("/healthz?deep=1").withHeader("X-Check", "yes");
        assertThat(isWell(check)).isTrue();
        assertThat(seen.get()).isEqualTo("GET /healthz?deep=1 yes");
        status.set(503);
        assertThat(isWell(check)).isFalse();
        assertThat(isWell(check.withStatus(503, 503))).isTrue();
        status.set(302);
        assertThat(isWell(check)).as("no redirect is followed").isTrue();
        assertThat(isWell(check.withStatus(200, 299))).isFalse();
    }

    @Test
    void whatCouldNeverBeAskedIsRefusedAsTheBalancerIsBuilt() {
        for (String header : List.of("Host", "Content-Length", "two words")) {
            HealthCheck check = HealthCheck.get("/").withHeader(header, "secret");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> LoadBalancer.builder("orders")
                            .endpoints("http://127.0.0.1:1")
                            .healthCheck(check)
                            .build())
                    .withMessageContaining('"' + header + '"')
                    .withMessageNotContaining("secret");
        }
    }

    @Test
    void nobodyThereIsAnError() {
        stop();
        Assertions.assertThatThrownBy(() -> isWell(HealthCheck.get("/")))
                .isInstanceOf(CompletionException.class)
                .hasRootCauseInstanceOf(IOException.class);
    }
}
