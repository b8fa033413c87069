/** Endpoints from etcd: see {@link io.evenkeel.discovery.etcd.EtcdEndpoints}. */
@SuppressWarnings("requires-automatic") // jetcd's jars have no module descriptors, nor names of their own
module io.evenkeel.discovery.etcd {
    requires transitive io.evenkeel.core;
    requires io.evenkeel.discovery.common;
    requires jetcd.core;
    requires jetcd.common;
    requires io.netty.handler;
    // What jetcd needs: modules that an automatic one does not ask for
    requires com.google.common;
    requires dev.failsafe.core;
    requires io.vertx.core;
    requires static org.jspecify;

    exports io.evenkeel.discovery.etcd;

    provides io.evenkeel.discovery.SourceProvider with
            io.evenkeel.discovery.etcd.EtcdSourceProvider;
}
