package io.evenkeel.examples.clients.contract;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A replica of the service "orders". */
final class Replica implements AutoCloseable {

    static final String PLACE = "/orders/7";

    /** A request as it arrived; without its {@code Host}, which is the replica's. */
    record Received(String method, String target, Map<String, List<String>> headers, String body) {}

    private final Server server;
    private final Format format;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private volatile Trouble trouble = Trouble.NONE;

    Replica(Format format) throws IOException {
        this.format = format;
        this.server = new Server(this::answer);
    }

    URI uri() {
        return server.uri();
    }

    List<Received> received() {
        return received;
    }

    void suffer(Trouble next) {
        trouble = next;
        if (next == Trouble.IS_DEAD) {
            server.close();
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        receive(exchange);
        switch (trouble) {
            case NONE, IS_DEAD -> answerWell(exchange);
            case HAS_NONE -> write(exchange, 404, "no such order");
            case FAILS -> write(exchange, 500, "out of order");
            case IS_BUSY -> write(exchange, 503, "busy");
            case HANGS -> hang();
            case CLOSES -> {}
            case BREAKS_OFF -> breakOff(exchange);
        }
    }

    private void receive(HttpExchange exchange) throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(exchange.getRequestHeaders());
        headers.remove("Host");
        received.add(new Received(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
    }

    private void answerWell(HttpExchange exchange) throws IOException {
        if (exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Location", PLACE);
            write(exchange, 201, PLACE);
        } else {
            String path = exchange.getRequestURI().getPath();
            write(exchange, 200, "order " + path.substring(path.lastIndexOf('/') + 1));
        }
    }

    private void write(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = format.written().apply(text).getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", format.contentType());
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private void breakOff(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", format.contentType());
        exchange.sendResponseHeaders(200, 1000);
        exchange.getResponseBody().write('{');
        exchange.getResponseBody().flush();
    }

    /** Until it is closed, which interrupts. */
    private static void hang() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
