/** Endpoints from a watched file: see {@link io.evenkeel.discovery.file.FileEndpoints}. */
module io.evenkeel.discovery.file {
    requires transitive io.evenkeel.core;
    requires com.grack.nanojson;
    requires static org.jspecify;

    exports io.evenkeel.discovery.file;
}
