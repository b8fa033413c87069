package io.evenkeel.examples.clients.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.examples.clients.contract.Caller;
import io.evenkeel.examples.clients.contract.ClientContract;
import io.evenkeel.examples.clients.contract.Format;
import io.evenkeel.examples.clients.contract.Server;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Orders are ConfigMaps here, and replicas are API servers. */
class BalancedApiServersIT extends ClientContract {

    private static final Format FORMAT = Format.json("{\"apiVersion\": \"v1\", \"kind\": \"ConfigMap\","
            + " \"metadata\": {\"name\": \"an-order\", \"resourceVersion\": \"1\"}, \"data\": {\"text\": \"%s\"}}");

    @Override
    protected Format format() {
        return FORMAT;
    }

    @Override
    protected Caller balanced(LoadBalancer orders, Duration timeout) {
        return caller(BalancedApiServers.client(config(ORDERS, timeout), orders));
    }

    @Override
    protected Caller bare(URI replica, Duration timeout) {
        return caller(new KubernetesClientBuilder()
                .withConfig(config(replica, timeout))
                .withHttpClientFactory(new JdkHttpClientFactory())
                .build());
    }

    private static Config config(URI master, Duration timeout) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(master.toString())
                .withNamespace("shop")
                .withRequestTimeout((int) timeout.toMillis())
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static Caller caller(KubernetesClient client) {
        return Caller.of(id -> order(client, id), order -> place(client, order), client::close);
    }

    private static String order(KubernetesClient client, int id) {
        return text(
                Optional.ofNullable(client.configMaps().withName("" + id).get()).orElseThrow());
    }

    private static String place(KubernetesClient client, String order) {
        ConfigMap map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName(order)
                .endMetadata()
                .addToData("text", order)
                .build();
        return text(client.resource(map).create());
    }

    private static String text(ConfigMap map) {
        return map.getData().get("text");
    }

    @Test
    @SuppressWarnings("try") // a watch is there to be closed
    void aWatchIsBalanced() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (Server server = new Server(exchange -> stream(exchange, end));
                LoadBalancer servers = LoadBalancer.builder("orders")
                        .endpoints(server.uri().toString())
                        .build();
                KubernetesClient client = BalancedApiServers.client(config(ORDERS, Duration.ofSeconds(20)), servers);
                Watch watch = client.configMaps().watch(new Noting(seen))) {
            assertThat(seen.poll(20, TimeUnit.SECONDS)).isEqualTo("ADDED order 7");
            assertThat(servers.stats().endpoints().get(0).inFlight()).isEqualTo(1);
        } finally {
            end.countDown();
        }
    }

    private static void stream(HttpExchange exchange, CountDownLatch end) throws IOException {
        answer(exchange, "{\"type\": \"ADDED\", \"object\": " + FORMAT.written().apply("order 7") + "}\n");
        try {
            end.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The beginning of an answer at least. */
    private static void answer(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", FORMAT.contentType());
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write(text.getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private record Noting(BlockingQueue<String> seen) implements Watcher<ConfigMap> {

        @Override
        public void eventReceived(Action action, ConfigMap map) {
            seen.add(action + " " + text(map));
        }

        @Override
        public void onClose(WatcherException cause) {}
    }

    @Test
    void aShellNeedsAWebSocketWhichGoesPastTheBalancer() throws Exception {
        String pod = "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"tea\"},"
                + " \"spec\": {\"containers\": [{\"name\": \"pot\"}]}}";
        List<String> upgrades = new CopyOnWriteArrayList<>();
        try (Server master = new Server(exchange -> {
                    upgrades.add(exchange.getRequestHeaders().getFirst("Upgrade"));
                    exchange.sendResponseHeaders(403, -1);
                });
                Server server = new Server(exchange -> answer(exchange, pod));
                LoadBalancer servers = LoadBalancer.builder(master.uri().getHost())
                        .endpoints(server.uri().toString())
                        .build();
                KubernetesClient client =
                        BalancedApiServers.client(config(master.uri(), Duration.ofSeconds(20)), servers)) {
            assertThatThrownBy(() -> client.pods()
                            .withName("tea")
                            .withReadyWaitTimeout(0)
                            .writingOutput(new ByteArrayOutputStream())
                            .exec("ls"))
                    .isInstanceOf(KubernetesClientException.class);
            assertThat(servers.stats().calls()).isPositive(); // which asked what the pod is
            assertThat(upgrades).containsExactly("websocket");
        }
    }
}
