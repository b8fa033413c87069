package io.evenkeel.discovery.xds;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** An open stream, on a connection of its own. Used by one thread; only the queue is filled by another, of gRPC. */
final class AdsStream<Q, R> implements AutoCloseable {

    private final String server;
    private final String secret;
    private final ManagedChannel channel;
    private final ClientCall<Q, R> call;
    private final BlockingQueue<Optional<R>> arrived = new LinkedBlockingQueue<>();
    /** Set before the queue is given an empty one, which says that the stream has ended. */
    private volatile Status end = Status.OK;

    /** On {@code channel}, which it closes; {@code server} is its name, {@code secret} what no message is to show. */
    AdsStream(String server, String secret, ManagedChannel channel, MethodDescriptor<Q, R> method) {
        this.server = server;
        this.secret = secret;
        this.channel = channel;
        this.call = channel.newCall(method, CallOptions.DEFAULT);
    }

    AdsStream<Q, R> begin(Metadata headers) {
        call.start(new Arrivals(), headers);
        call.request(1);
        return this;
    }

    /** Sends it as soon as there is a connection. */
    void send(Q request) {
        call.sendMessage(request);
    }

    /** What arrives next, if anything does within {@code most}. Of what arrives meanwhile, no more than one message is taken from the network. */
    Optional<R> next(Duration most) throws InterruptedException, StreamEndedException {
        Optional<R> next = arrived.poll(most.toNanos(), TimeUnit.NANOSECONDS);
        if (next == null) {
            return Optional.empty();
        }
        if (next.isEmpty()) {
            throw new StreamEndedException(server, end, secret);
        }
        call.request(1);
        return next;
    }

    /** Whether it is on a connection, whose server has greeted us; from then on, pings look after that. The channel says it of what is next, which may be another connection. */
    boolean isConnected() {
        return call.isReady();
    }

    @Override
    public void close() {
        call.cancel("no longer needed", null);
        channel.shutdownNow();
    }

    private final class Arrivals extends ClientCall.Listener<R> {

        @Override
        public void onMessage(R message) {
            arrived.add(Optional.of(message));
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            end = status;
            arrived.add(Optional.empty());
        }
    }
}
