package io.evenkeel.discovery.consul;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.discovery.contract.Registry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A service of its own on a Consul that is shared. */
@SuppressWarnings("try") // closing may wait, and be interrupted
final class ConsulRegistry implements Registry {

    private static final AtomicInteger SERVICES = new AtomicInteger();

    /** Consul's limit for one transaction. */
    private static final int MOST_AT_ONCE = 64;

    private final ConsulServer server;
    private final String name = "orders-" + SERVICES.incrementAndGet();
    private final List<Endpoint> published = new ArrayList<>();
    private boolean denied;

    ConsulRegistry(ConsulServer server) {
        this.server = server;
    }

    String name() {
        return name;
    }

    @Override
    public ConsulEndpoints source() {
        return ConsulEndpoints.of(name).at(server.uri()).withToken(() -> ConsulServer.READER);
    }

    @Override
    public EndpointSource impatientSource() {
        return source().withWait(Duration.ofSeconds(1)).withTimeout(Duration.ofSeconds(1));
    }

    @Override
    public void publish(List<Endpoint> endpoints) throws Exception {
        List<String> changes = new ArrayList<>();
        endpoints.stream().filter(it -> !published.contains(it)).forEach(it -> changes.add(change("set", it)));
        published.stream().filter(it -> !endpoints.contains(it)).forEach(it -> changes.add(change("delete", it)));
        for (int i = 0; i < changes.size(); i += MOST_AT_ONCE) {
            List<String> some = changes.subList(i, Math.min(i + MOST_AT_ONCE, changes.size()));
            server.put("/v1/txn", "[" + String.join(",", some) + "]");
        }
        published.clear();
        published.addAll(endpoints);
    }

    private String change(String verb, Endpoint endpoint) {
        String address = endpoint.uri().getHost();
        return """
                {"Service": {"Verb": "%s", "Node": "%s", "Service": \
                {"ID": "%s-%s", "Service": "%3$s", "Address": "%4$s", "Port": %d}}}""".formatted(verb, ConsulServer.ELSEWHERE, name, address, endpoint.port());
    }

    @Override
    public void kill() throws Exception {
        server.process().kill();
    }

    @Override
    public void start() throws Exception {
        server.start();
    }

    @Override
    public Set<Fault> faults() {
        return EnumSet.of(Fault.STOPPED, Fault.DENIED);
    }

    @Override
    public void harm(Fault fault) throws Exception {
        if (fault == Fault.STOPPED) {
            server.process().pause();
        } else {
            server.denyReader();
            denied = true;
        }
    }

    @Override
    public void mend() throws Exception {
        server.process().resume();
        if (denied) {
            server.allowReader();
            denied = false;
        }
    }

    @Override
    public Optional<Integer> port() {
        return Optional.of(server.port());
    }

    @Override
    public Optional<String> secret() {
        return Optional.of(ConsulServer.READER);
    }

    @Override
    public void close() throws Exception {
        mend(); // the server outlives it
    }
}
