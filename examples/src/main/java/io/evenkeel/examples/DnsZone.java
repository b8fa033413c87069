package io.evenkeel.examples;

import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A real name server, Knot DNS, that lists replicas as SRV records with a time to live of a second. It is gone when this program is. */
final class DnsZone implements Registry {

    /*
     * Nothing may be left, whatever happens to us: a shell ends the server as soon as the shell's own standard input ends.
     */
    private static final String RUN_WHILE_INPUT_IS_OPEN =
            "\"$@\" & server=$!; exec >/dev/null 2>&1; read end; kill -KILL $server; wait $server";

    private final Path folder;
    private final int port;
    private final Process process;

    private DnsZone(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts one, which needs the programs {@code knotd} and {@code knsupdate}. */
    static DnsZone start() throws IOException {
        Path folder = Files.createTempDirectory("evenkeel-quickstart");
        int port = freePort();
        Files.writeString(folder.resolve("zone"), """
                $ORIGIN orders.example.
                $TTL 1
                @ SOA ns.orders.example. nobody.orders.example. 1 60 60 60 1
                @ NS ns
                ns A 127.0.0.1
                """);
        Path configuration = Files.writeString(folder.resolve("knot.conf"), """
                server:
                  listen: 127.0.0.1@%1$d
                  rundir: %2$s
                database:
                  storage: %2$s/db
                acl:
                  - id: ours
                    address: 127.0.0.1
                    action: update
                zone:
                  - domain: orders.example
                    file: %2$s/zone
                    zonefile-sync: -1
                    journal-content: none
                    acl: ours
                """.formatted(port, folder));
        Process process = new ProcessBuilder(
                        "sh", "-c", RUN_WHILE_INPUT_IS_OPEN, "sh", program("knotd"), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        DnsZone zone = new DnsZone(folder, port, process);
        zone.awaitReady();
        return zone;
    }

    /** Unless somebody takes it before the server does. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Where distributions put servers, which is on the path of an administrator only. */
    private static String program(String name) {
        Path server = Path.of("/usr/sbin", name);
        return Files.isExecutable(server) ? server.toString() : name;
    }

    private void awaitReady() throws IOException {
        for (int tries = 0; process.isAlive() && tries < 500; tries++) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
                return;
            } catch (IOException e) {
                await(20);
            }
        }
        close();
        throw new IOException("knotd did not start: is the package knot installed?");
    }

    private void await(long millis) {
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public EndpointSource source() {
        return Sources.of("dns+srv://_http._tcp.orders.example?server=127.0.0.1:" + port);
    }

    /** One dynamic update (RFC 2136), which is made as a whole or not at all. */
    @Override
    public void write(List<ReplicaProcess> replicas) throws IOException {
        StringBuilder update = new StringBuilder();
        update.append("server 127.0.0.1 ").append(port).append("\nzone orders.example.\n");
        update.append("del _http._tcp.orders.example. SRV\n");
        for (ReplicaProcess replica : replicas) {
            update.append(
                    "del %1$s.orders.example. A\nadd %1$s.orders.example. 1 A 127.0.0.1\n".formatted(replica.id()));
            update.append("add _http._tcp.orders.example. 1 SRV 0 1 %d %s.orders.example.\n"
                    .formatted(replica.uri().getPort(), replica.id()));
        }
        update.append("send\n");
        Process knsupdate = new ProcessBuilder(program("knsupdate"))
                .redirectErrorStream(true)
                .start();
        try (var in = knsupdate.getOutputStream()) {
            in.write(update.toString().getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(knsupdate.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (said.contains("error") || said.contains("fail")) {
            throw new IOException("the zone could not be changed: " + said.strip());
        }
    }

    @Override
    public String inWords() {
        return "the zone of a name server, Knot DNS";
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            process.getOutputStream().close();
            await(5_000);
            files.sorted(Comparator.reverseOrder()).forEach(DnsZone::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
