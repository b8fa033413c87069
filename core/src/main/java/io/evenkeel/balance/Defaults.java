package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import io.evenkeel.HealthCheck;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** The one place of this package where the real clock, real chance, threads and sockets are named. */
final class Defaults {

    private static final int CONNECT_MILLIS = 1_000;

    private Defaults() {}

    static LongSupplier clock() {
        return System::nanoTime;
    }

    static InstantSource wallClock() {
        return InstantSource.system();
    }

    static Supplier<RandomGenerator> random() {
        return ThreadLocalRandom::current;
    }

    /** One daemon thread for all balancers: it only rebuilds snapshots and starts probes, and never blocks. */
    static ScheduledExecutorService scheduler() {
        return SharedScheduler.INSTANCE;
    }

    /** A virtual thread for each task. */
    static Executor executor() {
        return task -> Thread.ofVirtual().name("evenkeel").start(task);
    }

    /** A TCP connection, on a virtual thread of its own, closed at once. */
    static Probe probe() {
        Executor virtual = executor();
        return endpoint -> connects(endpoint, virtual);
    }

    /** A GET request, by a client that all balancers share. */
    static Probe probe(HealthCheck.Get get, Duration timeout) {
        return new HttpProbe(SharedClient.INSTANCE, get, timeout);
    }

    private static CompletionStage<Boolean> connects(Endpoint endpoint, Executor executor) {
        if (endpoint.port() < 0) {
            return CompletableFuture.completedFuture(false);
        }
        return CompletableFuture.supplyAsync(() -> connects(endpoint), executor);
    }

    private static boolean connects(Endpoint endpoint) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(endpoint.uri().getHost(), endpoint.port()), CONNECT_MILLIS);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private static final class SharedClient {

        static final HttpClient INSTANCE = HttpClient.newBuilder()
                .executor(executor())
                .connectTimeout(Duration.ofMillis(CONNECT_MILLIS))
                .build();
    }

    private static final class SharedScheduler {

        static final ScheduledExecutorService INSTANCE = create();

        private static ScheduledExecutorService create() {
            ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "evenkeel");
                thread.setDaemon(true);
                thread.setContextClassLoader(null); // whoever comes first is not kept alive by it
                return thread;
            });
            executor.setRemoveOnCancelPolicy(true);
            return executor;
        }
    }
}
