/** Endpoints from DNS: see {@link io.evenkeel.discovery.dns.DnsEndpoints}. */
module io.evenkeel.discovery.dns {
    requires transitive io.evenkeel.core;
    requires org.dnsjava;
    requires static org.jspecify;

    exports io.evenkeel.discovery.dns;

    provides io.evenkeel.discovery.SourceProvider with
            io.evenkeel.discovery.dns.DnsSourceProvider;
}
