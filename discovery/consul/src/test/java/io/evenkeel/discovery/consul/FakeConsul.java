package io.evenkeel.discovery.consul;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Answers as Consul does, by blocking queries, as long as it is not told to answer otherwise. */
final class FakeConsul implements Registry {

    /** What every question must carry. */
    static final String TOKEN = UUID.randomUUID().toString();

    private static final Pattern INDEX = Pattern.compile("index=(\\d+)&wait=(\\d+)ms");
    private static final int HUGE_MIB = 65;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final int port;
    private final Deque<HttpHandler> others = new ArrayDeque<>();
    private final List<String> questions = new ArrayList<>();
    private final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    private List<Endpoint> published = List.of();
    private long index = 10;
    /** Counts its lives; those who wait in an earlier one get no answer. */
    private int life;

    private HttpServer server;

    FakeConsul() throws IOException {
        port = ServerProcess.freePort();
        start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    @Override
    public EndpointSource source() {
        return ConsulEndpoints.of("orders").at(uri()).withToken(() -> TOKEN);
    }

    @Override
    public void publish(List<Endpoint> endpoints) {
        change(() -> {
            published = List.copyOf(endpoints);
            index++;
        });
    }

    /** The index of what is published next is one more. */
    void goBackTo(long lower) {
        change(() -> index = lower);
    }

    /** Answers one question otherwise, be it one that waits now. */
    void answerOnce(HttpHandler other) {
        change(() -> others.add(other));
    }

    /** The queries of all questions so far. */
    List<String> questions() {
        lock.lock();
        try {
            return List.copyOf(questions);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/health/service/orders", this::answer);
        server.start();
    }

    @Override
    public void kill() {
        change(() -> life++);
        server.stop(0);
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void harm(Fault fault) {
        change(() -> faults.add(fault));
    }

    @Override
    public void mend() {
        change(faults::clear);
    }

    private void change(Runnable what) {
        lock.lock();
        try {
            what.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
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
        kill();
    }

    // How it answers

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            reply(exchange).handle(exchange);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private HttpHandler reply(HttpExchange exchange) throws InterruptedException {
        String query = exchange.getRequestURI().getRawQuery();
        lock.lock();
        try {
            questions.add(query);
            await(query);
            if (!others.isEmpty()) {
                return others.remove();
            }
            boolean known = TOKEN.equals(exchange.getRequestHeaders().getFirst("X-Consul-Token"));
            return known && query.startsWith("passing=true") ? reply() : saying(403, index, "ACL not found");
        } finally {
            lock.unlock();
        }
    }

    /** Until there is news since the index asked for, or the wait is over, or something is wrong. */
    private void await(String query) throws InterruptedException {
        Matcher asked = INDEX.matcher(query);
        long since = asked.find() ? Long.parseLong(asked.group(1)) : 0;
        long left = since == 0 ? 0 : TimeUnit.MILLISECONDS.toNanos(Long.parseLong(asked.group(2)));
        int now = life;
        while (life == now && others.isEmpty() && faults.isEmpty() && index <= since && left > 0) {
            left = news.awaitNanos(left);
        }
        while (life == now && (faults.contains(Fault.SLOW) || faults.contains(Fault.STOPPED))) {
            news.await();
        }
    }

    private HttpHandler reply() {
        if (faults.contains(Fault.DENIED)) {
            return saying(403, index, "ACL not found");
        }
        if (faults.contains(Fault.HUGE)) {
            return FakeConsul::sayTooMuch;
        }
        if (faults.contains(Fault.GARBAGE)) {
            byte[] garbage = new byte[1_000];
            new Random(7).nextBytes(garbage);
            return saying(200, index + 1, garbage);
        }
        return saying(200, index, json(published));
    }

    private static void sayTooMuch(HttpExchange exchange) throws IOException {
        byte[] spaces = new byte[1 << 20];
        Arrays.fill(spaces, (byte) ' ');
        exchange.getResponseHeaders().set("X-Consul-Index", "1000");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream body = exchange.getResponseBody()) {
            for (int i = 0; i < HUGE_MIB; i++) {
                body.write(spaces);
            }
        }
    }

    /** An answer. */
    static HttpHandler saying(int status, Object index, String body) {
        return saying(status, index, body.getBytes(UTF_8));
    }

    private static HttpHandler saying(int status, Object index, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().set("X-Consul-Index", index.toString());
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        };
    }

    /** What Consul says of instances at these addresses. */
    static String json(List<Endpoint> endpoints) {
        return endpoints.stream()
                .map(endpoint -> """
                        {"Node": {"Node": "one", "Address": "10.9.9.9"}, "Service": {"ID": "%s", "Address": "%s", "Port": %d, \
                        "Weights": {"Passing": 1, "Warning": 1}}}""".formatted(endpoint.id(), endpoint.uri().getHost(), endpoint.port()))
                .collect(Collectors.joining(",\n", "[", "]"));
    }
}
