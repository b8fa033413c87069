package io.evenkeel.discovery.file;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.SourceProvider;
import io.evenkeel.discovery.SourceUri;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;

/** For {@link io.evenkeel.discovery.Sources#of}: {@code file:/etc/orders/endpoints.json?every=1s}. */
public final class FileSourceProvider implements SourceProvider {

    /** For {@link java.util.ServiceLoader}. */
    public FileSourceProvider() {}

    @Override
    public Set<String> schemes() {
        return Set.of("file");
    }

    /** An absolute path, or one relative to where the JVM was started; {@code every} is {@link FileEndpoints#withPollInterval}. */
    @Override
    public EndpointSource source(SourceUri uri) {
        FileEndpoints source = FileEndpoints.at(path(uri));
        FileEndpoints paced =
                uri.duration("every").map(source::withPollInterval).orElse(source);
        uri.done();
        return paced;
    }

    private static Path path(SourceUri uri) {
        if (!uri.authority().isEmpty()) {
            throw uri.wrong("a file has no host: write file:/path or file:///path");
        }
        try {
            return Path.of(uri.path());
        } catch (InvalidPathException e) {
            throw uri.wrong("its path is none: " + e.getReason());
        }
    }
}
