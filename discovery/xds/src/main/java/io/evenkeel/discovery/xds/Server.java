package io.evenkeel.discovery.xds;

import io.evenkeel.discovery.common.Token;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Where the control plane is, and what it takes to be let in. */
record Server(String host, int port, Security security, Token token) {

    /** 10,000 endpoints take one to three MiB. */
    private static final int LARGEST = 16 << 20;

    private static final int PING_TIMEOUT_SECONDS = 5;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    /** Makes what a connection is secured by. */
    @FunctionalInterface
    interface Security {
        ChannelCredentials credentials() throws IOException;
    }

    static Server at(String address, Security security, Token token) {
        try {
            URI uri = new URI("xds://" + address);
            if (uri.getHost() != null && uri.getPort() > 0 && uri.getPort() <= 65_535 && isBare(uri)) {
                return new Server(uri.getHost(), uri.getPort(), security, token);
            }
        } catch (URISyntaxException e) {
            // what it must be is said below
        }
        throw new IllegalArgumentException("the control plane's address is " + hidden(address)
                + ", but must be host:port, with a port of 1 to 65535");
    }

    private static boolean isBare(URI uri) {
        return uri.getRawUserInfo() == null && uri.toString().equals("xds://" + uri.getRawAuthority());
    }

    private static String hidden(String address) {
        return address.contains("@") ? "one with user-info" : address;
    }

    /** Opens a stream; it may be long before there is a connection. Pings go out when nothing came in for so long. */
    <Q, R> AdsStream<Q, R> open(MethodDescriptor<Q, R> method, Duration ping) throws IOException {
        String secret = token.get();
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(host, port, security.credentials())
                .directExecutor() // all it does there is to fill a queue
                .maxInboundMessageSize(LARGEST)
                .keepAliveTime(ping.toNanos(), TimeUnit.NANOSECONDS)
                .keepAliveTimeout(PING_TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .userAgent("evenkeel")
                .build();
        Metadata headers = new Metadata();
        if (!secret.isEmpty()) {
            headers.put(AUTHORIZATION, "Bearer " + secret);
        }
        return new AdsStream<>(toString(), secret, channel, method).begin(headers);
    }

    @Override
    public String toString() {
        return "xds://" + host + ":" + port;
    }
}
