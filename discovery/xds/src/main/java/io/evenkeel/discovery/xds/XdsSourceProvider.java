package io.evenkeel.discovery.xds;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** For {@link io.evenkeel.discovery.Sources#of}: {@code xds://xds.example:18000/orders?node=web-1&delta=true}. */
public final class XdsSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public XdsSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("xds");
    }

    /**
     * The control plane, then the cluster. Parameters, all as in {@link XdsEndpoints}: {@code node} and {@code node-cluster}; {@code region}, {@code zone} and
     * {@code sub-zone}; {@code delta}; {@code cluster-first}, which is {@link XdsEndpoints#withCluster}; {@code scheme}; {@code plaintext}, or {@code ca}, or {@code ca}, {@code
     * certificate} and {@code key}; {@code token-file}.
     */
    @Override
    public EndpointSource source(SourceUri uri) {
        XdsEndpoints source = of(uri).withDelta(uri.flag("delta")).withCluster(uri.flag("cluster-first"));
        source = secured(source, uri);
        source = located(source, uri);
        Optional<String> node = uri.get("node");
        Optional<String> nodeCluster = uri.get("node-cluster");
        if (nodeCluster.isPresent() && node.isEmpty()) {
            throw uri.wrong("it has a node-cluster, but no node");
        }
        if (node.isPresent()) {
            source = source.withNode(node.get(), nodeCluster.orElse(""));
        }
        source = uri.get("scheme").map(source::withScheme).orElse(source);
        source = path(uri, "token-file").map(source::withTokenFile).orElse(source);
        uri.done();
        return source;
    }

    private static XdsEndpoints of(SourceUri uri) {
        String cluster = uri.path().replaceFirst("^/", "");
        if (cluster.isBlank()) {
            throw uri.wrong("it names no cluster: write xds://host:port/cluster");
        }
        return XdsEndpoints.of(uri.authority(), cluster);
    }

    private static XdsEndpoints secured(XdsEndpoints source, SourceUri uri) {
        boolean plaintext = uri.flag("plaintext");
        Optional<Path> ca = path(uri, "ca");
        Optional<Path> certificate = path(uri, "certificate");
        Optional<Path> key = path(uri, "key");
        boolean mutual = certificate.isPresent() && key.isPresent();
        boolean half = certificate.isPresent() != key.isPresent();
        if (half || (mutual && ca.isEmpty()) || (plaintext && ca.isPresent())) {
            throw uri.wrong("it may have plaintext, or ca, or all of ca, certificate and key");
        }
        if (mutual) {
            return source.withTls(ca.get(), certificate.get(), key.get());
        }
        return plaintext ? source.withPlaintext() : ca.map(source::withTls).orElse(source);
    }

    private static XdsEndpoints located(XdsEndpoints source, SourceUri uri) {
        List<Optional<String>> parts = List.of(uri.get("region"), uri.get("zone"), uri.get("sub-zone"));
        if (parts.stream().allMatch(Optional::isEmpty)) {
            return source;
        }
        return source.withLocality(
                parts.get(0).orElse(""), parts.get(1).orElse(""), parts.get(2).orElse(""));
    }

    private static Optional<Path> path(SourceUri uri, String name) {
        try {
            return uri.get(name).map(Path::of);
        } catch (InvalidPathException e) {
            throw uri.wrong("its " + name + " is no path: " + e.getReason());
        }
    }
}
