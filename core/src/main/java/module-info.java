/** Evenkeel: a client-side load balancer that lives in the application. */
@SuppressWarnings("requires-automatic") // Resilience4j's jars have no module descriptors
module io.evenkeel.core {
    requires transitive java.net.http;
    requires static transitive org.jspecify;
    requires org.slf4j;
    requires com.github.benmanes.caffeine;
    requires io.github.resilience4j.circuitbreaker;
    requires io.github.resilience4j.core;

    exports io.evenkeel;
    exports io.evenkeel.policy;
    exports io.evenkeel.balance;
    exports io.evenkeel.http;
    exports io.evenkeel.discovery;

    uses io.evenkeel.discovery.SourceProvider;
}
