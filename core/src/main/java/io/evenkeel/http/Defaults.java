package io.evenkeel.http;

import java.net.InetAddress;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** The one place of this package where the real clock is read and threads are made. */
final class Defaults {

    private static final Duration CONNECT = Duration.ofSeconds(1);

    private Defaults() {}

    static long nanoTime() {
        return System.nanoTime();
    }

    /**
     * The transport of a client that is given none: the JDK's, on an executor that starts a virtual thread per task (its
     * own default executor costs more than twice the CPU), and with a limit on connecting, of which the JDK has none.
     */
    static HttpClient.Builder transport() {
        return HttpClient.newBuilder().executor(executor()).connectTimeout(CONNECT);
    }

    static Executor executor() {
        return Executors.newVirtualThreadPerTaskExecutor();
    }

    /** A future, which this ends if it takes longer. */
    static <T> CompletableFuture<T> within(long nanos, CompletableFuture<T> future) {
        return future.orTimeout(nanos, TimeUnit.NANOSECONDS);
    }

    static Moves moves() {
        return new Moves(
                Defaults::nanoTime, executor(), host -> Set.copyOf(Arrays.asList(InetAddress.getAllByName(host))));
    }
}
