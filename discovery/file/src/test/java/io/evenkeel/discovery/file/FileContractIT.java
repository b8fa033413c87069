package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;

/** A folder of files as the registry: killed, the file is gone. */
class FileContractIT extends SourceContract {

    @TempDir
    private Path folder;

    @Override
    protected Registry registry() {
        return new Folder(folder.resolve("orders.yaml"));
    }

    @Override
    protected Duration changesArriveWithin() {
        return Duration.ofSeconds(5);
    }

    private record Folder(Path file) implements Registry {

        private Path aside() {
            return file.resolveSibling("aside");
        }

        @Override
        public EndpointSource source() {
            return FileEndpoints.at(file);
        }

        @Override
        public void publish(List<Endpoint> endpoints) throws Exception {
            replace(endpoints.stream()
                    .map(endpoint -> "- " + endpoint.uri() + "\n")
                    .collect(Collectors.joining("", "endpoints:" + (endpoints.isEmpty() ? " []" : "") + "\n", "")));
        }

        private void replace(String text) throws Exception {
            Path next = Files.writeString(file.resolveSibling("next"), text, StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void kill() throws Exception {
            Files.move(file, aside());
        }

        @Override
        public void start() throws Exception {
            Files.move(aside(), file);
        }

        @Override
        public Set<Fault> faults() {
            return EnumSet.of(Fault.GARBAGE, Fault.HUGE);
        }

        @Override
        public void harm(Fault fault) throws Exception {
            replace(fault == Fault.GARBAGE ? "]] oops" : "- http://10.0.0.1:8080\n".repeat(1 << 20));
        }

        @Override
        public void close() {
            // the folder goes with the test
        }
    }
}
