package io.evenkeel.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs that a part needs: all gone when it ends, or when this one is interrupted. */
final class Processes implements AutoCloseable {

    private final List<Process> started = new ArrayList<>();
    private final Thread atExit = new Thread(this::end);

    Processes() {
        Runtime.getRuntime().addShutdownHook(atExit);
    }

    Process start(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        return process;
    }

    /** Where a program is, if it is installed. */
    static Optional<Path> find(String program) {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":")), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Processor time that a process and its children have used, in nanoseconds. */
    static double cpuNanos(Process process) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToDouble(handle ->
                        handle.info().totalCpuDuration().map(Duration::toNanos).orElse(0L))
                .sum();
    }

    private void end() {
        started.forEach(process -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        });
    }

    @Override
    public void close() {
        end();
        started.forEach(process -> process.onExit().join());
        Runtime.getRuntime().removeShutdownHook(atExit);
    }
}
