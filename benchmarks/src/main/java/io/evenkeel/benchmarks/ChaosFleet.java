package io.evenkeel.benchmarks;

import io.evenkeel.BalancerStats;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replicas, each a process, what is between, and a client whose calls and attempts are noted. */
final class ChaosFleet implements Contender, Observer {

    private static final String LOST = "chaos";
    private static final int FAILING_MICROS = 100;

    private final Trouble.Setting setting;
    private final boolean repeatable;
    private final Duration timeout;
    private final Processes processes = new Processes();
    private final List<Process> replicas = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<FaultProxy> proxies = new ArrayList<>();
    private final List<EndpointSource.Listener> listeners = new ArrayList<>();
    private final HttpClient commands = HttpClient.newHttpClient();
    private final AtomicLong jumped = new AtomicLong();
    private final AtomicLong calls = new AtomicLong();
    private final Queue<Told> events = new ConcurrentLinkedQueue<>();
    private final Queue<Attempted> attempts = new ConcurrentLinkedQueue<>();
    private final LoadBalancer balancer;
    private final HttpClient client;
    private @Nullable CompletableFuture<OpenLoop> rush;

    /** A change of a replica's state, and when it was told. */
    private record Told(long nanos, EndpointState state) {}

    /** An attempt, by the real clock. */
    record Attempted(String id, long began, long ended, Outcome outcome) {}

    ChaosFleet(Trouble.Setting setting, boolean repeatable, Duration timeout) throws IOException {
        this.setting = setting;
        this.repeatable = repeatable;
        this.timeout = timeout;
        for (int i = 0; i < setting.replicas(); i++) {
            start(i);
            proxies.add(new FaultProxy(ports.get(i)));
        }
        LoadBalancer.Builder builder = LoadBalancer.builder("orders")
                .source(to -> {
                    listeners.add(to);
                    to.endpoints(endpoints());
                    return () -> {};
                })
                .clock(() -> System.nanoTime() + jumped.get())
                .observer(this);
        balancer = setting.settings()
                .apply(setting.zoned() ? builder.zone("own") : builder)
                .build();
        client = BalancedHttpClient.of(balancer);
    }

    private void start(int i) throws IOException {
        List<String> args = new ArrayList<>(List.of("1"));
        args.addAll(setting.well().words());
        Process process = processes.start(Forks.command(WaitingOrigin.class, "96m", args));
        int port = Integer.parseInt(process.inputReader().readLine());
        if (i < replicas.size()) {
            replicas.set(i, process);
            ports.set(i, port);
        } else {
            replicas.add(process);
            ports.add(port);
        }
    }

    LoadBalancer balancer() {
        return balancer;
    }

    List<Endpoint> endpoints() {
        List<Endpoint> all = new ArrayList<>();
        for (FaultProxy proxy : proxies) {
            Endpoint endpoint = Endpoint.of(proxy.address());
            all.add(!setting.zoned() ? endpoint : endpoint.withZone(all.size() < proxies.size() / 2 ? "own" : "other"));
        }
        return all;
    }

    // What happens.

    FaultProxy first() {
        return proxies.getFirst();
    }

    void list(List<Endpoint> all) {
        listeners.forEach(listener -> listener.endpoints(all));
    }

    void listAll() {
        list(endpoints());
    }

    void failSource() {
        listeners.forEach(listener -> listener.failed(new IOException("registry down")));
    }

    void jump(long nanos) {
        jumped.addAndGet(nanos);
    }

    void killFirst() throws IOException {
        replicas.getFirst().destroyForcibly();
        first().set(FaultProxy.Fault.REFUSED);
    }

    void restartFirst() throws IOException {
        start(0);
        first().lead(ports.getFirst());
        first().set(FaultProxy.Fault.NONE);
    }

    /** So many, and no others. */
    void refuse(int count) throws IOException {
        for (int i = 0; i < proxies.size(); i++) {
            proxies.get(i).set(i < count ? FaultProxy.Fault.REFUSED : FaultProxy.Fault.NONE);
        }
    }

    /** Another process at another address in its place. */
    void replace(int i) throws IOException {
        replicas.get(i).destroyForcibly();
        proxies.get(i).close();
        start(i);
        proxies.set(i, new FaultProxy(ports.get(i)));
    }

    void signal(String name) throws IOException, InterruptedException {
        Namespace.run("kill", "-" + name, String.valueOf(replicas.getFirst().pid()));
    }

    /** Of the packets to and from the first, so many percent. Only in a network of its own. */
    void loseFirst(int percent) throws IOException, InterruptedException {
        int port = Endpoint.of(first().address()).port();
        Namespace.run("nft", "add", "table", "inet", LOST);
        Namespace.run("nft", "add", "chain", "inet", LOST, "in", "{ type filter hook input priority 0; }");
        String some = percent == 100 ? "" : " numgen random mod 100 < " + percent;
        for (String end : List.of("dport", "sport")) {
            String rule = "nft add rule inet " + LOST + " in tcp " + end + " " + port + some + " drop";
            Namespace.run(rule.split(" "));
        }
    }

    void loseNone() throws IOException, InterruptedException {
        Namespace.run("nft", "delete", "table", "inet", LOST);
    }

    void become(int i, int status) throws Exception {
        WaitingOrigin.Behaviour well = setting.well();
        WaitingOrigin.Behaviour behaviour =
                status == 200 ? well : new WaitingOrigin.Behaviour(status, well.slots(), FAILING_MICROS, well.spread());
        URI uri = URI.create("http://127.0.0.1:" + ports.get(i) + behaviour.path());
        commands.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
    }

    void becomeAll(int status) throws Exception {
        for (int i = 0; i < ports.size(); i++) {
            become(i, status);
        }
    }

    void rush(CompletableFuture<OpenLoop> calls) {
        rush = calls;
    }

    void endRush() {
        if (rush != null) {
            rush.join();
        }
    }

    @Nullable
    OpenLoop rushed() {
        return rush == null ? null : rush.join();
    }

    // What came of it.

    void forgetEvents() {
        events.clear();
    }

    int firstPort() {
        return ports.getFirst();
    }

    /** How many calls a replica was sent again, or two were sent. */
    long executedTwice() {
        Map<String, Long> times = new HashMap<>();
        proxies.forEach(proxy -> proxy.sent().forEach((call, sent) -> times.merge(call, (long) sent.get(), Long::sum)));
        return times.values().stream().filter(sent -> sent > 1).count();
    }

    Stream<Attempted> attempts() {
        return attempts.stream();
    }

    /** Those at the first replica. */
    Stream<Attempted> attemptsAtFirst() {
        String id = Endpoint.of(first().address()).id();
        return attempts.stream().filter(attempt -> attempt.id.equals(id));
    }

    /** Nanoseconds from then to the first change of a replica's state; negative if there was none. */
    long noticed(long from) {
        return told(from, state -> true).min(Long::compare).orElse(-1L);
    }

    /** The same to the last return of one. */
    long allUp(long from) {
        return told(from, state -> state == EndpointState.UP).max(Long::compare).orElse(-1L);
    }

    private Stream<Long> told(long from, Predicate<EndpointState> wanted) {
        return events.stream()
                .filter(told -> told.nanos - from >= 0 && wanted.test(told.state))
                .map(told -> told.nanos - from);
    }

    /** What must hold once the last call has ended, and does not. */
    List<String> leftBehind() throws InterruptedException {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < 100 && !isIdle(); i++) {
            Thread.sleep(100); // a call that was given up may be about to be told so
        }
        if (!isIdle()) {
            left.add("left in flight");
        }
        BalancerStats stats = balancer.stats();
        if (attempts.size() > stats.calls() + stats.repeats()) {
            left.add("more attempts ended than began");
        }
        return left;
    }

    private boolean isIdle() {
        return balancer.stats().endpoints().stream().allMatch(line -> line.inFlight() == 0);
    }

    @Override
    public void stateChanged(StateChanged event) {
        events.add(new Told(System.nanoTime(), event.to()));
    }

    @Override
    public void attemptEnded(Endpoint endpoint, Outcome outcome, long latencyNanos) {
        long now = System.nanoTime();
        attempts.add(new Attempted(endpoint.id(), now - latencyNanos, now, outcome));
    }

    @Override
    public CompletionStage<Answer> call() {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://orders/"))
                .version(HttpClient.Version.HTTP_1_1)
                .header(FaultProxy.CALL, String.valueOf(calls.incrementAndGet()))
                .timeout(timeout);
        if (!repeatable) {
            request.POST(BodyPublishers.noBody());
        }
        try {
            HttpResponse<String> response = client.send(request.build(), BodyHandlers.ofString());
            return CompletableFuture.completedFuture(
                    new Answer(response.statusCode(), HttpContender.port(response.body())));
        } catch (IOException | InterruptedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public boolean blocks() {
        return true;
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        balancer.close();
        commands.shutdownNow();
        for (FaultProxy proxy : proxies) {
            proxy.close();
        }
        processes.close();
    }
}
