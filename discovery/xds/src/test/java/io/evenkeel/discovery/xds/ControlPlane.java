package io.evenkeel.discovery.xds;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.envoyproxy.controlplane.cache.Resources.ApiVersion;
import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DefaultExecutorGroup;
import io.envoyproxy.controlplane.server.DefaultStartupConfigs;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.controlplane.server.serializer.DefaultProtoResourcesSerializer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.Address;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import io.evenkeel.discovery.contract.Registry.Fault;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A real control plane, of java-control-plane, to be run in a process of its own; what it serves and what it does wrong it is told by HTTP, on a second port. It
 * knows nothing when it starts.
 */
final class ControlPlane {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final SimpleCache<String> cache = new SimpleCache<>(node -> "everybody");
    private final Set<Call<?, ?>> calls = ConcurrentHashMap.newKeySet();
    private volatile Optional<Fault> fault = Optional.empty();

    private ControlPlane() {}

    public static void main(String[] args) throws Exception {
        ControlPlane plane = new ControlPlane();
        plane.listen(Integer.parseInt(args[1]));
        plane.serve(Integer.parseInt(args[0]));
    }

    // What it serves

    private void serve(int port) throws Exception {
        V3DiscoveryServer server = new V3DiscoveryServer(
                List.of(), cache, new DefaultExecutorGroup(), new Serializer(), new DefaultStartupConfigs());
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .addService(server.getAggregatedDiscoveryServiceImpl())
                .intercept(new Interceptor())
                .permitKeepAliveTime(1, TimeUnit.SECONDS)
                .build()
                .start()
                .awaitTermination();
    }

    private void publish(String cluster, String hosts) {
        LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
        hosts.lines().forEach(host -> {
            int colon = host.lastIndexOf(':');
            locality.addLbEndpoints(Messages.at(Address.newBuilder()
                    .setSocketAddress(SocketAddress.newBuilder()
                            .setAddress(host.substring(0, colon))
                            .setPortValue(Integer.parseInt(host.substring(colon + 1))))));
        });
        set(
                List.of(Messages.cluster(cluster + "-by-another-name", cluster)),
                List.of(Messages.assignment(cluster, locality.build())));
    }

    /** With a version that is never used again, not even after a restart. */
    private void set(List<Cluster> clusters, List<ClusterLoadAssignment> assignments) {
        String version = UUID.randomUUID().toString();
        cache.setSnapshot(
                "everybody", Snapshot.create(clusters, assignments, List.of(), List.of(), List.of(), version));
    }

    // What it does wrong

    /** Ends all streams, so that the next ones meet the fault. */
    private void harm(Fault next) {
        fault = Optional.of(next);
        calls.forEach(Call::end);
    }

    private boolean has(Fault which) {
        return fault.equals(Optional.of(which));
    }

    private final class Serializer extends DefaultProtoResourcesSerializer {

        @Override
        public Any serialize(Message resource, ApiVersion version) {
            Any good = super.serialize(resource, version);
            if (has(Fault.GARBAGE)) {
                return good.toBuilder().setValue(Messages.GARBAGE).build();
            }
            if (has(Fault.HUGE)) {
                return good.toBuilder()
                        .setValue(ByteString.copyFrom(new byte[17 << 20]))
                        .build();
            }
            return good;
        }
    }

    private final class Interceptor implements ServerInterceptor {

        @Override
        public <Q, R> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
            if (has(Fault.DENIED)) {
                String repeated = "nobody knows " + headers.get(AUTHORIZATION);
                call.close(Status.PERMISSION_DENIED.withDescription(repeated), new Metadata());
                return new ServerCall.Listener<>() {};
            }
            Call<Q, R> open = new Call<>(call);
            calls.add(open);
            return next.startCall(open, headers);
        }
    }

    /** Which may be slow, and which we may end; the control plane does not notice that, and goes on sending. */
    private final class Call<Q, R> extends SimpleForwardingServerCall<Q, R> {

        Call(ServerCall<Q, R> call) {
            super(call);
        }

        void end() {
            close(Status.UNAVAILABLE.withDescription("a fault begins"), new Metadata());
        }

        @Override
        public void close(Status status, Metadata trailers) {
            if (calls.remove(this)) {
                super.close(status, trailers);
            }
        }

        @Override
        public void sendMessage(R message) {
            while (has(Fault.SLOW)) {
                pause();
            }
            if (calls.contains(this)) {
                super.sendMessage(message);
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(20);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    // How it is told

    private void listen(int port) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.createContext("/", this::obey);
        server.start();
    }

    private void obey(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] complaint = result(exchange).getBytes(UTF_8);
            exchange.sendResponseHeaders(complaint.length == 0 ? 204 : 500, complaint.length == 0 ? -1 : 0);
            exchange.getResponseBody().write(complaint);
        }
    }

    /** What went wrong; empty if nothing did. */
    private String result(HttpExchange exchange) {
        try {
            obey(
                    exchange.getRequestURI().getPath().split("/", -1),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
            return "";
        } catch (IOException | RuntimeException e) {
            return e.toString();
        }
    }

    /** {@code /verb/argument}, and a body. */
    private void obey(String[] words, String body) {
        switch (words[1]) {
            case "publish" -> publish(words[2], body);
            case "remove" -> set(List.of(), List.of());
            case "harm" -> harm(Fault.valueOf(words[2]));
            case "mend" -> fault = Optional.empty();
            default -> throw new IllegalArgumentException(words[1]);
        }
    }
}
