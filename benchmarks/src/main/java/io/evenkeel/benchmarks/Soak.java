package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointStats;
import io.evenkeel.HealthCheck;
import io.evenkeel.Hedge;
import io.evenkeel.Limit;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * As many calls as a few callers can make, while the list changes ten times a second, some of it leads nowhere, and some callers give up: is anything
 * left behind, in the heap, of threads, of open sockets?
 */
final class Soak {

    private static final int CALLERS = 8;
    private static final int REPLICAS = 8;
    private static final int DEAD = 3;
    private static final Path OPEN_FILES = Path.of("/proc/self/fd");
    /** The verdict where nothing is left. */
    static final String NOTHING_LEFT = "nothing is left";

    private final boolean brief;
    private final Duration between;
    private final int looks;
    private final LongAdder calls = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private volatile boolean over;

    Soak(boolean brief) {
        this.brief = brief;
        this.between = Duration.ofSeconds(brief ? 3 : 30);
        this.looks = brief ? 4 : 20;
    }

    /** What there was after a while, garbage collected. */
    private record Look(long calls, long failed, long heap, long threads, long sockets) {}

    void run() throws Exception {
        Report report = new Report("soak", "Ten minutes without a pause");
        report.paragraph(CALLERS + " callers call " + REPLICAS
                + " replicas as fast as they can, with hedges, a limit and a queue, and health checks, while the list"
                + " changes ten times a second and holds up to " + DEAD
                + " addresses where nobody listens; one call in twenty is cancelled, and one in twenty"
                + " leaves its body unread. The heap is what is left after a full collection.");
        List<Look> all = new ArrayList<>();
        String verdict = verdict(all);
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("after, s", "calls", "failed", "heap, MB", "threads", "open sockets"));
        for (int i = 0; i < all.size(); i++) {
            Look look = all.get(i);
            rows.add(List.of(
                    String.valueOf((i + 1) * between.toSeconds()),
                    Report.number((double) look.calls),
                    Report.number((double) look.failed),
                    Report.number(look.heap / 1e6),
                    String.valueOf(look.threads),
                    String.valueOf(look.sockets)));
        }
        report.table(rows);
        report.paragraph("Verdict: " + verdict + ".");
        report.write(!brief);
    }

    /** {@link #NOTHING_LEFT}, or what is. */
    String verdict() throws Exception {
        return verdict(new ArrayList<>());
    }

    private String verdict(List<Look> all) throws Exception {
        List<String> left = new ArrayList<>();
        try (Processes processes = new Processes()) {
            List<Endpoint> endpoints = new ArrayList<>(Stream.of(WaitingOrigin.start(
                            processes, REPLICAS, "64m", new WaitingOrigin.Behaviour(200, 64, 500, 25)))
                    .map(Endpoint::of)
                    .toList());
            for (int i = 0; i < DEAD; i++) {
                endpoints.add(dead());
            }
            long before = openSockets();
            soak(endpoints, all, left);
            if (!settles(() -> openSockets() <= before)) {
                left.add("open sockets: " + (openSockets() - before));
            }
        }
        if (!brief) {
            grows("heap", all, look -> look.heap, 1_000_000, left);
            grows("threads", all, Look::threads, 8, left);
            grows("open sockets", all, Look::sockets, 32, left);
        }
        return left.isEmpty() ? NOTHING_LEFT : String.join(", ", left);
    }

    private void soak(List<Endpoint> endpoints, List<Look> all, List<String> left) throws Exception {
        List<EndpointSource.Listener> listeners = new ArrayList<>();
        try (LoadBalancer balancer = LoadBalancer.builder("orders")
                        .source(to -> {
                            listeners.add(to);
                            to.endpoints(endpoints);
                            return () -> {};
                        })
                        .hedge(Hedge.after(Duration.ofMillis(20)))
                        .limit(Limit.perReplica(16).withQueue(64))
                        .healthCheck(HealthCheck.get("/").withInterval(Duration.ofSeconds(1)))
                        .deadline(Duration.ofSeconds(5))
                        .build();
                BalancedHttpClient client = BalancedHttpClient.of(balancer)) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int caller = 0; caller < CALLERS; caller++) {
                    Random random = new Random(caller);
                    threads.execute(() -> call(client, random));
                }
                threads.execute(() -> churn(listeners, endpoints));
                for (int i = 0; i < looks; i++) {
                    Thread.sleep(between);
                    all.add(look());
                }
                over = true;
            }
            if (!settles(() -> balancer.stats().endpoints().stream()
                    .map(EndpointStats::inFlight)
                    .allMatch(inFlight -> inFlight == 0))) {
                left.add("calls in flight");
            }
        }
    }

    /** The last third compared with the second, since the first warms up. */
    private static void grows(String what, List<Look> all, ToLongFunction<Look> of, long slack, List<String> left) {
        int third = all.size() / 3;
        long before = all.subList(third, 2 * third).stream().mapToLong(of).max().orElse(0);
        long after =
                all.subList(2 * third, all.size()).stream().mapToLong(of).max().orElse(0);
        if (after > before * 1.1 + slack) {
            left.add(what + " grow from " + before + " to " + after);
        }
    }

    private static Endpoint dead() throws IOException {
        try (ServerSocket gone = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return Endpoint.of("http://127.0.0.1:" + gone.getLocalPort());
        }
    }

    private Look look() throws IOException {
        System.gc();
        System.gc();
        return new Look(
                calls.sum(),
                failed.sum(),
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                openSockets());
    }

    /** 0 where the system does not show them. */
    private static long openSockets() {
        try (Stream<Path> files = Files.list(OPEN_FILES)) {
            return files.filter(Soak::isSocket).count();
        } catch (IOException e) {
            return 0;
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return Files.readSymbolicLink(file).toString().startsWith("socket:");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    /** At least three of the replicas, and any of the dead. */
    private void churn(List<EndpointSource.Listener> listeners, List<Endpoint> all) {
        Random random = new Random(7);
        while (!over) {
            List<Endpoint> live = new ArrayList<>(all.subList(0, REPLICAS));
            Collections.shuffle(live, random);
            List<Endpoint> list = new ArrayList<>(live.subList(0, 3 + random.nextInt(REPLICAS - 2)));
            list.addAll(all.subList(REPLICAS, REPLICAS + random.nextInt(DEAD + 1)));
            listeners.getFirst().endpoints(list);
            pause();
        }
        listeners.getFirst().endpoints(all);
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call(HttpClient client, Random random) {
        while (!over) {
            calls.increment();
            try {
                call(client, random.nextInt(20));
            } catch (IOException e) {
                failed.increment();
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    private static void call(HttpClient client, int kind) throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://orders/")).version(HttpClient.Version.HTTP_1_1);
        switch (kind) {
            case 0 -> client.sendAsync(request.build(), BodyHandlers.ofString()).cancel(true);
            case 1 -> {
                try (InputStream unread = client.send(request.build(), BodyHandlers.ofInputStream())
                        .body()) {
                    unread.read();
                }
            }
            case 2, 3, 4 -> client.send(request.PUT(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
            default -> client.send(request.build(), BodyHandlers.ofString());
        }
    }

    /** Whether it becomes so within 20 s. */
    private static boolean settles(BooleanSupplier so) throws InterruptedException {
        for (int i = 0; i < 200 && !so.getAsBoolean(); i++) {
            Thread.sleep(100);
        }
        return so.getAsBoolean();
    }
}
