package io.evenkeel.discovery.kubernetes;

import static io.evenkeel.discovery.kubernetes.Slices.port;
import static io.evenkeel.discovery.kubernetes.Slices.ports;
import static io.evenkeel.discovery.kubernetes.Slices.ready;
import static io.evenkeel.discovery.kubernetes.Slices.slice;
import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the server that the client's makers test it with: shows that its lists are understood, and no more. It has no watches but by WebSockets, which are not asked for: each list comes after trouble. */
@SuppressWarnings("try") // a watch is there to be closed
@Timeout(120)
class MockServerIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final List<EndpointPort> HTTP = ports(port("http", 8080));

    private final KubernetesMockServer server = new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new KubernetesCrudDispatcher(), false);
    private final Heard heard = new Heard();
    private KubernetesClient client;

    @BeforeEach
    void start() {
        server.init(InetAddress.getLoopbackAddress(), 0);
        client = server.createClient();
    }

    @AfterEach
    void end() {
        client.close();
        server.destroy();
    }

    @Test
    void slicesThatAreMadeChangedAndDeletedArrive() throws Exception {
        apply(slice("a", HTTP, ready("10.0.0.1")));
        KubernetesEndpoints source = KubernetesEndpoints.of("shop", "orders").withConfig(client::getConfiguration);
        try (Watch watch = source.watch(heard)) {
            heard.awaitUris(Set.of("http://10.0.0.1:8080"), SOON);
            apply(slice("b", HTTP, ready("10.0.0.2")));
            heard.awaitUris(Set.of("http://10.0.0.1:8080", "http://10.0.0.2:8080"), SOON);
            apply(slice("b", HTTP, ready("10.0.0.3")));
            client.resource(slice("a", HTTP)).inNamespace("shop").delete();
            heard.awaitUris(Set.of("http://10.0.0.3:8080"), SOON);
        }
        assertThat(heard.messages()).isNotEmpty().allMatch(message -> message.endsWith("answers 400"));
    }

    private void apply(EndpointSlice slice) {
        client.resource(slice).inNamespace("shop").createOr(existing -> existing.update());
    }
}
