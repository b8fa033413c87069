package io.evenkeel.examples.clients.contract;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's own, with a virtual thread for each request. */
public final class Server implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /** One that answers every request by {@code handler}, from now on. */
    public Server(HttpHandler handler) throws IOException {
        // Else Nagle's algorithm holds small answers back, for as long as the client delays its acknowledgements
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
    }

    /** Where it is. */
    public URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Dies at once: its connections close, whatever goes on. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
