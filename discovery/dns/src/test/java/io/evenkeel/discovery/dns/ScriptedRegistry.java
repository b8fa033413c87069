package io.evenkeel.discovery.dns;

import io.evenkeel.Endpoint;
import io.evenkeel.discovery.contract.Registry;
import io.evenkeel.discovery.contract.ServerProcess;
import io.evenkeel.discovery.dns.ScriptedServer.Act;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.xbill.DNS.Rcode;

/** Addresses of a host, at a name server that does wrong what a test wants. */
final class ScriptedRegistry implements Registry {

    private static final List<String> QUESTIONS = List.of("A orders.example.", "AAAA orders.example.");
    private static final Act TOO_MANY = addresses(IntStream.range(0, 5_000)
            .mapToObj(i -> "10.0." + (i >> 8) + "." + (i & 255))
            .toList());

    private final int port = ServerProcess.freePort();
    private Act addresses = addresses(List.of());
    private int servicePort = 80;
    private ScriptedServer server;

    ScriptedRegistry() throws IOException {
        start();
    }

    private static Act addresses(List<String> hosts) {
        return ScriptedServer.records(
                hosts.stream().map(host -> "orders.example. 0 A " + host).toArray(String[]::new));
    }

    @Override
    public DnsEndpoints source() {
        return DnsEndpoints.of("http://orders.example:" + servicePort)
                .withNameServers(server.address())
                .withSearchDomains()
                .withTtl(Duration.ofMillis(100), Duration.ofSeconds(30))
                .withTimeout(Duration.ofMillis(400));
    }

    @Override
    public void publish(List<Endpoint> endpoints) {
        servicePort = endpoints.stream().mapToInt(Endpoint::port).findFirst().orElse(servicePort);
        addresses =
                addresses(endpoints.stream().map(each -> each.uri().getHost()).toList());
        mend();
    }

    @Override
    public void kill() throws IOException {
        server.close();
    }

    @Override
    public void start() throws IOException {
        server = ScriptedServer.start(port);
        mend();
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.allOf(Fault.class);
    }

    @Override
    public void harm(Fault fault) {
        Act wrong = switch (fault) {
            case STOPPED -> ScriptedServer.silence();
            case GARBAGE -> ScriptedServer.garbage();
            case HUGE -> TOO_MANY;
            case SLOW -> ScriptedServer.slow(Duration.ofSeconds(2), addresses);
            case DENIED -> ScriptedServer.code(Rcode.REFUSED);
        };
        QUESTIONS.forEach(question -> server.on(question, wrong));
    }

    @Override
    public void mend() {
        server.on(QUESTIONS.get(0), addresses);
        server.on(QUESTIONS.get(1), ScriptedServer.code(Rcode.NOERROR));
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(port);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
