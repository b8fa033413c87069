package io.evenkeel.discovery.eureka;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import io.evenkeel.discovery.common.Plaintext;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** For {@link io.evenkeel.discovery.Sources#of}: {@code eureka://eureka-1:8761/eureka?app=ORDERS&server=eureka-2:8761&every=10s}. */
public final class EurekaSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public EurekaSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("eureka");
    }

    /**
     * Host and port of a server, and the path of its service URL, which is {@code /eureka} if none is given. {@code app} is the application; {@code server} are hosts and
     * ports of further servers, with commas. They are asked by https, unless all are on this machine, or {@code plaintext} is true. {@code every}, {@code secure} and {@code delta} are
     * {@link EurekaEndpoints#withPollInterval}, {@link EurekaEndpoints#withSecure} and {@link EurekaEndpoints#withDelta}. Credentials have no place in a URI: see
     * {@link EurekaEndpoints#withCredentials}.
     */
    @Override
    public EndpointSource source(SourceUri uri) {
        String application = uri.get("app")
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> uri.wrong("it has no app: write eureka://host:8761/eureka?app=ORDERS"));
        EurekaEndpoints source = EurekaEndpoints.of(application, servers(uri))
                .withSecure(uri.flag("secure"))
                .withDelta(uri.flag("delta"));
        EurekaEndpoints paced =
                uri.duration("every").map(source::withPollInterval).orElse(source);
        uri.done();
        return paced;
    }

    private static URI[] servers(SourceUri uri) {
        if (uri.authority().isEmpty()) {
            throw uri.wrong("it has no server: write eureka://host:8761/eureka?app=ORDERS");
        }
        String path = uri.path().replaceFirst("/+$", "");
        List<String> hosts = new ArrayList<>(List.of(uri.authority()));
        hosts.addAll(uri.list("server"));
        boolean tls = !Plaintext.isWanted(uri, hosts);
        return hosts.stream()
                .map(host -> server(uri, tls ? "https" : "http", host, path.isEmpty() ? "/eureka" : path))
                .toArray(URI[]::new);
    }

    private static URI server(SourceUri uri, String scheme, String host, String path) {
        if (host.contains("@")) { // the message must not show the URI
            throw new IllegalArgumentException(
                    "a server of a eureka:// source has user-info, which may hold a password: use EurekaEndpoints.withCredentials");
        }
        try {
            URI server = new URI(scheme, host, path, null, null);
            if (server.getHost() != null) {
                return server;
            }
        } catch (URISyntaxException e) {
            // said below
        }
        throw uri.wrong("a server is none: each is host and port, such as eureka-2:8761");
    }
}
