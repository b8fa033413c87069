package io.evenkeel.discovery.etcd;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import io.evenkeel.discovery.common.Plaintext;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** For {@link io.evenkeel.discovery.Sources#of}: {@code etcd://10.0.0.1:2379,10.0.0.2:2379/services/orders/?ca=/etc/etcd/ca.pem}. */
public final class EtcdSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public EtcdSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("etcd");
    }

    /**
     * Servers, and the prefix, which begins with a slash. They are asked by https, unless all are on this machine, or {@code plaintext} is true; {@code ca} is {@link
     * EtcdEndpoints#withTrust}.
     */
    @Override
    public EndpointSource source(SourceUri uri) {
        List<String> servers = List.of(uri.authority().split(",", -1));
        String scheme = Plaintext.isWanted(uri, servers) ? "http://" : "https://";
        Optional<Path> ca = uri.get("ca").map(Path::of);
        uri.done();
        URI[] endpoints =
                servers.stream().map(server -> endpoint(uri, scheme + server)).toArray(URI[]::new);
        EtcdEndpoints source = EtcdEndpoints.at(uri.path(), endpoints);
        return ca.map(source::withTrust).orElse(source);
    }

    private static URI endpoint(SourceUri uri, String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw uri.wrong("its servers must be host:port, or several with commas between");
        }
    }
}
