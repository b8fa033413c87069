package io.evenkeel.http;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.evenkeel.VirtualTime;
import io.evenkeel.balance.LoadBalancer;
import java.net.InetAddress;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replica known by the name of its host, which moves to another address while the old one still serves; by HTTP/2, for whose connections the JDK's client does not look. */
@Timeout(60)
class MovesIT {

    /** Run in a JVM of its own, whose names come from a file. */
    static final class Moving {

        public static void main(String[] args) throws Exception {
            Path hosts = Path.of(args[0]);
            Files.writeString(hosts, "127.0.0.1 moving.example\n");
            WireMockServer before = server("127.0.0.1", 0, "before");
            WireMockServer after = server("127.0.0.2", before.port(), "after");
            VirtualTime time = new VirtualTime();
            Moves moves =
                    new Moves(time, Runnable::run, host -> Set.copyOf(Arrays.asList(InetAddress.getAllByName(host))));
            try (LoadBalancer orders = LoadBalancer.builder("orders")
                            .endpoints("http://moving.example:" + before.port())
                            .build();
                    BalancedHttpClient client = BalancedHttpClient.builder()
                            .moves(moves)
                            .balance(orders)
                            .build()) {
                say(client); // by HTTP/1.1, which offers to go on by HTTP/2
                say(client);
                Files.writeString(hosts, "127.0.0.2 moving.example\n");
                say(client);
                time.advance(Duration.ofSeconds(30));
                say(client);
                time.advance(Duration.ofSeconds(30));
                say(client);
                say(client);
            } finally {
                before.stop();
                after.stop();
            }
        }

        private static WireMockServer server(String address, int port, String name) {
            WireMockServer server = new WireMockServer(
                    wireMockConfig().bindAddress(address).port(port).jettyStopTimeout(100L));
            server.start();
            server.stubFor(any(anyUrl()).willReturn(ok(name)));
            return server;
        }

        private static void say(BalancedHttpClient client) throws Exception {
            HttpResponse<String> response = client.send(Fleet.request("/").build(), BodyHandlers.ofString());
            System.out.println(response.version() + " " + response.body());
        }
    }

    @Test
    void hostThatHasMovedIsCalledWhereItIs(@TempDir Path folder) throws Exception {
        Process process = new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-Djdk.net.hosts.file=" + folder.resolve("hosts"),
                        "-Dsun.net.inetaddr.ttl=0",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Moving.class.getName(),
                        folder.resolve("hosts").toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(said.lines())
                .containsExactly(
                        "HTTP_2 before",
                        "HTTP_2 before",
                        "HTTP_2 before",
                        "HTTP_2 before",
                        "HTTP_2 after",
                        "HTTP_2 after");
    }
}
