package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.EndpointState;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A transport that follows redirects sends a second request, whose errors say nothing of the first. */
@Timeout(60)
class RedirectIT {

    @Test
    void aPostThatIsRedirectedToADeadHostRunsOnceAndEjectsNobody() throws Exception {
        AtomicInteger posts = new AtomicInteger();
        HttpServer one = redirecting(posts, deadPort());
        HttpServer two = redirecting(posts, deadPort());
        try (LoadBalancer balancer = LoadBalancer.builder("orders")
                        .endpoints(address(one), address(two))
                        .build();
                HttpClient client = BalancedHttpClient.builder()
                        .transport(() -> HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL))
                        .balance(balancer)
                        .build()) {
            HttpRequest post = HttpRequest.newBuilder(URI.create("http://orders/"))
                    .POST(BodyPublishers.ofString("once"))
                    .build();
            assertThatThrownBy(() -> client.send(post, BodyHandlers.ofString())).isInstanceOf(IOException.class);
            assertThat(posts).hasValue(1);
            assertThat(balancer.stats().endpoints())
                    .allSatisfy(line -> assertThat(line.state()).isEqualTo(EndpointState.UP));
        } finally {
            one.stop(0);
            two.stop(0);
        }
    }

    private static HttpServer redirecting(AtomicInteger posts, int to) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            posts.addAndGet(exchange.getRequestMethod().equals("POST") ? 1 : 0);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:" + to + "/");
            exchange.sendResponseHeaders(303, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static int deadPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
