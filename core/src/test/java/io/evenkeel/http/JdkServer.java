package io.evenkeel.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/** The JDK's own server, which says what it was asked. */
final class JdkServer implements Closeable {

    private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

    JdkServer() throws IOException {
        server.createContext("/", JdkServer::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestURI().toString();
            Echo echo = Echo.of(
                    exchange.getRequestMethod(),
                    target,
                    exchange.getRequestHeaders(),
                    exchange.getRequestBody().readAllBytes(),
                    exchange.getRemoteAddress().getPort());
            boolean head = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(echo.status(), head || echo.body().length == 0 ? -1 : echo.body().length);
            if (!head) {
                exchange.getResponseBody().write(echo.body());
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
