package io.evenkeel.discovery.dns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.ProcessRegistry;
import io.evenkeel.discovery.contract.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Knot DNS with one zone, changed by dynamic updates; records live for one second. */
@SuppressWarnings("try") // closing may be interrupted
abstract class Knot extends ProcessRegistry {

    static final String ZONE = "evenkeel.test.";

    /** As many records as an update may have: it must fit into one message, and names are written out in it. */
    private static final int BATCH = 300;

    private final Path folder;
    private final int port;
    private ServerProcess process;

    Knot(Path folder) throws Exception {
        this.folder = folder;
        this.port = ServerProcess.freePort();
        Files.writeString(folder.resolve("zone"), """
                $ORIGIN evenkeel.test.
                @ 1 SOA ns admin 1 3600 600 86400 1
                @ 1 NS ns
                ns 1 A 127.0.0.1
                """);
        Files.writeString(folder.resolve("knot.conf"), """
                server:
                    rundir: "%1$s"
                    listen: 127.0.0.1@%2$d
                    udp-workers: 1
                    tcp-workers: 1
                    background-workers: 1
                log:
                  - target: stderr
                    any: info
                database:
                    storage: "%1$s"
                acl:
                  - id: here
                    address: 127.0.0.1
                    action: update
                zone:
                  - domain: evenkeel.test
                    storage: "%1$s"
                    file: zone
                    acl: here
                """.formatted(folder, port));
        start();
    }

    static boolean isInstalled() {
        return ServerProcess.isInstalled("knotd") && ServerProcess.isInstalled("knsupdate");
    }

    /** What takes away all that was published. */
    abstract String removal();

    /** What adds one endpoint: lines of an update. */
    abstract List<String> additions(Endpoint endpoint);

    /** The name server's address. */
    final String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public abstract DnsEndpoints source();

    @Override
    public final EndpointSource impatientSource() {
        return source().withTimeout(Duration.ofMillis(400));
    }

    @Override
    public final void publish(List<Endpoint> endpoints) throws Exception {
        List<String> lines = new ArrayList<>(List.of(removal()));
        for (Endpoint endpoint : endpoints) {
            lines.addAll(additions(endpoint));
        }
        for (int i = 0; i < lines.size(); i += BATCH) {
            update(lines.subList(i, Math.min(i + BATCH, lines.size())));
        }
    }

    private void update(List<String> lines) throws IOException, InterruptedException {
        String script = "server 127.0.0.1 " + port + "\nzone " + ZONE + "\n" + String.join("\n", lines) + "\nsend\n";
        Process update =
                new ProcessBuilder("knsupdate", "-v").redirectErrorStream(true).start();
        try (var in = update.getOutputStream()) {
            in.write(script.getBytes(UTF_8));
        }
        String said = new String(update.getInputStream().readAllBytes(), UTF_8);
        if (update.waitFor() != 0 || said.contains("failed")) {
            throw new IOException("knsupdate: " + said);
        }
    }

    @Override
    public final void kill() throws Exception {
        process.kill();
    }

    @Override
    public final void start() throws Exception {
        process = ServerProcess.start(
                folder, port, "knotd", "-c", folder.resolve("knot.conf").toString());
    }

    @Override
    protected final ServerProcess process() {
        return process;
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public void close() throws Exception {
        process.close();
    }

    /** Addresses of a host, all of one port: the source is to know the one that was published last. */
    @SuppressWarnings("try")
    static final class OfHost extends Knot {

        private int servicePort;

        OfHost(Path folder) throws Exception {
            super(folder);
        }

        @Override
        String removal() {
            return "del orders." + ZONE + " A";
        }

        @Override
        List<String> additions(Endpoint endpoint) {
            servicePort = endpoint.port();
            return List.of("add orders." + ZONE + " 1 A " + endpoint.uri().getHost());
        }

        @Override
        public DnsEndpoints source() {
            return DnsEndpoints.of("http://orders.evenkeel.test:" + servicePort)
                    .withNameServers(address())
                    .withSearchDomains();
        }
    }

    /** Targets of a service. */
    @SuppressWarnings("try")
    static final class OfService extends Knot {

        OfService(Path folder) throws Exception {
            super(folder);
        }

        @Override
        String removal() {
            return "del _http._tcp.orders." + ZONE + " SRV";
        }

        @Override
        List<String> additions(Endpoint endpoint) {
            String host = "at-" + endpoint.uri().getHost().replace('.', '-') + "." + ZONE;
            return List.of(
                    "add " + host + " 1 A " + endpoint.uri().getHost(),
                    "add _http._tcp.orders." + ZONE + " 1 SRV 0 1 " + endpoint.port() + " " + host);
        }

        @Override
        public DnsEndpoints source() {
            return DnsEndpoints.srv("http", "_http._tcp.orders.evenkeel.test")
                    .withNameServers(address())
                    .withSearchDomains();
        }
    }
}
