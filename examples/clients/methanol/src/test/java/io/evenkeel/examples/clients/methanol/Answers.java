package io.evenkeel.examples.clients.methanol;

import com.github.mizosoft.methanol.Methanol.Interceptor;
import io.evenkeel.examples.clients.contract.Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;

/** Servers that always give the same answer, and who counts them. */
final class Answers {

    private Answers() {}

    static Server busy() throws IOException {
        return new Server(exchange -> exchange.sendResponseHeaders(503, -1));
    }

    static Server compressed(String text) throws IOException {
        return new Server(exchange -> {
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = new GZIPOutputStream(exchange.getResponseBody())) {
                body.write(text.getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    /** Which may be kept for a minute. */
    static Server lasting(String text, AtomicInteger asked) throws IOException {
        return new Server(exchange -> {
            asked.incrementAndGet();
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Cache-Control", "max-age=60");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        });
    }

    static Interceptor counting(AtomicInteger seen) {
        return Interceptor.create(request -> {
            seen.incrementAndGet();
            return request;
        });
    }
}
