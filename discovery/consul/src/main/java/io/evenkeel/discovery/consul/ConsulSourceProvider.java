package io.evenkeel.discovery.consul;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import io.evenkeel.discovery.common.Plaintext;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * For {@link io.evenkeel.discovery.Sources#of}: {@code consul://127.0.0.1:8500/orders?dc=eu&tag=v2,primary&token-file=/run/secrets/consul}.
 */
public final class ConsulSourceProvider implements SourceProvider {

    private static final String LOCAL = "127.0.0.1";

    /** For {@link java.util.ServiceLoader}. */
    public ConsulSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("consul");
    }

    /**
     * The agent, 127.0.0.1 if it is left out; then the service. Parameters, all as in {@link ConsulEndpoints}: {@code dc},
     * {@code tag} (several with commas), {@code token-file}, {@code scheme}, {@code stale}, {@code wait}, {@code timeout}. The agent is asked by https, port 8501;
     * by http, port 8500, if it is on this machine, or {@code plaintext} is true.
     */
    @Override
    public EndpointSource source(SourceUri uri) {
        ConsulEndpoints source = ConsulEndpoints.of(service(uri)).at(agent(uri)).withStale(uri.flag("stale"));
        source = uri.get("dc").map(source::withDatacenter).orElse(source);
        for (String tag : uri.list("tag")) {
            source = source.withTag(tag);
        }
        source = tokenFile(uri).map(source::withTokenFile).orElse(source);
        source = uri.get("scheme").map(source::withScheme).orElse(source);
        source = uri.duration("wait").map(source::withWait).orElse(source);
        source = uri.duration("timeout").map(source::withTimeout).orElse(source);
        uri.done();
        return source;
    }

    private static String service(SourceUri uri) {
        String name = uri.path().replaceFirst("^/", "");
        if (name.isBlank()) {
            throw uri.wrong("it names no service: write consul://host:port/service");
        }
        return name;
    }

    private static URI agent(SourceUri uri) {
        String authority = uri.authority().isEmpty() ? LOCAL : uri.authority();
        boolean tls = !Plaintext.isWanted(uri, List.of(authority));
        try {
            URI agent = new URI((tls ? "https://" : "http://") + authority);
            return agent.getPort() < 0 ? new URI(agent + (tls ? ":8501" : ":8500")) : agent;
        } catch (URISyntaxException e) {
            throw uri.wrong("its agent is no host and port: " + e.getReason());
        }
    }

    private static Optional<Path> tokenFile(SourceUri uri) {
        try {
            return uri.get("token-file").map(Path::of);
        } catch (InvalidPathException e) {
            throw uri.wrong("its token-file is no path: " + e.getReason());
        }
    }
}
