package io.evenkeel.discovery.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A web server that has a list, with an ETag, for whoever has a token. */
final class ListServer implements Registry {

    static final String TOKEN = "s3cret-t0ken";

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger notModified = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile String list = "[]";
    private volatile @Nullable Fault fault;
    private volatile CountDownLatch mended = new CountDownLatch(0);
    private HttpServer server;
    private final int port;

    ListServer() throws IOException {
        server = begin(0);
        port = server.getAddress().getPort();
    }

    private HttpServer begin(int at) throws IOException {
        HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), at), 0);
        made.setExecutor(threads);
        made.createContext("/orders", this::answer);
        made.start();
        return made;
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        try (exchange) {
            if (fault == Fault.STOPPED) {
                mended.await();
            } else if (fault == Fault.SLOW) {
                trickle(exchange);
            } else if (fault == Fault.DENIED
                    || !("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
                exchange.sendResponseHeaders(403, -1);
            } else if (fault == Fault.HUGE) {
                huge(exchange);
            } else {
                send(exchange, fault == Fault.GARBAGE ? "<html>oops" : list);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(HttpExchange exchange, String body) throws IOException {
        String tag = '"' + Integer.toHexString(body.hashCode()) + '"';
        exchange.getResponseHeaders().set("ETag", tag);
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            notModified.incrementAndGet();
            exchange.sendResponseHeaders(304, -1);
            return;
        }
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void trickle(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        while (!mended.await(100, java.util.concurrent.TimeUnit.MILLISECONDS)) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
        }
    }

    private static void huge(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] spaces = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 100; i++) {
            exchange.getResponseBody().write(spaces);
        }
    }

    int requests() {
        return requests.get();
    }

    int notModified() {
        return notModified.get();
    }

    void list(String json) {
        list = json;
    }

    HttpEndpoints endpoints() {
        return HttpEndpoints.at(URI.create("http://127.0.0.1:" + port + "/orders?secret=" + TOKEN))
                .withInterval(Duration.ofMillis(100))
                .withTimeout(Duration.ofMillis(500))
                .withHeader("Authorization", () -> "Bearer " + TOKEN);
    }

    @Override
    public EndpointSource source() {
        return endpoints();
    }

    @Override
    public void publish(List<Endpoint> endpoints) {
        list = endpoints.stream()
                .map(endpoint -> '"' + endpoint.uri().toString() + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public void kill() {
        server.stop(0);
    }

    @Override
    public void start() throws IOException {
        server = begin(port);
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void harm(Fault which) {
        mended = new CountDownLatch(1);
        fault = which;
    }

    @Override
    public void mend() {
        fault = null;
        mended.countDown();
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(TOKEN);
    }

    @Override
    public void close() {
        mend();
        server.stop(0);
        threads.shutdownNow();
    }
}
