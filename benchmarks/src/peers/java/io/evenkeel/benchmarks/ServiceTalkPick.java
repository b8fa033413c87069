package io.evenkeel.benchmarks;

import static io.servicetalk.client.api.RequestTracker.REQUEST_TRACKER_KEY;

import io.servicetalk.client.api.ConnectionFactory;
import io.servicetalk.client.api.LoadBalancedConnection;
import io.servicetalk.client.api.LoadBalancer;
import io.servicetalk.client.api.RequestTracker;
import io.servicetalk.client.api.ServiceDiscovererEvent;
import io.servicetalk.concurrent.api.AsyncCloseables;
import io.servicetalk.concurrent.api.Completable;
import io.servicetalk.concurrent.api.ListenableAsyncCloseable;
import io.servicetalk.concurrent.api.Publisher;
import io.servicetalk.concurrent.api.Single;
import io.servicetalk.context.api.ContextMap;
import io.servicetalk.loadbalancer.LoadBalancers;
import io.servicetalk.loadbalancer.LoadBalancingPolicy;
import io.servicetalk.transport.api.TransportObserver;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** ServiceTalk: selects a connection that is ready, and tells its request tracker of begin and success. */
final class ServiceTalkPick extends PeerPick {

    private final LoadBalancer<Connection> balancer;

    ServiceTalkPick(LoadBalancingPolicy<String, Connection> policy, int replicas) throws Exception {
        List<ServiceDiscovererEvent<String>> events = new ArrayList<>();
        for (int replica = 0; replica < replicas; replica++) {
            events.add(new Available(host(replica)));
        }
        Publisher<Collection<ServiceDiscovererEvent<String>>> discovery =
                Publisher.<Collection<ServiceDiscovererEvent<String>>>from(events)
                        .concat(Publisher.never());
        balancer = LoadBalancers.<String, Connection>builder("orders")
                .loadBalancingPolicy(policy)
                .build()
                .newLoadBalancer(discovery, new Connections(), "orders");
        for (int i = 0; i < 20 * replicas; i++) {
            once(); // so that most have a connection
        }
    }

    @Override
    Object once() throws Exception {
        Connection connection =
                balancer.selectConnection(Objects::nonNull, null).toFuture().get();
        connection.tracker.onRequestSuccess(connection.tracker.beforeRequestStart());
        return connection;
    }

    private record Available(String address) implements ServiceDiscovererEvent<String> {

        @Override
        public Status status() {
            return Status.AVAILABLE;
        }
    }

    private static final class Connections implements ConnectionFactory<String, Connection> {

        private final ListenableAsyncCloseable closing = AsyncCloseables.emptyAsyncCloseable();

        @Override
        public Single<Connection> newConnection(String address, ContextMap context, TransportObserver observer) {
            return Single.succeeded(new Connection(context.get(REQUEST_TRACKER_KEY)));
        }

        @Override
        public Completable onClose() {
            return closing.onClose();
        }

        @Override
        public Completable closeAsync() {
            return closing.closeAsync();
        }
    }

    static final class Connection implements LoadBalancedConnection {

        private final ListenableAsyncCloseable closing = AsyncCloseables.emptyAsyncCloseable();
        private final RequestTracker tracker;

        Connection(RequestTracker tracker) {
            this.tracker = tracker;
        }

        @Override
        public int score() {
            return 1;
        }

        @Override
        public Completable onClose() {
            return closing.onClose();
        }

        @Override
        public Completable closeAsync() {
            return closing.closeAsync();
        }
    }
}
