package io.evenkeel.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A {@link ControlPlane} in the hand of a test. One process serves many tests, each with a cluster of its own. */
@SuppressWarnings("try") // closing may wait, and be interrupted
final class ControlPlaneRegistry implements Registry {

    private static final String SECRET = "s3cret-t0ken";
    private static final AtomicInteger CLUSTERS = new AtomicInteger();
    private static Running running;

    private final boolean delta;
    private final String cluster = "orders-" + CLUSTERS.incrementAndGet();

    private ControlPlaneRegistry(boolean delta) {
        this.delta = delta;
    }

    /** The process, its ports, and how it is told what to do. */
    private record Running(ServerProcess server, Path folder, int port, int orders, HttpClient client) {

        static Running start() throws Exception {
            Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "control-plane");
            return start(folder, ServerProcess.freePort(), ServerProcess.freePort());
        }

        static Running start(Path folder, int port, int orders) throws Exception {
            ServerProcess server = ServerProcess.java(
                    folder,
                    port,
                    "-Xmx256m",
                    ControlPlane.class.getName(),
                    Integer.toString(port),
                    Integer.toString(orders));
            return new Running(server, folder, port, orders, HttpClient.newHttpClient());
        }

        Running again() throws Exception {
            return start(folder, port, orders);
        }

        void tell(String order, String body) throws Exception {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + orders + order))
                    .POST(BodyPublishers.ofString(body))
                    .build();
            HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        }
    }

    static ControlPlaneRegistry start(boolean delta) throws Exception {
        if (running == null) {
            running = Running.start();
        }
        return new ControlPlaneRegistry(delta);
    }

    /** Ends the process. */
    static void end() throws Exception {
        if (running != null) {
            running.server().close();
            running = null;
        }
    }

    @Override
    public XdsEndpoints source() {
        return XdsEndpoints.of("127.0.0.1:" + running.port(), cluster)
                .withPlaintext()
                .withToken(() -> SECRET)
                .withDelta(delta);
    }

    /** The same endpoints, by way of a cluster that has another name than they. */
    EndpointSource sourceByCluster() {
        return XdsEndpoints.of("127.0.0.1:" + running.port(), cluster + "-by-another-name")
                .withPlaintext()
                .withDelta(delta)
                .withCluster(true);
    }

    @Override
    public void publish(List<Endpoint> endpoints) throws Exception {
        String hosts = endpoints.stream().map(each -> each.uri().getAuthority()).collect(Collectors.joining("\n"));
        running.tell("/publish/" + cluster, hosts);
    }

    /** Removes the cluster and its endpoints, and not only all endpoints of it. */
    void remove() throws Exception {
        running.tell("/remove", "");
    }

    @Override
    public void kill() throws Exception {
        running.server().kill();
    }

    @Override
    public void start() throws Exception {
        running = running.again();
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void harm(Fault fault) throws Exception {
        if (fault == Fault.STOPPED) {
            running.server().pause();
        } else {
            running.tell("/harm/" + fault, "");
        }
    }

    /** One who has a list, and is told no other, knows by the protocol that it holds: that an answer is late cannot be told from that. */
    @Override
    public Set<Fault> unheard() {
        return EnumSet.of(Fault.SLOW);
    }

    /** That streams are ended. */
    @Override
    public int troublesOfHarm(Fault fault) {
        return fault == Fault.STOPPED ? 0 : 1;
    }

    @Override
    public void mend() throws Exception {
        running.server().resume();
        running.tell("/mend", "");
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(running.port());
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(SECRET);
    }

    /** The process is left to the next test, in order, if there is one. */
    @Override
    public void close() throws Exception {
        try {
            mend();
        } catch (ConnectException e) {
            running = null;
        }
    }
}
