/** Endpoints from a list that a web server has: see {@link io.evenkeel.discovery.http.HttpEndpoints}. */
module io.evenkeel.discovery.http {
    requires transitive io.evenkeel.core;
    requires io.evenkeel.discovery.common;
    requires static org.jspecify;

    exports io.evenkeel.discovery.http;

    provides io.evenkeel.discovery.SourceProvider with
            io.evenkeel.discovery.http.HttpSourceProvider;
}
