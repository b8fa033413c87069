package io.evenkeel.discovery.eureka;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource.Watch;
import io.evenkeel.discovery.common.Web;
import io.evenkeel.discovery.contract.Heard;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With a real server of Eureka. */
@SuppressWarnings("try") // a watch is there to be closed
class EurekaIT extends SourceContract {

    private static final Endpoint A = Endpoint.of("http://10.0.0.1:8080").withId("10.0.0.1:8080");
    private static final Endpoint B = Endpoint.of("http://10.0.0.2:8080").withId("10.0.0.2:8080");

    private final Heard heard = new Heard();

    @Override
    protected Registry registry() throws Exception {
        return new RealEureka();
    }

    /** A second, and another that the server answers from its cache. */
    @Override
    protected Duration looksEvery() {
        return Duration.ofSeconds(2);
    }

    /** Each is registered by a request of its own. */
    @Override
    protected int many() {
        return 2_000;
    }

    @AfterAll
    static void end() throws Exception {
        RealEureka.end();
    }

    private RealEureka eureka() {
        return (RealEureka) theRegistry();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void metadataAndPortsOfARealServerAreUnderstood(boolean secure) throws Exception {
        String metadata = ", \"metadata\": {\"zone\": \"eu-1a\", \"version\": \"2\"}";
        String amazon = """
                {"instance": {"instanceId": "c", "app": "%s", "hostName": "c", "ipAddr": "10.0.0.3", "status": "UP",
                 "port": {"$": "8080", "@enabled": "true"}, "securePort": {"$": "8443", "@enabled": "true"},
                 "dataCenterInfo": {"@class": "com.netflix.appinfo.AmazonInfo", "name": "Amazon",
                   "metadata": {"availability-zone": "us-east-1c", "instance-id": "i-07"}}}}
                """.formatted(eureka().application());
        eureka().register(Map.of("a", eureka().instance(A.withId("a"), metadata), "c", amazon));

        try (Watch watch = eureka().source().withSecure(secure).watch(heard)) {
            List<Endpoint> list = heard.awaitSize(secure ? 1 : 2, soon());
            Endpoint c = Endpoint.of(secure ? "https://c:8443" : "http://c:8080")
                    .withId("c")
                    .withZone("us-east-1c");
            Endpoint a =
                    A.withId("a").withZone("eu-1a").withTag("zone", "eu-1a").withTag("version", "2");
            assertThat(list).isEqualTo(secure ? List.of(c) : List.of(a, c));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whoIsTakenOutOfServiceIsNoEndpoint(boolean delta) throws Exception {
        eureka().publish(List.of(A, B));

        try (Watch watch = eureka().source().withDelta(delta).watch(heard)) {
            heard.awaitSize(2, soon());
            eureka().override(A.id(), "OUT_OF_SERVICE");
            heard.awaitUris(Set.of(B.uri().toString()), soon());
            eureka().override(A.id(), "UP");
            heard.awaitSize(2, soon());
        }
        assertThat(heard.troubles()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void thatNobodyIsRegisteredIsTroubleAndTheListStays(boolean delta) throws Exception {
        eureka().publish(List.of(A));

        try (Watch watch = eureka().source().withDelta(delta).watch(heard)) {
            heard.awaitSize(1, soon());
            eureka().publish(List.of());
            assertThat(heard.awaitTrouble(0, soon())).hasMessageContaining("knows nobody who is registered as ORDERS-");
        }
        assertThat(heard.lists()).containsExactly(List.of(A));
    }

    /** Or each round would fetch everything. */
    @Test
    void ourCountAgreesWithThatOfARealServerAsInstancesComeChangeAndGo() throws Exception {
        List<String> asked = new ArrayList<>();
        WholeRegistry question = new WholeRegistry(eureka().application(), System::nanoTime);
        eureka().publish(List.of(A));
        try (Web web = Web.ofItsOwn()) {
            Server server = path -> {
                asked.add(path);
                return web.get(
                        URI.create(eureka().url() + "/" + path),
                        Map.of("Accept", "application/json"),
                        Duration.ofSeconds(30));
            };
            assertThat(question.ask(server)).hasSize(1);
            eureka().publish(List.of(A, B));
            assertThat(question.ask(server)).hasSize(2);
            eureka().override(B.id(), "OUT_OF_SERVICE");
            assertThat(question.ask(server)).extracting(Instance::status).containsOnlyOnce("OUT_OF_SERVICE");
            eureka().publish(List.of(B));
            assertThat(question.ask(server)).hasSize(1);
            eureka().publish(List.of());
            assertThat(question.ask(server)).isEmpty();
        }
        assertThat(asked).containsExactly("apps", "apps/delta", "apps/delta", "apps/delta", "apps/delta");
    }
}
