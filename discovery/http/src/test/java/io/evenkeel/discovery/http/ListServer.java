package io.evenkeel.discovery.http;

import com.sun.net.httpserver.HttpExchange;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.contract.WebRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;

/** A web server that has a list, with an ETag, for whoever has a token. */
final class ListServer extends WebRegistry {

    static final String TOKEN = "s3cret-t0ken";

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger notModified = new AtomicInteger();
    private volatile String list = "[]";

    private ListServer(Optional<SSLContext> tls) {
        super(tls);
    }

    static ListServer started() throws IOException {
        return started(Optional.empty());
    }

    static ListServer started(Optional<SSLContext> tls) throws IOException {
        ListServer server = new ListServer(tls);
        server.start();
        return server;
    }

    @Override
    protected void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        if (("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            sendList(exchange);
        } else {
            deny(exchange);
        }
    }

    private void sendList(HttpExchange exchange) throws IOException {
        String body = list;
        String tag = '"' + Integer.toHexString(body.hashCode()) + '"';
        exchange.getResponseHeaders().set("ETag", tag);
        if (tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
            notModified.incrementAndGet();
            exchange.sendResponseHeaders(304, -1);
        } else {
            send(exchange, 200, body);
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

    @Override
    public HttpEndpoints source() {
        return HttpEndpoints.at(uri().resolve("/orders?secret=" + TOKEN))
                .withInterval(Duration.ofMillis(100))
                .withTimeout(Duration.ofMillis(500))
                .withHeader("Authorization", () -> "Bearer " + TOKEN);
    }

    @Override
    public void publish(List<Endpoint> endpoints) {
        list = endpoints.stream()
                .map(endpoint -> '"' + endpoint.uri().toString() + '"')
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(TOKEN);
    }
}
