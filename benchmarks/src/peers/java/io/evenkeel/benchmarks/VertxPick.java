package io.evenkeel.benchmarks;

import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.endpoint.InteractionMetrics;
import io.vertx.core.net.endpoint.LoadBalancer;
import io.vertx.core.net.endpoint.ServerEndpoint;
import io.vertx.core.net.endpoint.ServerInteraction;
import io.vertx.core.net.endpoint.ServerSelector;
import java.util.List;
import java.util.stream.IntStream;

/** Vert.x: its selector, and the metrics of the server chosen. */
final class VertxPick extends PeerPick {

    private final List<Server> servers;
    private final ServerSelector selector;

    VertxPick(LoadBalancer balancer, int replicas) {
        servers = IntStream.range(0, replicas)
                .mapToObj(replica -> new Server(host(replica), balancer.newMetrics()))
                .toList();
        selector = balancer.selector(servers);
    }

    @Override
    @SuppressWarnings("unchecked")
    Object once() {
        Server server = servers.get(selector.select());
        InteractionMetrics<Object> metrics = (InteractionMetrics<Object>) server.metrics;
        Object call = metrics.initiateRequest();
        metrics.reportRequestBegin(call);
        metrics.reportRequestEnd(call);
        metrics.reportResponseBegin(call);
        metrics.reportResponseEnd(call);
        return server;
    }

    private record Server(String key, InteractionMetrics<?> metrics) implements ServerEndpoint {

        @Override
        public SocketAddress address() {
            return SocketAddress.inetSocketAddress(8080, key);
        }

        @Override
        public String protocolId() {
            return "http";
        }

        @Override
        public ServerInteraction newInteraction() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object unwrap() {
            return this;
        }
    }
}
