package io.evenkeel.discovery.http;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import java.net.URI;
import java.util.Set;

/** For {@link io.evenkeel.discovery.Sources#of}: the address of the list, {@code https://registry.example/orders.json?any=query}, with every setting at its default. */
public final class HttpSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public HttpSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("http", "https");
    }

    @Override
    public EndpointSource source(SourceUri uri) {
        if (uri.authority().contains(",")) {
            throw uri.wrong("it has several servers, but must have one");
        }
        return HttpEndpoints.at(URI.create(uri.toString()));
    }
}
