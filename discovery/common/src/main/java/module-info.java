/** What several sources of endpoints share. */
module io.evenkeel.discovery.common {
    requires transitive io.evenkeel.core;
    requires com.grack.nanojson;
    requires static org.jspecify;

    exports io.evenkeel.discovery.common;
}
