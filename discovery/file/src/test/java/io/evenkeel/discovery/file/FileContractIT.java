package io.evenkeel.discovery.file;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.SourceContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A folder of files as the registry: killed, the file is gone. */
@Execution(ExecutionMode.CONCURRENT)
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

    @Override
    protected Duration looksEvery() {
        return Duration.ofMillis(250);
    }

    @SuppressWarnings("try") // closing may be interrupted
    private static final class Folder implements Registry {

        private final Path file;
        private Optional<Thread> writer = Optional.empty();

        Folder(Path file) {
            this.file = file;
        }

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
            return EnumSet.of(Fault.GARBAGE, Fault.HUGE, Fault.SLOW);
        }

        /** Nothing is said of a file that was caught while it was being written, unless it stays so until the next look. */
        @Override
        public Set<Fault> unheard() {
            return EnumSet.of(Fault.SLOW);
        }

        @Override
        public void harm(Fault fault) throws Exception {
            if (fault == Fault.SLOW) {
                String list = Files.readString(file);
                writer = Optional.of(Thread.ofVirtual().start(() -> writeSlowly(list)));
            } else {
                replace(fault == Fault.GARBAGE ? "]] oops" : "- http://10.0.0.1:8080\n".repeat(1 << 20));
            }
        }

        /** In place, letter by letter, again and again. */
        private void writeSlowly(String list) {
            try {
                while (true) {
                    Files.writeString(file, "");
                    for (int i = 0; i < list.length(); i++) {
                        Files.writeString(file, list.substring(i, i + 1), StandardOpenOption.APPEND);
                        Thread.sleep(30);
                    }
                }
            } catch (IOException | InterruptedException e) {
                // mended
            }
        }

        @Override
        public void mend() throws Exception {
            if (writer.isPresent()) {
                writer.get().interrupt();
                writer.get().join();
                writer = Optional.empty();
            }
        }

        @Override
        public void close() throws Exception {
            mend(); // the folder goes with the test
        }
    }
}
