package io.evenkeel.discovery.eureka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
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
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A server of Eureka as its clients see it, with one application, ORDERS, and everything that can go wrong. */
final class FakeEureka implements Registry {

    private static final String PASSWORD = "swordfish";
    private static final byte[] MEBIBYTE = " ".repeat(1 << 20).getBytes(UTF_8);
    private static final int MORE_THAN_ANYBODY_TAKES = 100;

    private final int port;
    private final boolean delta;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, String> registered = new LinkedHashMap<>();
    private final Map<String, String> changed = new LinkedHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private volatile Optional<Fault> fault = Optional.empty();
    private volatile int deltaStatus = 200;
    private volatile Optional<String> count = Optional.empty();
    private volatile Optional<Integer> status = Optional.empty();
    private volatile HttpServer server;

    /** Whether its own sources ask by delta. */
    FakeEureka(boolean delta) throws IOException {
        this.port = ServerProcess.freePort();
        this.delta = delta;
        start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/eureka");
    }

    @Override
    public EndpointSource source() {
        return EurekaEndpoints.of("ORDERS", url())
                .withDelta(delta)
                .withPollInterval(Duration.ofSeconds(1))
                .withCredentials("me", () -> PASSWORD);
    }

    @Override
    public void publish(List<Endpoint> endpoints) {
        Map<String, String> now = new LinkedHashMap<>();
        endpoints.forEach(endpoint -> now.put(endpoint.id(), instance(endpoint, "UP")));
        register(now);
    }

    /** Makes this the whole registry: instances, in JSON, by id. */
    void register(Map<String, String> now) {
        lock.lock();
        try {
            registered.forEach((id, instance) -> changed.put(id, instance.replace("ADDED", "DELETED")));
            changed.putAll(now);
            registered.clear();
            registered.putAll(now);
        } finally {
            lock.unlock();
        }
    }

    static String instance(Endpoint endpoint, String status) {
        return """
                {"instanceId": "%s", "app": "ORDERS", "hostName": "%s", "status": "%s", "port": {"$": %d, "@enabled": "true"}, "actionType": "ADDED"}
                """.formatted(endpoint.id(), endpoint.uri().getHost(), status, endpoint.port());
    }

    /** Paths since it was made. */
    List<String> asked() {
        return asked;
    }

    /** From now on every question gets this status, and no more. */
    void answerWith(int status) {
        this.status = Optional.of(status);
    }

    /** The same for deltas only. */
    void answerDeltasWith(int status) {
        this.deltaStatus = status;
    }

    /** From now on it miscounts. */
    void count(String count) {
        this.count = Optional.of(count);
    }

    @Override
    public void kill() {
        HttpServer running = server;
        server = null;
        running.stop(0);
    }

    @Override
    public void start() throws IOException {
        HttpServer next = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        next.setExecutor(threads);
        next.createContext("/eureka/", this::answer);
        server = next;
        next.start();
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void harm(Fault fault) {
        this.fault = Optional.of(fault);
    }

    @Override
    public void mend() {
        fault = Optional.empty();
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(PASSWORD);
    }

    @Override
    public void close() {
        mend();
        if (server != null) {
            kill();
        }
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            asked.add(path);
            while (is(Fault.STOPPED)) {
                pause();
            }
            if (is(Fault.DENIED) || !isKnown(exchange)) {
                exchange.sendResponseHeaders(401, -1);
            } else if (status.isPresent()) {
                exchange.sendResponseHeaders(status.get(), -1);
            } else if (is(Fault.HUGE)) {
                sendMuch(exchange);
            } else if (is(Fault.SLOW)) {
                sendSlowly(exchange);
            } else if (is(Fault.GARBAGE)) {
                send(exchange, 200, "<html>\u0000\uFFFF");
            } else {
                answer(exchange, path);
            }
        }
    }

    private boolean is(Fault which) {
        return fault.equals(Optional.of(which)) && server != null;
    }

    /** Without credentials anybody is welcome, with them they must be right. */
    private static boolean isKnown(HttpExchange exchange) {
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        String right = "Basic " + Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(UTF_8));
        return shown == null || shown.equals(right);
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        switch (path) {
            case "/eureka/apps" -> send(exchange, 200, everything(registered));
            case "/eureka/apps/delta" -> send(exchange, deltaStatus, everything(changed));
            case "/eureka/apps/ORDERS" -> {
                if (registered.isEmpty()) {
                    exchange.sendResponseHeaders(404, -1);
                } else {
                    send(exchange, 200, "{\"application\": " + application(registered) + "}");
                }
            }
            default -> exchange.sendResponseHeaders(404, -1);
        }
    }

    private String everything(Map<String, String> instances) {
        return Says.everything(
                count.orElseGet(this::count),
                Stream.of(application(instances))
                        .filter(application -> !instances.isEmpty())
                        .toArray(String[]::new));
    }

    private String application(Map<String, String> instances) {
        lock.lock();
        try {
            return Says.application("ORDERS", List.copyOf(instances.values()));
        } finally {
            lock.unlock();
        }
    }

    private String count() {
        lock.lock();
        try {
            return Stream.of("DOWN", "OUT_OF_SERVICE", "UP")
                    .map(status -> Map.entry(
                            status,
                            registered.values().stream()
                                    .filter(instance -> instance.contains("\"status\": \"" + status + "\""))
                                    .count()))
                    .filter(each -> each.getValue() > 0)
                    .map(each -> each.getKey() + "_" + each.getValue() + "_")
                    .collect(Collectors.joining());
        } finally {
            lock.unlock();
        }
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static void sendMuch(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream body = exchange.getResponseBody();
        for (int i = 0; i < MORE_THAN_ANYBODY_TAKES; i++) {
            body.write(MEBIBYTE);
        }
    }

    /** A byte now and then, and never the last. */
    private void sendSlowly(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 1_000_000);
        while (is(Fault.SLOW)) {
            exchange.getResponseBody().write(' ');
            exchange.getResponseBody().flush();
            pause();
        }
        throw new IOException("mended, or killed");
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(10);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
