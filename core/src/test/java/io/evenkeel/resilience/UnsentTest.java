package io.evenkeel.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class UnsentTest {

    static List<Throwable> unsent() {
        return List.of(
                new ConnectException("Connection refused"),
                new NoRouteToHostException("No route to host"),
                new UnknownHostException("orders"),
                new UnresolvedAddressException(),
                new IOException("wrapped", new ConnectException()),
                new CompletionException(new UncheckedIOException(new ConnectException())),
                new HttpConnectTimeoutException("HTTP connect timed out").initCause(new ConnectException()));
    }

    @ParameterizedTest
    @MethodSource("unsent")
    void withoutAConnectionNothingWasSent(Throwable error) {
        assertThat(Unsent.neverConnected(error)).isTrue();
    }

    static List<Throwable> unknown() {
        return List.of(
                new IOException("Connection reset"),
                new EOFException(),
                new SocketException("Broken pipe"),
                new SocketTimeoutException("Read timed out"),
                new HttpTimeoutException("request timed out"),
                new PortUnreachableException(),
                new ClosedChannelException(),
                new IllegalStateException(new RuntimeException("ConnectException")),
                new StackOverflowError());
    }

    @ParameterizedTest
    @MethodSource("unknown")
    void anyOtherErrorProvesNothing(Throwable error) {
        assertThat(Unsent.neverConnected(error)).isFalse();
    }

    @Test
    void whatIsOnlySuppressedProvesNothing() {
        IOException last = new IOException("Connection reset");
        last.addSuppressed(new ConnectException());
        assertThat(Unsent.neverConnected(last)).isFalse();
    }

    @Test
    void causesThatGoInACircleEnd() {
        Exception one = new Exception();
        Exception other = new Exception(one);
        one.initCause(other);
        assertThat(Unsent.neverConnected(one)).isFalse();
    }
}
