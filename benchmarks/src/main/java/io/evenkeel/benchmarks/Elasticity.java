package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.discovery.file.FileEndpoints;
import io.evenkeel.http.BalancedHttpClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A day of traffic, shortened: replicas, each a process, come and go with the load, and register in a file that a balancer watches. Does a call fail, and do
 * the replicas in use follow the load?
 */
final class Elasticity {

    private static final int HOURS = 24;
    private static final int LOOKS_AN_HOUR = 5;
    private static final double FEWEST_CALLS = 40;
    private static final double MOST_CALLS = 400;
    private static final double QUIETEST_HOUR = 4;
    /** Each can do 100 a second. */
    private static final WaitingOrigin.Behaviour REPLICA = new WaitingOrigin.Behaviour(200, 2, 20_000, 0);

    private static final int CALLS_PER_REPLICA = 60;
    /** Until one that is no longer listed is told to end. */
    private static final Duration LEAVES_AFTER = Duration.ofSeconds(2);

    private final boolean brief;
    private final long hourNanos;
    private final List<Look> looks = new ArrayList<>();

    Elasticity(boolean brief) {
        this.brief = brief;
        this.hourNanos = Duration.ofMillis(brief ? 500 : 5_000).toNanos();
    }

    /** What there was in a part of an hour. */
    private record Look(double hour, double wanted, int listed, int inUse, double p99, long failed) {}

    /** One call. */
    private record Answered(String port, double millis) {}

    void run() throws Exception {
        Report report = new Report("elasticity", "A day of traffic");
        String verdict = verdict();
        report.paragraph(
                "A day in %d s. The load rises from %.0f to %.0f calls a second and falls again; a replica can do 100 a second, and there is one for each %d, two at least. Each is a"
                                .formatted(
                                        HOURS * hourNanos / 1_000_000_000, FEWEST_CALLS, MOST_CALLS, CALLS_PER_REPLICA)
                        + " process that registers once it runs, in a file that the balancer watches, and ends "
                        + LEAVES_AFTER.toSeconds() + " s after it was taken out of it. All else is at its default.");
        report.paragraph("![Replicas that the load needs, and those in use](elasticity.svg)");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("hour", "load needs", "listed", "answered calls", "p99, ms", "failed"));
        for (int i = 0; i < looks.size(); i += 2 * LOOKS_AN_HOUR) {
            Look look = looks.get(i);
            rows.add(List.of(
                    Report.number(look.hour),
                    Report.number(look.wanted),
                    String.valueOf(look.listed),
                    String.valueOf(look.inUse),
                    Report.number(look.p99),
                    String.valueOf(look.failed)));
        }
        report.table(rows);
        report.paragraph("Verdict: " + verdict + ".");
        chart().write(report.file("elasticity.svg", !brief));
        report.write(!brief);
    }

    private LineChart chart() {
        Map<Double, Double> wanted = new TreeMap<>();
        Map<Double, Double> inUse = new TreeMap<>();
        looks.forEach(look -> {
            wanted.put(look.hour, look.wanted);
            inUse.put(look.hour, (double) look.inUse);
        });
        return new LineChart("Replicas over a day", "hour")
                .line("that the load needs", "#bbb", wanted)
                .line("that answered calls", "#06c", inUse);
    }

    /** How the day went, in a few words. */
    String verdict() throws Exception {
        int failed;
        try (Processes processes = new Processes()) {
            Day day = new Day(processes);
            try {
                day.pass();
            } finally {
                day.end();
            }
            failed = day.failed.size();
        }
        int most = looks.stream().mapToInt(Look::inUse).max().orElse(0);
        int fewest = looks.stream().mapToInt(Look::inUse).min().orElse(0);
        int last = looks.get(looks.size() - 1).inUse;
        return "%d calls failed; %d to %d replicas were in use, %d at the end".formatted(failed, fewest, most, last);
    }

    private static double callsASecond(double hour) {
        double part = 0.5 - 0.5 * Math.cos(2 * Math.PI * (hour - QUIETEST_HOUR) / HOURS);
        return FEWEST_CALLS + (MOST_CALLS - FEWEST_CALLS) * part;
    }

    private static double needed(double hour) {
        return Math.max(2, Math.ceil(callsASecond(hour) / CALLS_PER_REPLICA));
    }

    /** Replicas, their list, and calls to them, from midnight to midnight. */
    private final class Day {

        private final Processes processes;
        private final Path file = Files.createTempFile("replicas", ".json");
        private final Deque<Running> listed = new ConcurrentLinkedDeque<>();
        private final ExecutorService hands = Executors.newVirtualThreadPerTaskExecutor();
        private final Map<Integer, Answered> answered = new ConcurrentHashMap<>();
        private final Set<Integer> failed = ConcurrentHashMap.newKeySet();
        private final LoadBalancer balancer;
        private final HttpClient client;
        private final Semaphore changing = new Semaphore(1);
        private int calls;
        /** The first call that no look has counted. */
        private int uncounted;

        private record Running(String uri, Process process) {}

        Day(Processes processes) throws IOException {
            this.processes = processes;
            while (listed.size() < needed(0)) {
                listed.add(start());
            }
            write();
            balancer = LoadBalancer.builder("orders")
                    .source(FileEndpoints.at(file))
                    .deadline(Duration.ofSeconds(5))
                    .build();
            client = BalancedHttpClient.of(balancer);
        }

        private Running start() throws IOException {
            List<String> args = new ArrayList<>(List.of("1"));
            args.addAll(REPLICA.words());
            Process process = processes.start(Forks.command(WaitingOrigin.class, "64m", args));
            return new Running("http://127.0.0.1:" + process.inputReader().readLine(), process);
        }

        private void write() throws IOException {
            Path next = file.resolveSibling(file.getFileName() + ".next");
            Files.writeString(
                    next,
                    listed.stream().map(replica -> '"' + replica.uri + '"').collect(Collectors.joining(",", "[", "]")));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        }

        void pass() throws Exception {
            long start = System.nanoTime();
            long due = start;
            double nextLook = 0;
            for (double hour = 0; hour < HOURS; hour = (double) (System.nanoTime() - start) / hourNanos) {
                call();
                if (hour >= nextLook) {
                    look(hour);
                    nextLook += 1.0 / LOOKS_AN_HOUR;
                    scale(hour);
                }
                due += (long) (1e9 / callsASecond(hour));
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
            }
        }

        private void call() {
            int number = calls++;
            long began = System.nanoTime();
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://orders/")).build();
            hands.execute(() -> {
                Answered answer = answer(request, began);
                if (answer == null) {
                    failed.add(number);
                } else {
                    answered.put(number, answer);
                }
            });
        }

        private @Nullable Answered answer(HttpRequest request, long began) {
            try {
                HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
                return response.statusCode() == 200
                        ? new Answered(response.body(), (System.nanoTime() - began) / 1e6)
                        : null;
            } catch (IOException | InterruptedException e) {
                return null;
            }
        }

        /** Of the calls since the last look. */
        private void look(double hour) {
            List<Answered> some = new ArrayList<>();
            for (int number = uncounted; number < calls; number++) {
                Answered answer = answered.get(number);
                if (answer != null) {
                    some.add(answer);
                }
            }
            if (some.isEmpty()) {
                return;
            }
            uncounted = calls;
            double[] sorted =
                    some.stream().mapToDouble(Answered::millis).sorted().toArray();
            looks.add(new Look(
                    hour,
                    needed(hour),
                    listed.size(),
                    (int) some.stream().map(Answered::port).distinct().count(),
                    sorted[(int) Math.ceil(0.99 * sorted.length) - 1],
                    failed.size() - looks.stream().mapToLong(Look::failed).sum()));
        }

        /** One step towards what the load needs; while a replica starts, calls go on. */
        private void scale(double hour) {
            if (listed.size() < needed(hour)) {
                hands.execute(this::add);
            } else if (listed.size() > needed(hour)) {
                hands.execute(this::remove);
            }
        }

        private void add() {
            changed(() -> {
                listed.addLast(start());
                write();
            });
        }

        private void remove() {
            changed(() -> {
                Running last = listed.removeFirst();
                write();
                Thread.sleep(LEAVES_AFTER);
                last.process.destroy();
            });
        }

        /** One change at a time; who comes meanwhile comes again. */
        private void changed(Change change) {
            if (!changing.tryAcquire()) {
                return;
            }
            try {
                change.make();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException("a replica could not be changed", e);
            } finally {
                changing.release();
            }
        }

        void end() throws IOException {
            hands.close();
            look(HOURS);
            client.shutdownNow();
            balancer.close();
            Files.deleteIfExists(file);
        }
    }

    /** What happens to the replicas. */
    @FunctionalInterface
    private interface Change {
        void make() throws IOException, InterruptedException;
    }
}
