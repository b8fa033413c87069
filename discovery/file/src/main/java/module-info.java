/** Endpoints from a watched file: see {@link io.evenkeel.discovery.file.FileEndpoints}. */
module io.evenkeel.discovery.file {
    requires transitive io.evenkeel.core;
    requires io.evenkeel.discovery.common;
    requires org.snakeyaml.engine;
    requires static org.jspecify;

    exports io.evenkeel.discovery.file;

    provides io.evenkeel.discovery.SourceProvider with
            io.evenkeel.discovery.file.FileSourceProvider;
}
