package io.evenkeel.examples;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.file.FileEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/** A file that lists replicas, in the form that {@code FileEndpoints} reads. It is gone when this program is. */
final class EndpointFile implements Registry {

    private final Path folder;
    private final Path path;

    EndpointFile() throws IOException {
        folder = Files.createTempDirectory("evenkeel-quickstart");
        path = folder.resolve("endpoints.json");
        folder.toFile().deleteOnExit();
        path.toFile().deleteOnExit();
    }

    @Override
    public EndpointSource source() {
        return FileEndpoints.at(path);
    }

    @Override
    public String inWords() {
        return "the endpoint file";
    }

    /** Replaces the list in one step: readers see the old one or the new one, nothing in between. */
    @Override
    public void write(List<ReplicaProcess> replicas) throws IOException {
        String list = replicas.stream()
                .map(replica -> "  {\"id\": \"" + replica.id() + "\", \"uri\": \"" + replica.uri() + "\"}")
                .collect(Collectors.joining(",\n", "[\n", "\n]\n"));
        Path next = Files.writeString(folder.resolve("next.json"), list);
        Files.move(next, path, StandardCopyOption.ATOMIC_MOVE);
    }

    /** It goes with the program. */
    @Override
    public void close() {}
}
