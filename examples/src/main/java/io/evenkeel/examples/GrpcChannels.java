package io.evenkeel.examples;

import io.evenkeel.Endpoint;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A channel for each endpoint, which connects by itself, and again after a failure. */
final class GrpcChannels implements AutoCloseable {

    private final Map<URI, ManagedChannel> channels = new ConcurrentHashMap<>();

    Channel to(Endpoint endpoint) {
        return channels.computeIfAbsent(endpoint.uri(), GrpcChannels::open);
    }

    /** Repeats are the balancer's: those of two would multiply. */
    private static ManagedChannel open(URI uri) {
        return ManagedChannelBuilder.forAddress(uri.getHost(), uri.getPort())
                .usePlaintext()
                .disableRetry()
                .build();
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
