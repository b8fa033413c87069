package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The files in examples/consul, on ports that are free, if there is a Consul here. */
@Timeout(180)
class ConsulIT {

    @TempDir
    Path temporary;

    @Test
    void aReplicaThatEndsLeavesTheListAndNoCallFails() throws Exception {
        Path program = consul();
        HttpServer one = replica();
        HttpServer two = replica();
        int port = freePort();
        Process agent = agent(
                program, port, one.getAddress().getPort(), two.getAddress().getPort());
        try {
            awaitBoth(port);
            try (Program consul = Program.start(temporary, Consul.class, "http://127.0.0.1:" + port, "8")) {
                consul.readTo("20 calls").readTo("20 calls");
                one.stop(0);
                assertThat(consul.end()).as(consul.toString()).isZero();
                List<String> rows = consul.lines().stream()
                        .filter(line -> line.startsWith("20 calls"))
                        .toList();
                assertThat(rows).hasSize(8).allMatch(row -> row.startsWith("20 calls, 0 failed: "));
                assertThat(rows.get(1)).contains(address(one) + "=", address(two) + "=");
                assertThat(rows.getLast()).contains(address(two) + "=").doesNotContain(address(one) + "=");
            }
        } finally {
            agent.destroyForcibly();
            one.stop(0);
            two.stop(0);
        }
    }

    private Process agent(Path program, int port, int one, int two) throws IOException {
        List<String> command = new ArrayList<>(List.of(program.toString(), "agent", "-dev", "-config-file=agent.hcl"));
        command.addAll(List.of("-config-file=orders-1.hcl", "-config-file=orders-2.hcl", "-http-port=" + port));
        command.addAll(List.of("-server-port=" + freePort(), "-serf-lan-port=" + freePort()));
        command.addAll(List.of("-serf-wan-port=-1", "-dns-port=-1", "-grpc-port=-1"));
        Path files = Path.of(System.getProperty("user.dir"), "consul");
        Files.copy(files.resolve("agent.hcl"), temporary.resolve("agent.hcl"));
        copy(files.resolve("orders-1.hcl"), "9081", one);
        copy(files.resolve("orders-2.hcl"), "9082", two);
        return new ProcessBuilder(command)
                .directory(temporary.toFile())
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("consul.log").toFile())
                .start();
    }

    private void copy(Path file, String port, int free) throws IOException {
        String text = Files.readString(file);
        assertThat(text).contains(port);
        Files.writeString(temporary.resolve(file.getFileName()), text.replace(port, Integer.toString(free)));
    }

    /** Until both have passed their first check. */
    private void awaitBoth(int port) throws Exception {
        URI instances = URI.create("http://127.0.0.1:" + port + "/v1/health/service/orders?passing=true");
        long end = System.nanoTime() + 60_000_000_000L;
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (instances(client, instances).split("\"ID\": *\"orders-", -1).length < 3) {
                assertThat(System.nanoTime() - end)
                        .as(Files.readString(temporary.resolve("consul.log")))
                        .isNegative();
                Thread.sleep(50);
            }
        }
    }

    private static String instances(HttpClient client, URI uri) throws InterruptedException {
        try {
            return client.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            return "";
        }
    }

    private static HttpServer replica() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            try (exchange) {
                exchange.sendResponseHeaders(200, -1);
            }
        });
        server.start();
        return server;
    }

    private static String address(HttpServer server) {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** On the PATH, or where .ci/consul puts it; else this is skipped, be it in CI: no Debian of today has it. */
    private static Path consul() {
        String cache = Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                .orElse(System.getProperty("user.home") + "/.cache");
        for (String place : (System.getenv("PATH") + ":" + cache + "/evenkeel/consul").split(":", -1)) {
            if (Files.isExecutable(Path.of(place, "consul"))) {
                return Path.of(place, "consul");
            }
        }
        System.out.println("Skipped: there is no consul; .ci/consul fetches one");
        assumeTrue(false, "there is no consul");
        throw new AssertionError();
    }
}
