package io.evenkeel.discovery.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;

/** Sources that ask a fake API server. */
final class Clients {

    private Clients() {}

    static KubernetesEndpoints source(FakeApiServer server) {
        return KubernetesEndpoints.of(Slices.NAMESPACE, Slices.SERVICE).withConfig(() -> config(server));
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
