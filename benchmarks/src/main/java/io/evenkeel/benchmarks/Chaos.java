package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.Observer;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * What callers see of real faults: five replicas, each a process, behind a {@link FaultProxy} each; one client with all defaults makes a
 * thousand calls a second while something happens to a replica, to the network or to the list, and after it is mended.
 */
final class Chaos {

    private static final int REPLICAS = 5;
    private static final WaitingOrigin.Behaviour WELL = new WaitingOrigin.Behaviour(200, 32, 4_000, 25);
    /** The verdict where nothing is amiss. */
    static final String WELL_BORNE = "as it should be";

    private static final double NANOS_A_SECOND = 1e9;
    private static final double RATIO = 0.2;
    private static final double A_SECOND = 10;

    private final Report report = new Report("chaos", "Real faults");
    private final int before;
    private final int during;
    private final int after;

    private final boolean brief;
    private final int rate;
    private final Duration timeout;

    Chaos(boolean brief) {
        this(brief, brief ? 1_000 : 3_000, brief ? 3_000 : 5_000, brief ? 3_000 : 32_000, 1_000, Duration.ofSeconds(2));
    }

    private Chaos(boolean brief, int beforeMillis, int duringMillis, int afterMillis, int rate, Duration timeout) {
        this.brief = brief;
        this.before = beforeMillis;
        this.during = duringMillis;
        this.after = afterMillis;
        this.rate = rate;
        this.timeout = timeout;
    }

    /** With so few calls, and so much time for each, that a machine which is busy with other work does not show. */
    static Chaos unhurried() {
        return new Chaos(true, 1_000, 3_000, 3_000, 100, Duration.ofSeconds(15));
    }

    private int callsIn(int millis) {
        return millis * rate / 1_000;
    }

    /** Something that happens, and is mended. */
    private interface Mischief {
        void happen(Fleet fleet) throws Exception;

        void mend(Fleet fleet) throws Exception;
    }

    /**
     * A kind of trouble.
     *
     * @param repeatable whether the calls may be repeated
     * @param lossless whether callers should see no failure
     */
    private record Scenario(String name, boolean repeatable, boolean lossless, Mischief mischief) {}

    private static Mischief network(FaultProxy.Fault fault) {
        return mischief(
                fleet -> fleet.proxies.getFirst().set(fault),
                fleet -> fleet.proxies.getFirst().set(FaultProxy.Fault.NONE));
    }

    @FunctionalInterface
    private interface Deed {
        void to(Fleet fleet) throws Exception;
    }

    private static Mischief mischief(Deed happen, Deed mend) {
        return new Mischief() {
            @Override
            public void happen(Fleet fleet) throws Exception {
                happen.to(fleet);
            }

            @Override
            public void mend(Fleet fleet) throws Exception {
                mend.to(fleet);
            }
        };
    }

    private List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        Map<String, Mischief> single = new LinkedHashMap<>();
        single.put("killed", mischief(Fleet::killFirst, Fleet::restartFirst));
        single.put("stopped", mischief(fleet -> fleet.signal("STOP"), fleet -> fleet.signal("CONT")));
        single.put("refuses connections", network(FaultProxy.Fault.REFUSED));
        single.put("accepts, and hangs", network(FaultProxy.Fault.HANGS));
        single.put("resets in the body", network(FaultProxy.Fault.RESET));
        single.put("200 ms slower", network(FaultProxy.Fault.SLOW));
        single.put("answers 503 at once", mischief(fleet -> fleet.become(0, 503), fleet -> fleet.become(0, 200)));
        single.put("answers 500 at once", mischief(fleet -> fleet.become(0, 500), fleet -> fleet.become(0, 200)));
        single.forEach((name, mischief) -> {
            boolean hidden = !name.contains("500") && !name.contains("body");
            all.add(new Scenario("one of five " + name, true, hidden, mischief));
            all.add(new Scenario("one of five " + name + ", calls not to be repeated", false, false, mischief));
        });
        all.add(new Scenario(
                "the list is empty",
                true,
                true,
                mischief(fleet -> fleet.list(List.of()), fleet -> fleet.list(fleet.endpoints()))));
        all.add(new Scenario(
                "the registry is down", true, true, mischief(Fleet::fail, fleet -> fleet.list(fleet.endpoints()))));
        all.add(new Scenario(
                "70 % of the list are gone, and live",
                true,
                true,
                mischief(
                        fleet -> fleet.list(fleet.endpoints().subList(3, 5)), fleet -> fleet.list(fleet.endpoints()))));
        all.add(new Scenario(
                "all answer 503 at once",
                true,
                false,
                mischief(fleet -> fleet.becomeAll(503), fleet -> fleet.becomeAll(200))));
        all.add(new Scenario("each is replaced in turn", true, true, mischief(this::deploy, fleet -> {})));
        return all;
    }

    /** One after the other leaves the list, ends when nothing is in flight there, and comes back as another. */
    private void deploy(Fleet fleet) throws Exception {
        for (int i = 0; i < REPLICAS; i++) {
            Endpoint leaving = fleet.endpoints().get(i);
            List<Endpoint> left = new ArrayList<>(fleet.endpoints());
            left.remove(leaving);
            fleet.balancer.drain(leaving).get();
            fleet.list(left);
            fleet.replace(i);
            fleet.list(fleet.endpoints());
            Thread.sleep(during / REPLICAS / 2);
        }
    }

    /** What came of the scenarios of these names, of all if there are none; a row each, below a row that names the columns. */
    List<List<String>> rows(Set<String> names) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "trouble",
                "calls",
                "failed",
                "p99 before, ms",
                "p99 meanwhile, ms",
                "p99 at the end, ms",
                "attempts a call",
                "noticed after, ms",
                "in full again after, s",
                "executed twice",
                "verdict"));
        try (Fleet cold = new Fleet(true, timeout)) { // a cold JVM is a trouble of its own
            OpenLoop.run(cold, rate, 0, () -> null, callsIn(3_000));
        }
        for (Scenario scenario : scenarios()) {
            if (names.isEmpty() || names.contains(scenario.name)) {
                rows.add(take(scenario));
            }
        }
        return rows;
    }

    void run() throws Exception {
        List<List<String>> rows = rows(Set.of());
        report.paragraph(
                "Five replicas, each a process of its own with 4 ms of service time, behind a TCP proxy each that can misbehave. One client with all defaults,"
                        + " and a timeout of 2 s a call, makes a thousand calls a second at constant intervals, and latency counts from when a call should have begun."
                        + " The trouble lasts " + during / 1_000.0
                        + " s. Noticed: the first change of a replica's state. In full again: since it was mended. Executed"
                        + " twice: calls that a replica was sent again, or two were sent, and that may not be repeated. Verdict: no call failed where none may, nothing was"
                        + " executed twice, repeats within 0.2 of the calls and 10 a second, and nothing is left in flight.");
        report.table(rows);
        report.write(!brief);
    }

    private List<String> take(Scenario scenario) throws Exception {
        try (Fleet fleet = new Fleet(scenario.repeatable, timeout)) {
            AtomicLong happened = new AtomicLong();
            AtomicLong mended = new AtomicLong();
            int calls = callsIn(before + during + after);
            OpenLoop warm = OpenLoop.run(fleet, rate, 0, () -> null, callsIn(1_000));
            fleet.events.clear();
            OpenLoop loop = OpenLoop.run(
                    fleet,
                    rate,
                    callsIn(before),
                    () -> {
                        happened.set(System.nanoTime());
                        scenario.mischief.happen(fleet);
                        Thread.sleep(Math.max(0, during - (System.nanoTime() - happened.get()) / 1_000_000));
                        mended.set(System.nanoTime());
                        scenario.mischief.mend(fleet);
                        return null;
                    },
                    calls - callsIn(before));
            int begin = callsIn(before);
            int end = callsIn(during);
            OpenLoop.Window all = loop.window(0, calls);
            long failed = Math.round(all.failed() / 100 * calls);
            long twice = scenario.repeatable ? 0 : fleet.executedTwice();
            boolean idle = fleet.balancer.stats().endpoints().stream().allMatch(line -> line.inFlight() == 0);
            double repeats = fleet.balancer.stats().repeats();
            boolean budget = repeats
                    <= RATIO * fleet.balancer.stats().calls() + A_SECOND * (before + during + after + 10_000) / 1_000;
            List<String> amiss = new ArrayList<>();
            note(amiss, scenario.lossless && failed > 0, "calls failed");
            note(amiss, twice > 0, "executed twice");
            note(amiss, !idle, "left in flight");
            note(amiss, !budget, "too many repeats");
            note(amiss, warm.window(0, callsIn(1_000)).failed() > 0, "failed before");
            return List.of(
                    scenario.name,
                    String.valueOf(calls),
                    String.valueOf(failed),
                    Report.number(loop.window(begin / 2, begin / 2).percentile(99)),
                    Report.number(loop.window(begin, end).percentile(99)),
                    Report.number(loop.window(calls - begin, begin).percentile(99)),
                    String.format(
                            Locale.ROOT,
                            "%.4f",
                            1 + repeats / fleet.balancer.stats().calls()),
                    millis(fleet.firstEvent(happened.get(), state -> true) - happened.get()),
                    seconds(fleet.lastUp(mended.get()) - mended.get()),
                    scenario.repeatable ? "" : String.valueOf(twice),
                    amiss.isEmpty() ? WELL_BORNE : String.join(", ", amiss));
        }
    }

    private static void note(List<String> amiss, boolean is, String words) {
        if (is) {
            amiss.add(words);
        }
    }

    private static String millis(long nanos) {
        return nanos < 0 ? "-" : Report.number(nanos / 1e6);
    }

    private static String seconds(long nanos) {
        return nanos < 0 ? "-" : Report.number(nanos / NANOS_A_SECOND);
    }

    /** A change of a replica's state, and when it was told. */
    private record Told(long nanos, EndpointState state) {}

    /** Replicas, what is between, and a client. */
    private static final class Fleet implements Contender, Observer {

        private final Processes processes = new Processes();
        private final List<Process> replicas = new ArrayList<>();
        private final List<Integer> ports = new ArrayList<>();
        private final List<FaultProxy> proxies = new ArrayList<>();
        private final HttpClient commands = HttpClient.newHttpClient();
        private final Queue<Told> events = new ConcurrentLinkedQueue<>();
        private final AtomicLong calls = new AtomicLong();
        private final LoadBalancer balancer;
        private final HttpClient client;
        private final boolean repeatable;
        private final Duration timeout;
        private final List<EndpointSource.Listener> listeners = new ArrayList<>();

        Fleet(boolean repeatable, Duration timeout) throws IOException {
            this.repeatable = repeatable;
            this.timeout = timeout;
            for (int i = 0; i < REPLICAS; i++) {
                start(i);
                proxies.add(new FaultProxy(ports.get(i)));
            }
            balancer = LoadBalancer.builder("orders")
                    .source(to -> {
                        listeners.add(to);
                        to.endpoints(endpoints());
                        return () -> {};
                    })
                    .observer(this)
                    .build();
            client = BalancedHttpClient.of(balancer);
        }

        private void start(int i) throws IOException {
            List<String> args = new ArrayList<>(List.of("1"));
            args.addAll(WELL.words());
            Process process = processes.start(Forks.command(WaitingOrigin.class, "48m", args));
            int port = Integer.parseInt(process.inputReader().readLine());
            if (i < replicas.size()) {
                replicas.set(i, process);
                ports.set(i, port);
            } else {
                replicas.add(process);
                ports.add(port);
            }
        }

        List<Endpoint> endpoints() {
            return proxies.stream().map(proxy -> Endpoint.of(proxy.address())).toList();
        }

        void list(List<Endpoint> all) {
            listeners.forEach(listener -> listener.endpoints(all));
        }

        void fail() {
            listeners.forEach(listener -> listener.failed(new IOException("registry down")));
        }

        void killFirst() throws IOException {
            replicas.getFirst().destroyForcibly();
            proxies.getFirst().set(FaultProxy.Fault.REFUSED);
        }

        void restartFirst() throws IOException {
            start(0);
            proxies.getFirst().lead(ports.getFirst());
            proxies.getFirst().set(FaultProxy.Fault.NONE);
        }

        /** Another process at another address in its place. */
        void replace(int i) throws IOException {
            replicas.get(i).destroyForcibly();
            proxies.get(i).close();
            start(i);
            proxies.set(i, new FaultProxy(ports.get(i)));
        }

        void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder(
                            "kill",
                            "-" + name,
                            String.valueOf(replicas.getFirst().pid()))
                    .start()
                    .waitFor();
        }

        void become(int i, int status) throws Exception {
            WaitingOrigin.Behaviour behaviour = status == 200 ? WELL : new WaitingOrigin.Behaviour(status, 32, 100, 25);
            URI uri = URI.create("http://127.0.0.1:" + ports.get(i) + behaviour.path());
            commands.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding());
        }

        void becomeAll(int status) throws Exception {
            for (int i = 0; i < REPLICAS; i++) {
                become(i, status);
            }
        }

        long executedTwice() {
            Map<String, Long> times = new HashMap<>();
            proxies.forEach(proxy ->
                    proxy.sent().forEach((call, sent) -> times.merge(call, (long) sent.get(), Long::sum)));
            return times.values().stream().filter(sent -> sent > 1).count();
        }

        long firstEvent(long from, Predicate<EndpointState> wanted) {
            return events.stream()
                    .filter(told -> told.nanos - from >= 0 && wanted.test(told.state))
                    .mapToLong(Told::nanos)
                    .min()
                    .orElse(from - 1);
        }

        long lastUp(long from) {
            return events.stream()
                    .filter(told -> told.nanos - from >= 0 && told.state == EndpointState.UP)
                    .mapToLong(Told::nanos)
                    .max()
                    .orElse(from - 1);
        }

        @Override
        public void stateChanged(StateChanged event) {
            events.add(new Told(System.nanoTime(), event.to()));
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
}
