package io.evenkeel.discovery.kubernetes;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import io.fabric8.kubernetes.client.Config;
import java.io.File;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** For {@link io.evenkeel.discovery.Sources#of}: {@code k8s://shop/orders:http?scheme=https&zoneHints=true}. */
public final class KubernetesSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public KubernetesSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("k8s");
    }

    /**
     * {@code k8s://namespace/service:port}, of which the namespace may be empty, {@code k8s:///service:port}, and the port, a name or a number, be left out with its
     * colon. {@code scheme} is {@link KubernetesEndpoints#withScheme}, {@code zoneHints} {@link KubernetesEndpoints#withZoneHints}; {@code kubeconfig} is a file
     * to use in place of the usual one, {@code context} a context to use in place of the current one.
     */
    @Override
    public EndpointSource source(SourceUri uri) {
        Optional<String> scheme = uri.get("scheme");
        boolean zoneHints = uri.flag("zoneHints");
        Optional<Supplier<Config>> config = config(uri);
        uri.done();
        try {
            KubernetesEndpoints source = service(uri).withZoneHints(zoneHints);
            KubernetesEndpoints speaking = scheme.map(source::withScheme).orElse(source);
            return config.map(speaking::withConfig).orElse(speaking);
        } catch (IllegalArgumentException e) {
            throw uri.wrong(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Supplier<Config>> config(SourceUri uri) {
        Optional<String> context = uri.get("context");
        Optional<File> kubeconfig = uri.get("kubeconfig").map(File::new);
        if (kubeconfig.isPresent()) {
            return Optional.of(() -> Config.fromKubeconfig(context.orElse(null), kubeconfig.get()));
        }
        return context.map(name -> () -> Config.autoConfigure(name));
    }

    private static KubernetesEndpoints service(SourceUri uri) {
        String[] parts = uri.path().replaceFirst("^/", "").split(":", 2);
        KubernetesEndpoints source = KubernetesEndpoints.of(uri.authority(), parts[0]);
        if (parts.length == 1) {
            return source;
        }
        return parts[1].matches("[0-9]{1,9}") ? source.withPort(Integer.parseInt(parts[1])) : source.withPort(parts[1]);
    }
}
