package io.evenkeel.discovery.zookeeper;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import java.util.Set;

/** For {@link io.evenkeel.discovery.Sources#of}: {@code zookeeper://10.0.0.1:2181,10.0.0.2:2181/services/orders?session=10s}. */
public final class ZooKeeperSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public ZooKeeperSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("zookeeper");
    }

    /** Servers and path; {@code session} is {@link ZooKeeperEndpoints#withSessionTimeout}. */
    @Override
    public EndpointSource source(SourceUri uri) {
        ZooKeeperEndpoints source = ZooKeeperEndpoints.at(uri.authority(), uri.path());
        ZooKeeperEndpoints timed =
                uri.duration("session").map(source::withSessionTimeout).orElse(source);
        uri.done();
        return timed;
    }
}
