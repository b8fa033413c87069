package io.evenkeel.discovery.kubernetes;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.PollingSource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import java.util.Optional;

/** Sources that ask a fake API server. */
final class Clients {

    private Clients() {}

    static KubernetesEndpoints source(FakeApiServer server) {
        return KubernetesEndpoints.of(Slices.NAMESPACE, Slices.SERVICE).withConfig(() -> config(server));
    }

    /** One whose patience nobody but a test can choose. */
    static EndpointSource source(FakeApiServer server, Patience patience) {
        ServiceName service = new ServiceName(Optional.of(Slices.NAMESPACE), Slices.SERVICE);
        return PollingSource.of(
                "impatient", () -> new SliceRounds(service, Selection.defaults(), () -> config(server), patience));
    }

    static Config config(FakeApiServer server) {
        return new ConfigBuilder(Config.empty())
                .withMasterUrl(server.uri().toString())
                .withOauthToken(FakeApiServer.TOKEN)
                .withRequestTimeout(2_000)
                .withConnectionTimeout(2_000)
                .build();
    }
}
