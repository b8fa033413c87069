/** Endpoints from Consul's catalogue: see {@link io.evenkeel.discovery.consul.ConsulEndpoints}. */
module io.evenkeel.discovery.consul {
    requires transitive io.evenkeel.core;
    requires io.evenkeel.discovery.common;
    requires static org.jspecify;

    exports io.evenkeel.discovery.consul;

    provides io.evenkeel.discovery.SourceProvider with
            io.evenkeel.discovery.consul.ConsulSourceProvider;
}
