package io.evenkeel.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.contract.SourceContract;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a real Consul, if there is one. */
@SuppressWarnings("try") // a watch is there to be closed
class ConsulIT extends SourceContract {

    @TempDir
    private static Path folder;

    private static ConsulServer server;

    @BeforeAll
    static void startConsul() throws Exception {
        server = ConsulServer.start(folder);
    }

    @AfterAll
    static void endConsul() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    protected Registry registry() {
        return new ConsulRegistry(server);
    }

    private ConsulRegistry consul() {
        return (ConsulRegistry) theRegistry();
    }

    private ConsulEndpoints source() {
        return consul().source();
    }

    /** By the agent, on its own node: what a service does for itself. */
    private void register(String id, String more) throws Exception {
        server.put("/v1/agent/service/register", """
                {"ID": "%s-%s", "Name": "%1$s", %s}""".formatted(consul().name(), id, more));
    }

    private void check(String id, String outcome) throws Exception {
        server.put("/v1/agent/check/" + outcome + "/service:" + consul().name() + "-" + id, "");
    }

    @Test
    void weightZoneAndTagsOfAnInstanceArrive() throws Exception {
        register("a", """
                "Port": 8080, "Tags": ["version=2", "primary"], "Meta": {"zone": "eu-1a", "build": "7"}, \
                "Weights": {"Passing": 5, "Warning": 1}""");
        register("b", "\"Address\": \"10.0.0.2\", \"Port\": 8081");
        Heard heard = new Heard();
        try (Watch watch = source().withScheme("https").watch(heard)) {
            assertThat(heard.awaitSize(2, soon()))
                    .containsExactlyInAnyOrder(
                            Endpoint.of("https://127.0.0.1:8080")
                                    .withWeight(5)
                                    .withZone("eu-1a")
                                    .withTag("version", "2")
                                    .withTag("primary", "true")
                                    .withTag("zone", "eu-1a")
                                    .withTag("build", "7"),
                            Endpoint.of("https://10.0.0.2:8081"));
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anInstanceOfANodeWithAZoneIsInIt() throws Exception {
        consul().publish(service().endpoints(0, 1));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            assertThat(heard.awaitSize(1, soon()))
                    .containsExactly(service().endpoints(0, 1).getFirst().withZone("far"));
        }
    }

    @Test
    void whoFailsACheckLeavesAndComesBack() throws Exception {
        String checked = "\"Port\": %d, \"Check\": {\"TTL\": \"10m\", \"Status\": \"passing\"}";
        register("a", checked.formatted(8080));
        register("b", checked.formatted(8081));
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            heard.awaitSize(2, soon());
            check("a", "fail");
            heard.awaitUris(Set.of("http://127.0.0.1:8081"), soon());
            check("a", "pass");
            heard.awaitSize(2, soon());
            check("b", "warn");
            heard.awaitUris(Set.of("http://127.0.0.1:8080"), soon());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void onlyThoseWithEveryTagAreTaken() throws Exception {
        register("a", "\"Port\": 8080, \"Tags\": [\"version=2\", \"primary\"]");
        register("b", "\"Port\": 8081, \"Tags\": [\"version=2\"]");
        register("c", "\"Port\": 8082, \"Tags\": [\"primary\"]");
        Heard heard = new Heard();
        try (Watch watch = source().withTag("version=2").withTag("primary").watch(heard)) {
            heard.awaitUris(Set.of("http://127.0.0.1:8080"), soon());
            register("c", "\"Port\": 8082, \"Tags\": [\"primary\", \"version=2\"]");
            heard.awaitUris(Set.of("http://127.0.0.1:8080", "http://127.0.0.1:8082"), soon());
        }
    }

    @Test
    void aServiceThatNobodyKnowsIsAnEmptyListUntilThereIsOne() throws Exception {
        Heard heard = new Heard();
        try (Watch watch = source().watch(heard)) {
            heard.awaitSize(0, soon());
            register("a", "\"Port\": 8080");
            heard.awaitSize(1, soon());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void whereNothingChangesTheListIsConfirmedAfterEachWait() throws Exception {
        consul().publish(service().endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = source().withWait(Duration.ofSeconds(1)).watch(heard)) {
            heard.awaitSize(2, soon());
            heard.awaitLife(soon());
            heard.awaitLife(soon());
        }
        assertThat(heard.lists()).hasSize(1);
    }

    @Test
    void anyServerMayAnswerIfItIsAllowedTo() throws Exception {
        consul().publish(service().endpoints(0, 2));
        Heard heard = new Heard();
        try (Watch watch = source().withStale(true).withDatacenter("dc1").watch(heard)) {
            heard.awaitSize(2, soon());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @Test
    void anUnknownTokenIsRefused() throws Exception {
        String unknown = UUID.randomUUID().toString();

        assertThat(troubleOf(source().withToken(() -> unknown)))
                .hasMessageContaining("answered 403: ACL not found; the token needs service:read on " + consul().name())
                .hasMessageNotContaining(unknown);
    }

    /** A surprise of this version, which the documentation warns of. */
    @Test
    void aTokenWithoutRightsGetsAnEmptyList() throws Exception {
        consul().publish(service().endpoints(0, 2));
        String powerless = server.powerlessToken();
        Heard heard = new Heard();
        try (Watch watch = source().withToken(() -> powerless).watch(heard)) {
            heard.awaitSize(0, soon());
        }
    }

    @Test
    void anUnknownDatacenterIsTrouble() throws Exception {
        assertThat(troubleOf(source().withDatacenter("nowhere")))
                .hasMessageContaining("answered 500: No path to datacenter");
    }

    @Test
    void aClusterWithoutALeaderIsTrouble(@TempDir Path other) throws Exception {
        int port = ServerProcess.freePort();
        String ports = "ports { http = %d, server = %d, serf_lan = %d, serf_wan = -1, dns = -1, grpc = -1 }"
                .formatted(port, ServerProcess.freePort(), ServerProcess.freePort());
        String[] command = {
            ConsulServer.program().toString(),
            "agent",
            "-server",
            "-bootstrap-expect=3",
            "-bind=127.0.0.1",
            "-client=127.0.0.1",
            "-data-dir=data",
            "-hcl=" + ports,
            "-hcl=disable_update_check = true performance { rpc_hold_timeout = \"100ms\" }"
        };
        try (ServerProcess alone = ServerProcess.start(other, port, command)) {
            ConsulEndpoints source = ConsulEndpoints.of("orders").at(URI.create("http://127.0.0.1:" + port));
            assertThat(alone.pid()).isPositive();
            assertThat(troubleOf(source)).hasMessageContaining("answered 500: No cluster leader");
            assertThat(troubleOf(source.withStale(true))).hasMessageContaining("answered 500: No cluster leader");
        }
    }

    /** The first, before any list. */
    private static Exception troubleOf(EndpointSource source) throws InterruptedException {
        Heard heard = new Heard();
        try (Watch watch = source.watch(heard)) {
            Exception trouble = heard.awaitTrouble(0, soon());
            assertThat(heard.lists()).isEqualTo(List.of());
            return trouble;
        }
    }
}
