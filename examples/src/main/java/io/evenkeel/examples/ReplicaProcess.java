package io.evenkeel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A {@link Replica} as the one who started it sees it, and what an operator or fate may do to it. */
final class ReplicaProcess implements AutoCloseable {

    /*
     * Nothing may be left, whatever happens to us. A replica ends when we do, because its standard input then ends; but not
     * while it is stopped. So it is stopped by a shell that continues it as soon as its own standard input ends. The shell
     * ignores the signals that Ctrl-C sends to all processes of a terminal.
     */
    private static final String STOP_WHILE_INPUT_IS_OPEN =
            "trap '' HUP INT TERM; kill -STOP $0; read end; kill -CONT $0";

    private final String id;
    private final Process process;
    private Optional<Process> stopper = Optional.empty();
    private Optional<URI> uri = Optional.empty();

    private ReplicaProcess(String id, Process process) {
        this.id = id;
        this.process = process;
    }

    /** Starts one, and does not wait for it. */
    static ReplicaProcess start(int number) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Replica.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new ReplicaProcess("replica-" + number, process);
    }

    String id() {
        return id;
    }

    long pid() {
        return process.pid();
    }

    /** Where it listens; waits until it does. */
    URI uri() {
        if (uri.isEmpty()) {
            uri = Optional.of(URI.create("http://127.0.0.1:" + firstLine()));
        }
        return uri.get();
    }

    private String firstLine() {
        try {
            BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
            String line = out.readLine();
            if (line == null) {
                throw new IOException(id + " ended before it listened");
            }
            return line;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it at once, as if its machine had lost power (SIGKILL). */
    void kill() {
        process.destroyForcibly();
    }

    /** Makes it hang: its connections stay open, and nothing is answered (SIGSTOP). */
    void stop() throws IOException {
        stopper = Optional.of(new ProcessBuilder("sh", "-c", STOP_WHILE_INPUT_IS_OPEN, Long.toString(pid())).start());
    }

    /** Lets it go on as if nothing had been (SIGCONT). */
    void resume() throws IOException {
        if (stopper.isPresent()) {
            stopper.get().getOutputStream().close();
        }
    }

    /** Ends it, whatever its state, and waits until it is gone. */
    @Override
    public void close() {
        kill();
        stopper.ifPresent(Process::destroyForcibly);
        await(process);
        stopper.ifPresent(ReplicaProcess::await);
    }

    private static void await(Process process) {
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
