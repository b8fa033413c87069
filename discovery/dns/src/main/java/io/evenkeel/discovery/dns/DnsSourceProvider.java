package io.evenkeel.discovery.dns;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import java.util.List;
import java.util.Set;

/**
 * For {@link io.evenkeel.discovery.Sources#of}: {@code dns://orders.example:8080} is {@link DnsEndpoints#of}, {@code dns+srv://_http._tcp.orders.example} is
 * {@link DnsEndpoints#srv}.
 */
public final class DnsSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public DnsSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("dns", "dns+srv");
    }

    /**
     * Parameters: {@code scheme} of the endpoints, default {@code http}; {@code server}, name servers with commas, as in {@link DnsEndpoints#withNameServers};
     * {@code search}, domains with commas, as in {@link DnsEndpoints#withSearchDomains}; {@code minTtl} and {@code maxTtl}, default 1 s and 30 s, as in {@link
     * DnsEndpoints#withTtl}; {@code timeout}, as in {@link DnsEndpoints#withTimeout}.
     */
    @Override
    public EndpointSource source(SourceUri uri) {
        if (uri.authority().isEmpty() || !uri.path().isEmpty()) {
            throw uri.wrong("it must be dns://name:port or dns+srv://name, and name servers go into ?server=");
        }
        DnsEndpoints source = with(uri, plain(uri));
        uri.done();
        return source;
    }

    private static DnsEndpoints plain(SourceUri uri) {
        String scheme = uri.get("scheme").orElse("http");
        return uri.scheme().equals("dns")
                ? DnsEndpoints.of(scheme + "://" + uri.authority())
                : DnsEndpoints.srv(scheme, uri.authority());
    }

    private static DnsEndpoints with(SourceUri uri, DnsEndpoints plain) {
        DnsEndpoints source = plain;
        if (uri.get("server").isPresent()) {
            source = source.withNameServers(array(uri.list("server")));
        }
        if (uri.get("search").isPresent()) {
            source = source.withSearchDomains(array(uri.list("search")));
        }
        DnsPoll.Pace usual = Settings.DEFAULT.pace();
        source = source.withTtl(
                uri.duration("minTtl").orElse(usual.least()),
                uri.duration("maxTtl").orElse(usual.most()));
        return uri.duration("timeout").map(source::withTimeout).orElse(source);
    }

    private static String[] array(List<String> list) {
        return list.toArray(String[]::new);
    }
}
