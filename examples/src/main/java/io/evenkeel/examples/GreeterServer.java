package io.evenkeel.examples;

import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** A replica that speaks gRPC. */
final class GreeterServer implements AutoCloseable {

    private final String name;
    private final Server server;

    GreeterServer(String name) throws IOException {
        this.name = name;
        this.server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(Greeter.service(this::hello))
                .build()
                .start();
    }

    String address() {
        return "grpc://127.0.0.1:" + server.getPort();
    }

    private void hello(String who, StreamObserver<String> answer) {
        if (who.isEmpty()) {
            answer.onError(
                    Status.INVALID_ARGUMENT.withDescription("greet whom?").asRuntimeException());
        } else {
            answer.onNext("hello " + who + " from " + name);
            answer.onCompleted();
        }
    }

    /** Takes no more calls, and breaks off those under way. */
    void shutDown() {
        server.shutdownNow();
    }

    @Override
    public void close() {
        shutDown();
    }
}
