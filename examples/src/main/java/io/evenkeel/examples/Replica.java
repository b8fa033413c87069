package io.evenkeel.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;

/**
 * One replica of the service "orders", a process of its own. It prints the port it listens on, and ends when its standard
 * input does: with whoever started it, however that one ended.
 */
final class Replica {

    private static final int SHORTEST_MILLIS = 3;
    private static final int LONGEST_MILLIS = 8;

    private Replica() {}

    public static void main(String[] args) throws IOException {
        // Else Nagle's algorithm holds small answers back, for as long as the client delays its acknowledgements
        System.setProperty("sun.net.httpserver.nodelay", "true");
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/items/", Replica::answer).getFilters().add(new LoadReporting());
        server.start();
        System.out.println(server.getAddress().getPort());
        while (System.in.read() >= 0) {
            // Nothing is expected: only the end counts
        }
        Runtime.getRuntime().halt(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        work();
        byte[] body = exchange.getRequestURI().getPath().getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void work() {
        try {
            Thread.sleep(ThreadLocalRandom.current().nextInt(SHORTEST_MILLIS, LONGEST_MILLIS + 1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
