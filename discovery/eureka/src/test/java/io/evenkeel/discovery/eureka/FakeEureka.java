package io.evenkeel.discovery.eureka;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import io.evenkeel.Endpoint;
import io.evenkeel.discovery.contract.WebRegistry;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/** A server of Eureka as its clients see it, with one application, ORDERS, and everything that can go wrong. */
final class FakeEureka extends WebRegistry {

    private static final String PASSWORD = "swordfish";

    private final boolean delta;
    private final Map<String, String> registered = new LinkedHashMap<>();
    private final Map<String, String> changed = new LinkedHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    /** Bodies as they were sent, by path, until something changes. */
    private final Map<String, byte[]> bodies = new ConcurrentHashMap<>();

    private volatile int deltaStatus = 200;
    private volatile Optional<String> count = Optional.empty();
    private volatile Optional<Integer> status = Optional.empty();

    private FakeEureka(boolean delta, Optional<SSLContext> tls) {
        super(tls);
        this.delta = delta;
    }

    /** Whether its own sources ask by delta. */
    static FakeEureka started(boolean delta) throws IOException {
        return started(delta, Optional.empty());
    }

    static FakeEureka started(boolean delta, Optional<SSLContext> tls) throws IOException {
        FakeEureka eureka = new FakeEureka(delta, tls);
        eureka.start();
        return eureka;
    }

    URI url() {
        return uri().resolve("/eureka");
    }

    @Override
    public EurekaEndpoints source() {
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
        List<String> questions = delta ? List.of("/eureka/apps", "/eureka/apps/delta") : List.of("/eureka/apps/ORDERS");
        questions.forEach(question -> bodies.computeIfAbsent(question, this::body)); // it takes a while, and room
    }

    /** Makes this the whole registry: instances, in JSON, by id. */
    void register(Map<String, String> now) {
        change(() -> {
            registered.forEach((id, instance) -> changed.put(id, instance.replace("ADDED", "DELETED")));
            changed.putAll(now);
            registered.clear();
            registered.putAll(now);
            bodies.clear();
        });
    }

    /** As long as those of a real server. */
    static String instance(Endpoint endpoint, String status) {
        return """
                {"instanceId": "%1$s", "app": "ORDERS", "appGroupName": "UNKNOWN", "hostName": "%2$s", "ipAddr": "%2$s", "sid": "na",
                 "homePageUrl": "http://%2$s:%4$d/", "statusPageUrl": "http://%2$s:%4$d/actuator/info", "vipAddress": "orders",
                 "healthCheckUrl": "http://%2$s:%4$d/actuator/health", "secureVipAddress": "orders", "countryId": 1,
                 "status": "%3$s", "overriddenStatus": "UNKNOWN", "isCoordinatingDiscoveryServer": "false",
                 "port": {"$": %4$d, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"},
                 "dataCenterInfo": {"@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn"},
                 "leaseInfo": {"renewalIntervalInSecs": 30, "durationInSecs": 90, "registrationTimestamp": 1700000000000,
                 "lastRenewalTimestamp": 1700000000000, "evictionTimestamp": 0, "serviceUpTimestamp": 1700000000000},
                 "metadata": {"@class": "java.util.Collections$EmptyMap"}, "lastUpdatedTimestamp": "1700000000000",
                 "lastDirtyTimestamp": "1700000000000", "actionType": "ADDED"}
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
        bodies.clear();
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(PASSWORD);
    }

    // How it answers

    @Override
    protected void deny(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(401, -1);
    }

    @Override
    protected void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        asked.add(path);
        if (!isKnown(exchange)) {
            deny(exchange);
        } else if (status.isPresent()) {
            exchange.sendResponseHeaders(status.get(), -1);
        } else {
            answer(exchange, path);
        }
    }

    /** Without credentials anybody is welcome, with them they must be right. */
    private static boolean isKnown(HttpExchange exchange) {
        String shown = exchange.getRequestHeaders().getFirst("Authorization");
        String right = "Basic " + Base64.getEncoder().encodeToString(("me:" + PASSWORD).getBytes(UTF_8));
        return shown == null || shown.equals(right);
    }

    private void answer(HttpExchange exchange, String path) throws IOException {
        byte[] body = bodies.computeIfAbsent(path, this::body);
        send(exchange, body.length == 0 ? 404 : path.endsWith("/delta") ? deltaStatus : 200, body);
    }

    /** Empty if it knows nothing about it. */
    private byte[] body(String path) {
        String text = switch (path) {
            case "/eureka/apps" -> everything(registered);
            case "/eureka/apps/delta" -> everything(changed);
            case "/eureka/apps/ORDERS" ->
                registered.isEmpty() ? "" : "{\"application\": " + application(registered) + "}";
            default -> "";
        };
        return text.getBytes(UTF_8);
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
}
