package io.evenkeel.discovery.eureka;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.contract.ProcessRegistry;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** An application at a real server of Eureka, one process for all: it takes long to start. Each test has an application of its own. */
@SuppressWarnings("try") // closing may wait, and be interrupted
final class RealEureka extends ProcessRegistry {

    private static final AtomicInteger APPLICATIONS = new AtomicInteger();
    private static final int CONCURRENT_REQUESTS = 16;

    private static ServerProcess process;
    private static int port;

    private final String application = "ORDERS-" + APPLICATIONS.incrementAndGet();
    private final Map<String, String> registered = new LinkedHashMap<>();

    RealEureka() throws Exception {
        if (process == null) {
            start();
        }
    }

    static void end() throws InterruptedException {
        if (process != null) {
            process.close();
            process = null;
        }
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port + "/eureka");
    }

    String application() {
        return application;
    }

    @Override
    public EurekaEndpoints source() {
        return EurekaEndpoints.of(application, url()).withPollInterval(Duration.ofSeconds(1));
    }

    @Override
    public void publish(List<Endpoint> endpoints) throws Exception {
        Map<String, String> now = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            String id = endpoint.uri().getAuthority(); // Tomcat takes no slashes in a path's step
            now.put(id, instance(endpoint.withId(id), ""));
        }
        register(now);
    }

    /** The JSON of an instance at {@code endpoint}, with more fields that begin with a comma. */
    String instance(Endpoint endpoint, String more) {
        return """
                {"instance": {"instanceId": "%s", "app": "%s", "hostName": "%s", "ipAddr": "%3$s", "status": "UP",
                 "vipAddress": "orders", "port": {"$": %d, "@enabled": "true"}, "securePort": {"$": 443, "@enabled": "false"},
                 "dataCenterInfo": {"@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn"},
                 "leaseInfo": {"durationInSecs": 3600}%s}}
                """.formatted(endpoint.id(), application, endpoint.uri().getHost(), endpoint.port(), more);
    }

    /** Makes this the whole application: instances, in JSON, by id. */
    void register(Map<String, String> now) throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                ExecutorService pool = Executors.newFixedThreadPool(CONCURRENT_REQUESTS)) {
            List<Callable<Void>> changes = new ArrayList<>();
            now.forEach((id, instance) -> {
                if (!instance.equals(registered.get(id))) {
                    changes.add(() -> send(client, request("").POST(BodyPublishers.ofString(instance))));
                }
            });
            registered.forEach((id, instance) -> {
                if (!now.containsKey(id)) {
                    changes.add(() -> send(client, request("/" + encoded(id)).DELETE()));
                }
            });
            for (Future<Void> change : pool.invokeAll(changes)) {
                change.get();
            }
        }
        registered.clear();
        registered.putAll(now);
    }

    /** An operator's word: the instance's status is this. */
    void override(String id, String status) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            send(client, request("/" + encoded(id) + "/status?value=" + status).PUT(BodyPublishers.noBody()));
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + "/apps/" + application + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json");
    }

    private static Void send(HttpClient client, HttpRequest.Builder request) throws Exception {
        var response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("status " + response.statusCode() + ": " + response.body());
        }
        return null;
    }

    private static String encoded(String id) {
        return URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    @Override
    public void kill() throws InterruptedException {
        end();
        registered.clear(); // it keeps nothing
    }

    @Override
    public void start() throws Exception {
        port = port == 0 ? ServerProcess.freePort() : port;
        Path folder = Files.createDirectories(Path.of("target", "eureka"));
        long began = System.nanoTime();
        process = ServerProcess.java(
                folder,
                port,
                "-Xmx384m",
                "-Dslf4j.provider=ch.qos.logback.classic.spi.LogbackServiceProvider",
                EurekaServer.class.getName(),
                "--server.address=127.0.0.1",
                "--server.port=" + port,
                "--spring.main.banner-mode=off",
                "--eureka.instance.hostname=127.0.0.1",
                "--eureka.client.register-with-eureka=false",
                "--eureka.client.fetch-registry=false",
                "--eureka.client.service-url.defaultZone=http://127.0.0.1:" + port + "/eureka/",
                "--eureka.server.enable-self-preservation=false",
                "--eureka.server.use-read-only-response-cache=false",
                "--eureka.server.response-cache-update-interval-ms=1000");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest all =
                    HttpRequest.newBuilder(URI.create(url() + "/apps")).build();
            Waiting.until(
                    "Eureka answers",
                    Duration.ofSeconds(60),
                    () -> client.send(all, BodyHandlers.discarding()).statusCode() == 200);
        }
        System.out.printf(
                "Eureka has started in %d ms%n",
                Duration.ofNanos(System.nanoTime() - began).toMillis());
    }

    @Override
    protected ServerProcess process() {
        return process;
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public void close() throws Exception {
        if (process != null) {
            mend();
        }
    }
}
