package io.evenkeel.examples;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A replica that is a PostgreSQL server: a process of its own, with new data in a temporary folder, at the loopback address. */
final class PostgresServer implements AutoCloseable {

    static final String USER = "evenkeel";
    static final String PASSWORD = UUID.randomUUID().toString();

    /*
     * Nothing may be left, whatever happens to us: a shell ends the server as soon as the shell's own standard input ends. The
     * output ends with the server.
     */
    private static final String RUN_WHILE_INPUT_IS_OPEN =
            "\"$@\" & server=$!; exec >/dev/null 2>&1; read end; kill -QUIT $server; wait $server";

    private final Path folder;
    private final int port;
    private final Process process;

    private PostgresServer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts one of that name, and waits until it accepts connections. */
    static PostgresServer start(String name) throws IOException, InterruptedException, Postgres.UnavailableException {
        Path folder = Files.createTempDirectory("evenkeel-postgres");
        try {
            Postgres postgres = Postgres.find();
            initialise(postgres, folder);
            int port = freePort();
            return new PostgresServer(folder, port, run(postgres, folder, name, port));
        } catch (IOException | InterruptedException | Postgres.UnavailableException e) {
            delete(folder);
            throw e;
        }
    }

    private static void initialise(Postgres postgres, Path folder)
            throws IOException, InterruptedException, Postgres.UnavailableException {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD);
        postgres.own(folder);
        Postgres.output(postgres.command(
                        "initdb",
                        "--pgdata=" + data(folder),
                        "--username=" + USER,
                        "--pwfile=" + password,
                        "--auth=scram-sha-256",
                        "--no-locale",
                        "--no-sync")
                .toArray(String[]::new));
    }

    private static Process run(Postgres postgres, Path folder, String name, int port)
            throws IOException, Postgres.UnavailableException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", RUN_WHILE_INPUT_IS_OPEN, "sh"));
        command.addAll(postgres.command(
                "postgres",
                "-D",
                data(folder).toString(),
                "--cluster_name=" + name,
                "--listen_addresses=127.0.0.1",
                "--port=" + port,
                "--unix_socket_directories=",
                "--fsync=off"));
        Process process = Postgres.start(command);
        awaitReady(process);
        return process;
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
    }

    /** Unless somebody takes it before the server does. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void awaitReady(Process process) throws IOException, Postgres.UnavailableException {
        BufferedReader log = process.inputReader(StandardCharsets.UTF_8);
        List<String> lines = new ArrayList<>();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            lines.add(line);
            if (line.contains("ready to accept connections")) {
                Thread.ofVirtual().start(() -> log.lines().forEach(ignored -> {})); // a full pipe would stop it
                return;
            }
        }
        process.getOutputStream().close();
        throw new Postgres.UnavailableException("postgres did not start: " + String.join(" | ", lines));
    }

    String address() {
        return "postgresql://127.0.0.1:" + port;
    }

    /** Ends it in the middle of whatever it does, and waits until it is gone. */
    void kill() throws IOException {
        process.getOutputStream().close();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        kill();
        delete(folder);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(PostgresServer::deleteOne);
        }
    }

    private static void deleteOne(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
