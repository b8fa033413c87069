/** Endpoints registered at Eureka: see {@link io.evenkeel.discovery.eureka.EurekaEndpoints}. */
module io.evenkeel.discovery.eureka {
    requires transitive io.evenkeel.core;
    requires io.evenkeel.discovery.common;
    requires static org.jspecify;

    exports io.evenkeel.discovery.eureka;

    provides io.evenkeel.discovery.SourceProvider with
            io.evenkeel.discovery.eureka.EurekaSourceProvider;
}
