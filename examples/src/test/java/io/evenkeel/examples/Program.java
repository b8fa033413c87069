package io.evenkeel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A program of ours as its user starts it: a process of its own, with all that it prints and all that it starts. */
final class Program implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Process process;
    private final BufferedReader out;
    private final List<String> lines = new ArrayList<>();
    private final Set<ProcessHandle> children = new HashSet<>();

    private Program(Process process) {
        this.process = process;
        this.out = process.inputReader(StandardCharsets.UTF_8);
    }

    /** Starts it, with a folder for its temporary files. */
    static Program start(Path temporary, Class<?> main, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED"); // gRPC's; without it the JDK prints a warning
        command.add("-Djava.io.tmpdir=" + temporary);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(args));
        return new Program(new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    /** Reads on until a line holds {@code text}, or to the end. */
    Program readTo(String text) throws IOException {
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            lines.add(line);
            process.descendants().forEach(children::add);
            if (line.contains(text)) {
                return this;
            }
        }
        return this;
    }

    /** Reads no more, and lets the program know. */
    void stopReading() throws IOException {
        out.close();
    }

    /** Reads to the end, and gives the exit code. */
    int end() throws IOException, InterruptedException {
        readTo("there is no such line");
        return exitCode();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("still running: " + this);
        }
        return process.exitValue();
    }

    List<String> lines() {
        return lines;
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    /** All processes that it started and that were seen. */
    Set<ProcessHandle> children() {
        return children;
    }

    /** Those of them that are left after a while. */
    Set<ProcessHandle> left() throws InterruptedException {
        long endNanos = System.nanoTime() + PATIENCE.toNanos();
        Set<ProcessHandle> left = running();
        while (!left.isEmpty() && endNanos - System.nanoTime() > 0) {
            Thread.sleep(20);
            left = running();
        }
        return left;
    }

    /** Those of them that run now. */
    Set<ProcessHandle> running() {
        Set<ProcessHandle> running = new HashSet<>(children);
        // One that has ended but whose parent, a container's first process perhaps, asks for no exit code has no
        // command
        running.removeIf(child -> !child.isAlive() || child.info().command().isEmpty());
        return running;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        running().forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public String toString() {
        return String.join("\n", lines);
    }
}
