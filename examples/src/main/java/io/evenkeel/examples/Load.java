package io.evenkeel.examples;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * The caller: so many GETs per second, each on a virtual thread, whether or not earlier ones have been answered. Latency
 * counts from when a call was due, so that time in which the load itself was held up is not lost.
 */
final class Load {

    static final int PER_SECOND = 200;
    static final Duration TIMEOUT = Duration.ofSeconds(2);

    private final HttpClient client;
    private final Queue<Sample> samples = new ConcurrentLinkedQueue<>();
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread pacemaker = new Thread(this::pace, "load");
    private volatile boolean stopped;

    /** What the caller saw of one call. */
    record Sample(long latencyNanos, Optional<String> error) {}

    Load(HttpClient client) {
        this.client = client;
        pacemaker.setDaemon(true);
    }

    /** Calls one after the other for a while, so that what follows is not the slowness of programs just started. */
    void warmUp(Duration time) {
        long startNanos = System.nanoTime();
        for (long now = startNanos; now - startNanos < time.toNanos(); now = System.nanoTime()) {
            call("/items/warm-up", now);
        }
    }

    void start() {
        pacemaker.start();
    }

    private void pace() {
        long startNanos = System.nanoTime();
        for (long number = 0; !stopped; number++) {
            long dueNanos = startNanos + number * 1_000_000_000L / PER_SECOND;
            while (dueNanos - System.nanoTime() > 0) {
                LockSupport.parkNanos(dueNanos - System.nanoTime());
            }
            String path = "/items/" + number;
            calls.execute(() -> call(path, dueNanos));
        }
    }

    private void call(String path, long dueNanos) {
        Optional<String> error = error(path);
        samples.add(new Sample(System.nanoTime() - dueNanos, error));
    }

    private Optional<String> error(String path) {
        try {
            HttpResponse<String> reply = client.send(
                    HttpRequest.newBuilder(URI.create("http://orders" + path))
                            .timeout(TIMEOUT)
                            .build(),
                    BodyHandlers.ofString());
            boolean good = reply.statusCode() == 200 && reply.body().equals(path);
            return good ? Optional.empty() : Optional.of(reply + " " + reply.body());
        } catch (Exception e) {
            return Optional.of(e.toString());
        }
    }

    /** The calls that ended since the last time. */
    List<Sample> take() {
        List<Sample> taken = new ArrayList<>();
        for (Sample sample = samples.poll(); sample != null; sample = samples.poll()) {
            taken.add(sample);
        }
        return taken;
    }

    /** Begins no more calls, and waits for those under way. */
    void stop() throws InterruptedException {
        stopped = true;
        pacemaker.join();
        calls.close();
    }
}
