package io.evenkeel.discovery.xds;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc.AggregatedDiscoveryServiceImplBase;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A control plane in the hand of a test: it says what the test says, and hands over what it hears. */
final class ScriptedServer extends AggregatedDiscoveryServiceImplBase implements ServerInterceptor, AutoCloseable {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final BlockingQueue<Talk<DiscoveryRequest, DiscoveryResponse>> worlds = new LinkedBlockingQueue<>();
    private final BlockingQueue<Talk<DeltaDiscoveryRequest, DeltaDiscoveryResponse>> deltas =
            new LinkedBlockingQueue<>();
    private final Server server;
    private volatile String token = "";

    private ScriptedServer(ServerCredentials credentials) throws IOException {
        server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
                .addService(this)
                .intercept(this)
                .build()
                .start();
    }

    static ScriptedServer start() throws IOException {
        return start(InsecureServerCredentials.create());
    }

    static ScriptedServer start(ServerCredentials credentials) throws IOException {
        return new ScriptedServer(credentials);
    }

    String address() {
        return "127.0.0.1:" + server.getPort();
    }

    /** Lets in only who brings this token. */
    void require(String token) {
        this.token = token;
    }

    /** One stream. */
    static final class Talk<Q, R> implements StreamObserver<Q> {

        private final StreamObserver<R> out;
        private final BlockingQueue<Q> heard = new LinkedBlockingQueue<>();

        Talk(StreamObserver<R> out) {
            this.out = out;
        }

        /** What the client says next. */
        Q hear() throws InterruptedException {
            return ScriptedServer.take(heard);
        }

        void say(R response) {
            out.onNext(response);
        }

        void end() {
            out.onCompleted();
        }

        void end(Status status) {
            out.onError(status.asRuntimeException());
        }

        @Override
        public void onNext(Q request) {
            heard.add(request);
        }

        @Override
        public void onError(Throwable error) {
            // the client has closed it
        }

        @Override
        public void onCompleted() {}
    }

    /** The next stream that the client begins, in the variant of the state of the world. */
    Talk<DiscoveryRequest, DiscoveryResponse> world() throws InterruptedException {
        return take(worlds);
    }

    /** The next stream that the client begins, in the delta variant. */
    Talk<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta() throws InterruptedException {
        return take(deltas);
    }

    private static <T> T take(BlockingQueue<T> from) throws InterruptedException {
        T next = from.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("from the client, within 20 s").isNotNull();
        return next;
    }

    @Override
    public StreamObserver<DiscoveryRequest> streamAggregatedResources(StreamObserver<DiscoveryResponse> out) {
        Talk<DiscoveryRequest, DiscoveryResponse> stream = new Talk<>(out);
        worlds.add(stream);
        return stream;
    }

    @Override
    public StreamObserver<DeltaDiscoveryRequest> deltaAggregatedResources(StreamObserver<DeltaDiscoveryResponse> out) {
        Talk<DeltaDiscoveryRequest, DeltaDiscoveryResponse> stream = new Talk<>(out);
        deltas.add(stream);
        return stream;
    }

    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        if (token.isEmpty() || ("Bearer " + token).equals(headers.get(AUTHORIZATION))) {
            return next.startCall(call, headers);
        }
        String repeated = "not let in: " + headers.get(AUTHORIZATION);
        call.close(Status.PERMISSION_DENIED.withDescription(repeated), new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** Wants no other stream on its connections, and lets those that there are go on. */
    void goAway() {
        server.shutdown();
    }

    @Override
    public void close() {
        server.shutdownNow();
    }
}
