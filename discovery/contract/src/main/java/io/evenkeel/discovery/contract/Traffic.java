package io.evenkeel.discovery.contract;

import io.evenkeel.EndpointSource;
import io.evenkeel.SlowStart;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A steady load of 100 calls a second through the drop-in client, at endpoints from a source. */
public final class Traffic implements AutoCloseable {

    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** Calls before the load: a JVM that has made none takes longer for one than is between two, and piles them up. */
    private static final int FIRST_CALLS = 200;
    /** What a busy machine does to calls is not the registry's doing. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final HttpRequest REQUEST =
            HttpRequest.newBuilder(URI.create("http://orders/")).build();

    private final LoadBalancer balancer;
    private final HttpClient client;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("traffic").factory());
    private final AtomicInteger made = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final List<Throwable> failures = new CopyOnWriteArrayList<>();

    private Traffic(EndpointSource source) {
        balancer = LoadBalancer.builder("orders")
                .source(source)
                .deadline(PATIENCE)
                .slowStart(SlowStart.off()) // how soon a new replica has calls is to be the source's doing
                .build();
        client = BalancedHttpClient.builder()
                .transport(() -> HttpClient.newBuilder().connectTimeout(PATIENCE))
                .balance(balancer)
                .build();
    }

    /** Begins, once there is a list. */
    public static Traffic over(EndpointSource source) throws Exception {
        Traffic traffic = new Traffic(source);
        traffic.balancer.awaitReady(Duration.ofSeconds(30));
        for (int i = 0; i < FIRST_CALLS; i++) {
            traffic.client.send(REQUEST, BodyHandlers.discarding());
        }
        traffic.clock.scheduleAtFixedRate(traffic::call, 0, EVERY_NANOS, TimeUnit.NANOSECONDS);
        return traffic;
    }

    private void call() {
        made.incrementAndGet();
        open.incrementAndGet();
        CompletableFuture<?> answer = client.sendAsync(REQUEST, BodyHandlers.discarding())
                .thenAccept(response -> {
                    if (response.statusCode() != 204) {
                        failures.add(new IllegalStateException("status " + response.statusCode()));
                    }
                });
        answer.whenComplete((done, error) -> {
            open.decrementAndGet();
            if (error != null) {
                failures.add(error);
            }
        });
    }

    /** The balancer, to look inside. */
    public LoadBalancer balancer() {
        return balancer;
    }

    /** Calls made so far. */
    public int calls() {
        return made.get();
    }

    /** What callers saw, of calls that failed. */
    public List<Throwable> failures() {
        return failures;
    }

    /** Makes no more calls, and waits for those under way. */
    public void stop() throws InterruptedException {
        clock.shutdown();
        clock.awaitTermination(5, TimeUnit.SECONDS);
        Waiting.until("open calls end", Duration.ofSeconds(30), () -> open.get() == 0);
    }

    @Override
    public void close() {
        clock.shutdownNow();
        client.shutdownNow();
        balancer.close();
    }
}
