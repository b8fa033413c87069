package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointStats;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Everything at once: calls of every kind, that end in every way, while servers break and come back and the list changes.
 * Whatever happened, at the end nothing is in flight, and every attempt was counted once, where it was made.
 */
@Timeout(120)
class StormIT {

    private static final int SERVERS = 5;
    private static final int CALLERS = 12;
    private static final int CALLS_EACH = 120;
    private static final int CALLS_PER_GUST = 40;
    private static final List<String> PATHS = List.of(
            "/ok", "/ok", "/ok", "/ok", "/ok", "/ok", "/large", "/large", "/busy", "/error", "/reset", "/close",
            "/hang", "/half", "/stall");

    @ParameterizedTest
    @ValueSource(longs = {1, 20, 300})
    void everyAttemptIsCountedOnceWhereItWasMadeAndNothingStaysInFlight(long seed) throws Exception {
        Counting policy = new Counting(Policy.leastRequest());
        Told told = new Told();
        Published list = new Published();
        List<Machine> machines = new ArrayList<>();
        for (int i = 0; i < SERVERS; i++) {
            machines.add(new Machine());
        }
        List<Endpoint> all = machines.stream().map(Machine::endpoint).toList();
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                .source(list)
                .policy(policy)
                .observer(told)
                .build()) {
            BalancedHttpClient client = BalancedHttpClient.of(orders);
            list.publish(all);
            blow(new Caller(client), machines, list, all, new SplittableRandom(seed));
            list.publish(all);
            Waiting.until(
                    "nothing in flight, and the observer told, which comes a moment later",
                    () -> orders.stats().endpoints().stream()
                            .allMatch(line -> line.inFlight() == 0
                                    && told.ended(line.endpoint()) == policy.started(line.endpoint())));
            // Not close(): the JDK's client sometimes loses count of a call that was cancelled, and waits for ever
            client.shutdownNow();

            assertThat(orders.stats().endpoints()).hasSize(SERVERS).allSatisfy(line -> {
                assertThat(attempts(line)).isEqualTo(policy.started(line.endpoint()));
                assertThat(told.ended(line.endpoint())).isEqualTo(policy.started(line.endpoint()));
            });
            assertThat(orders.stats().repeats()).isPositive();
        } finally {
            for (Machine machine : machines) {
                machine.close();
            }
        }
    }

    private static long attempts(EndpointStats line) {
        return line.successes() + line.failures() + line.overloaded() + line.ignored();
    }

    private static void blow(
            Caller caller, List<Machine> machines, Published list, List<Endpoint> all, SplittableRandom chance)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Semaphore calls = new Semaphore(0);
            List<Future<?>> callers = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                SplittableRandom own = chance.split();
                callers.add(threads.submit(() -> {
                    for (int call = 0; call < CALLS_EACH; call++) {
                        caller.call(own);
                        calls.release();
                    }
                    return null;
                }));
            }
            for (int gust = 0; gust < CALLERS * CALLS_EACH / CALLS_PER_GUST; gust++) {
                calls.acquire(CALLS_PER_GUST);
                machines.get(chance.nextInt(SERVERS)).restart();
                list.publish(some(all, chance));
            }
            for (Future<?> each : callers) {
                each.get();
            }
        }
    }

    /** Most of the list, all of it, one of it, none of it. */
    private static List<Endpoint> some(List<Endpoint> all, SplittableRandom chance) {
        double share = chance.nextDouble();
        return all.stream()
                .filter(endpoint -> chance.nextDouble() < share * 1.5)
                .toList();
    }

    /** A server that can be restarted on its port. */
    private static final class Machine implements AutoCloseable {

        private final int port;
        private ScriptedServer server;

        Machine() throws IOException {
            server = ScriptedServer.start(Machine::serve);
            port = server.port();
        }

        Endpoint endpoint() {
            return Endpoint.of("http://127.0.0.1:" + port);
        }

        void restart() throws IOException {
            server.close();
            try {
                server = ScriptedServer.startOn(port, Machine::serve);
            } catch (BindException e) {
                // a client's end of some connection has the port: it stays down for now
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
        }

        private static void serve(ScriptedServer.Visit visit) throws IOException {
            visit.body();
            switch (visit.request().target()) {
                case "/large" -> visit.answer(200, "x".repeat(300_000));
                case "/busy" -> visit.answer(503, "busy");
                case "/error" -> visit.answer(500, "error");
                case "/reset" -> visit.reset();
                case "/close" -> visit.close();
                case "/hang" -> visit.hang();
                case "/half" -> {
                    visit.begin(200, 100_000);
                    visit.write("half");
                    visit.reset();
                }
                case "/stall" -> {
                    visit.begin(200, 100_000);
                    visit.write("stall");
                    visit.hang();
                }
                default -> visit.answer(200, "ok");
            }
        }
    }

    /** A source whose list is what a test says. */
    private static final class Published implements EndpointSource {

        private final CompletableFuture<Listener> listener = new CompletableFuture<>();

        @Override
        public Watch watch(Listener listener) {
            this.listener.complete(listener);
            return () -> {};
        }

        void publish(List<Endpoint> list) {
            listener.join().endpoints(list);
        }
    }

    /** Makes calls of every kind, and ends them in every way. What comes of them is of no interest. */
    private record Caller(BalancedHttpClient client) {

        void call(SplittableRandom chance) throws InterruptedException {
            String path = PATHS.get(chance.nextInt(PATHS.size()));
            HttpRequest.Builder request = Fleet.request(path).timeout(Duration.ofMillis(50 + chance.nextInt(150)));
            switch (chance.nextInt(4)) {
                case 0 -> request.POST(BodyPublishers.ofString("posted"));
                case 1 -> request.PUT(BodyPublishers.ofString("put"));
                default -> request.GET();
            }
            // Only a body that is sure to end may be read to its end
            boolean endless = path.equals("/stall");
            try {
                switch (chance.nextInt(7)) {
                    case 0, 1 -> blocking(request.build(), endless);
                    case 2 -> whole(request.build(), endless, chance.nextInt(3_000));
                    case 3 -> cancelled(request.build(), chance.nextInt(3_000));
                    case 4 -> cancelledStream(request.build(), chance.nextInt(3_000));
                    case 5 -> streamed(request.build(), chance.nextBoolean() && !endless);
                    default -> interrupted(request.build(), chance.nextInt(3_000));
                }
            } catch (IOException | CompletionException e) {
                // as it goes in a storm
            }
        }

        private void blocking(HttpRequest request, boolean endless) throws IOException, InterruptedException {
            if (endless) {
                client.send(request, BodyHandlers.ofInputStream()).body().close();
            } else {
                client.send(request, BodyHandlers.ofString());
            }
        }

        private void whole(HttpRequest request, boolean endless, int micros) {
            CompletableFuture<HttpResponse<String>> response = client.sendAsync(request, BodyHandlers.ofString());
            if (endless) {
                cancelAfter(micros, response);
            } else {
                response.join();
            }
        }

        private void cancelled(HttpRequest request, int micros) {
            cancelAfter(
                    micros, client.sendAsync(request, BodyHandlers.ofString()).thenApply(HttpResponse::body));
        }

        private void cancelledStream(HttpRequest request, int micros) throws IOException {
            CompletableFuture<HttpResponse<InputStream>> response =
                    client.sendAsync(request, BodyHandlers.ofInputStream());
            cancelAfter(micros, response);
            if (!response.isCancelled()) {
                response.join().body().close();
            }
        }

        /** So that the end comes at any point of the exchange. */
        private static void cancelAfter(int micros, CompletableFuture<?> response) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
            response.cancel(true);
        }

        private void streamed(HttpRequest request, boolean toTheEnd) throws IOException {
            HttpResponse<InputStream> response =
                    client.sendAsync(request, BodyHandlers.ofInputStream()).join();
            try (InputStream body = response.body()) {
                if (toTheEnd) {
                    body.readAllBytes();
                } else {
                    body.read();
                }
            }
        }

        private void interrupted(HttpRequest request, int micros) throws InterruptedException {
            Thread thread = Thread.ofVirtual().start(() -> {
                try {
                    client.send(request, BodyHandlers.ofString());
                } catch (IOException | InterruptedException e) {
                    // as it goes in a storm
                }
            });
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(micros));
            thread.interrupt();
            thread.join();
        }
    }

    /** Counts the calls that begin at each endpoint. */
    private record Counting(Policy policy, Map<String, AtomicLong> started) implements Policy {

        Counting(Policy policy) {
            this(policy, new ConcurrentHashMap<>());
        }

        long started(Endpoint endpoint) {
            return started.getOrDefault(endpoint.id(), new AtomicLong()).get();
        }

        @Override
        public Selector selector(
                List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
            Selector chooses = policy.selector(all, Optional.empty(), nowNanos, random);
            return new Selector() {
                @Override
                public int select(Call call, long now, RandomGenerator chance) {
                    return chooses.select(call, now, chance);
                }

                @Override
                public void started(Candidate candidate, long now) {
                    started.computeIfAbsent(candidate.endpoint().id(), id -> new AtomicLong())
                            .incrementAndGet();
                }
            };
        }
    }

    /** Counts the attempts of whose end the observer is told. */
    private static final class Told implements Observer {

        private final Map<String, AtomicLong> ended = new ConcurrentHashMap<>();

        long ended(Endpoint endpoint) {
            return ended.getOrDefault(endpoint.id(), new AtomicLong()).get();
        }

        @Override
        public void attemptEnded(Endpoint endpoint, Outcome outcome, long latencyNanos) {
            ended.computeIfAbsent(endpoint.id(), id -> new AtomicLong()).incrementAndGet();
        }
    }
}
