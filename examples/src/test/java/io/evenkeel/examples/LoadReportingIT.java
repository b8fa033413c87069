package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadReportingIT {

    private static final long MILLISECOND = 1_000_000;

    private final AtomicLong clock = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    @BeforeEach
    void bind() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.close();
    }

    private LoadBalancer serve(HttpHandler handler) {
        server.createContext("/", handler).getFilters().add(new LoadReporting(clock::get));
        server.start();
        return LoadBalancer.builder("orders")
                .endpoints("http://127.0.0.1:" + server.getAddress().getPort())
                .policy(Policy.adaptive())
                .build();
    }

    private static HttpRequest get(String path) {
        return HttpRequest.newBuilder(URI.create("http://orders" + path)).build();
    }

    @Test
    void anAnswerSaysHowLongOneMoreWillTakeAndTheClientUnderstandsIt() throws Exception {
        try (LoadBalancer orders = serve(exchange -> {
                    clock.addAndGet(5 * MILLISECOND);
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
                HttpClient client = BalancedHttpClient.of(orders)) {
            HttpResponse<Void> answer = client.send(get("/"), BodyHandlers.discarding());
            assertThat(answer.headers().firstValue("x-evenkeel-load")).contains("rif=0, latency=5.0");
            assertThat(orders.stats().malformedReports()).isZero();
        }
    }

    @Test
    void anAnswerSaysHowManyOthersAreInFlight() throws Exception {
        AtomicInteger arrived = new AtomicInteger();
        CountDownLatch three = new CountDownLatch(3);
        Semaphore others = new Semaphore(0);
        try (LoadBalancer orders = serve(exchange -> {
                    int number = arrived.incrementAndGet();
                    three.countDown();
                    try {
                        three.await();
                        if (number > 1) {
                            others.acquire();
                        }
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    exchange.getResponseHeaders().set("number", "" + number);
                    exchange.sendResponseHeaders(503, -1);
                    exchange.close();
                });
                HttpClient client = BalancedHttpClient.of(orders)) {
            var all = new CompletableFuture<?>[3];
            CompletableFuture<HttpResponse<Void>> first = new CompletableFuture<>();
            for (int i = 0; i < 3; i++) {
                HttpRequest post = HttpRequest.newBuilder(URI.create("http://orders/"))
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build();
                all[i] = client.sendAsync(post, BodyHandlers.discarding()).thenAccept(answer -> {
                    if (answer.headers().firstValue("number").orElseThrow().equals("1")) {
                        first.complete(answer);
                    }
                });
            }
            assertThat(first.get().headers().firstValue("x-evenkeel-load").orElseThrow())
                    .startsWith("rif=2, latency=");
            others.release(2);
            CompletableFuture.allOf(all).get();
        }
    }

    @Test
    void theHandlerSeesTheExchangeAsItIs() throws Exception {
        try (LoadBalancer orders = serve(exchange -> {
                    exchange.setAttribute(
                            "seen",
                            exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + exchange.getProtocol()
                                    + " " + exchange.getHttpContext().getPath());
                    byte[] body = exchange.getAttribute("seen").toString().getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders()
                            .set(
                                    "from",
                                    exchange.getRemoteAddress().getAddress().getHostAddress());
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
                HttpClient client = BalancedHttpClient.of(orders)) {
            HttpResponse<String> answer = client.send(get("/items?a=b"), BodyHandlers.ofString());
            assertThat(answer.body()).isEqualTo("GET /items?a=b HTTP/1.1 /");
            assertThat(answer.headers().firstValue("from")).contains("127.0.0.1");
        }
    }
}
