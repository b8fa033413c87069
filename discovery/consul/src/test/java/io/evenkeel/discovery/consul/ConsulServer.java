package io.evenkeel.discovery.consul;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.Waiting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A real Consul, one server alone, which refuses whatever no token allows. */
@SuppressWarnings("try") // closing may wait, and be interrupted
final class ConsulServer implements AutoCloseable {

    /** May do anything. */
    private static final String MASTER = UUID.randomUUID().toString();

    /** May read services and nodes. */
    static final String READER = UUID.randomUUID().toString();

    private static final String READERS_NAME = UUID.randomUUID().toString();

    /** The node that has the instances of lists: no agent tidies it up. */
    static final String ELSEWHERE = "elsewhere";

    private final Path program;
    private final Path folder;
    private final int port = ServerProcess.freePort();
    private ServerProcess process;

    private ConsulServer(Path program, Path folder) throws IOException {
        this.program = program;
        this.folder = folder;
    }

    /** One that leads, in {@code folder}; without Consul, the test is skipped, be it in CI: no Debian of today has it. */
    static ConsulServer start(Path folder) throws Exception {
        ConsulServer server = new ConsulServer(program(), folder);
        server.configure();
        server.start();
        server.put("/v1/acl/policy", """
                {"Name": "reader", "Rules": "service_prefix \\"\\" {policy=\\"read\\"} node_prefix \\"\\" {policy=\\"read\\"}"}""");
        server.allowReader();
        server.put("/v1/catalog/register", """
                {"Node": "%s", "Address": "127.0.0.9", "NodeMeta": {"zone": "far"}}""".formatted(ELSEWHERE));
        return server;
    }

    static Path program() {
        Path cache = Path.of(Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .orElse(System.getProperty("user.home") + "/.cache"));
        for (String place : (System.getenv("PATH") + ":" + cache.resolve("evenkeel/consul")).split(":", -1)) {
            if (Files.isExecutable(Path.of(place, "consul"))) {
                return Path.of(place, "consul");
            }
        }
        System.out.println("Skipped: there is no consul; .ci/consul fetches one");
        assumeTrue(false, "there is no consul");
        throw new AssertionError();
    }

    private void configure() throws IOException {
        Files.writeString(folder.resolve("consul.json"), """
                {
                  "server": true, "bootstrap_expect": 1, "node_name": "one", "data_dir": "data",
                  "bind_addr": "127.0.0.1", "client_addr": "127.0.0.1",
                  "ports": {"http": %d, "server": %d, "serf_lan": %d, "serf_wan": -1, "dns": -1, "grpc": -1},
                  "performance": {"raft_multiplier": 1},
                  "disable_update_check": true, "log_level": "warn",
                  "acl": {"enabled": true, "default_policy": "deny", "tokens": {"master": "%s", "agent": "%4$s"}}
                }
                """.formatted(
                        port, ServerProcess.freePort(), ServerProcess.freePort(), MASTER));
    }

    /** As it was when it ended. */
    void start() throws Exception {
        process = ServerProcess.start(folder, port, program.toString(), "agent", "-config-file=consul.json");
        Waiting.until(
                "consul leads and knows its tokens",
                Duration.ofSeconds(60),
                () -> ask("GET", "/v1/acl/token/self", "").statusCode() == 200);
    }

    void allowReader() throws Exception {
        put("/v1/acl/token", """
                {"AccessorID": "%s", "SecretID": "%s", "Policies": [{"Name": "reader"}]}""".formatted(READERS_NAME, READER));
    }

    void denyReader() throws Exception {
        checked(ask("DELETE", "/v1/acl/token/" + READERS_NAME, ""));
    }

    /** A token that may do nothing. */
    String powerlessToken() throws Exception {
        String secret = UUID.randomUUID().toString();
        put("/v1/acl/token", "{\"SecretID\": \"%s\"}".formatted(secret));
        return secret;
    }

    /** PUT, with every right. */
    void put(String path, String body) throws Exception {
        checked(ask("PUT", path, body));
    }

    private static void checked(HttpResponse<String> answer) {
        if (answer.statusCode() != 200) {
            throw new AssertionError(answer + " " + answer.body());
        }
    }

    /** By a connection that is gone afterwards: those of a source are counted. */
    private HttpResponse<String> ask(String method, String path, String body) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpRequest request = HttpRequest.newBuilder(uri().resolve(path))
                    .header("X-Consul-Token", MASTER)
                    .timeout(Duration.ofSeconds(30))
                    .method(method, BodyPublishers.ofString(body))
                    .build();
            return client.send(request, BodyHandlers.ofString());
        }
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + port);
    }

    int port() {
        return port;
    }

    ServerProcess process() {
        return process;
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
