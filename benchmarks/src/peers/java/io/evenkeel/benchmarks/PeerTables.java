package io.evenkeel.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Other balancers beside Evenkeel's and the floors: all by JMH, and those that goals name in turns within one JVM. */
final class PeerTables {

    private static final List<Integer> SIZES = List.of(10, 100, 1_000, 10_000);
    private static final String[] FLOORS = {"two choices", "bare breaker", "two clock reads"};

    private final boolean brief;
    private final List<String> balancers;
    private final Report report = new Report("peers", "Other balancers of the JVM: select, acquire, complete");
    private final List<List<String>> goals = new ArrayList<>();

    PeerTables(boolean brief, List<String> balancers) {
        this.brief = brief;
        this.balancers = balancers;
        goals.add(List.of("replicas", "threads", "ratio", "goal", "CPU time", "control", "verdict"));
    }

    void run() throws Exception {
        for (int size : brief ? List.of(10, 10_000) : SIZES) {
            Samples beside = fork(OtherBalancers.FINAGLE_P2C, size);
            for (int threads = 1; threads <= 2; threads++) {
                String at = "/" + threads;
                double limit = size == 10 && threads == 1 ? 1 : Double.POSITIVE_INFINITY;
                goal(
                        size,
                        threads,
                        "adaptive / Finagle p2c",
                        limit,
                        beside,
                        sum(beside, OtherBalancers.FINAGLE_P2C + at));
                goal(size, threads, "adaptive / sum of floors", 1.3, beside, sum(beside, floors(at)));
            }
            scaling(size, beside);
            if (size == 10 || size == 10_000) {
                Samples ewma = fork(OtherBalancers.FINAGLE_EWMA, size);
                goal(size, 1, "adaptive / Finagle ewma", 0.4, ewma, sum(ewma, OtherBalancers.FINAGLE_EWMA + "/1"));
            }
        }
        report.paragraph(
                "What an operation is. Finagle: a session taken from the balancer and closed. gRPC: a pick over ready"
                        + " subchannels, and the stream's tracer. Armeria: `selectNow`. ServiceTalk: a connection selected from ready ones,"
                        + " and its request tracker. Spring Cloud: `choose().block()` over a list at hand. Ribbon: `chooseServer` and its"
                        + " statistics. Stork: the balancer over a list at hand, and its statistics. Vert.x: the selector and its metrics."
                        + " Armeria's and Spring Cloud's balancers are told nothing of how calls end; Finagle's, gRPC's, Stork's and"
                        + " Vert.x's rows have neither breaker nor health in them, Evenkeel's have all defaults.");
        report.paragraph("Those that goals name, in turns within one JVM, " + forks() + " JVMs each:");
        report.table(goals);
        for (int threads = 1; threads <= 2; threads++) {
            report.paragraph(
                    "By JMH, each in a JVM of its own; nanoseconds (with the half-width of a 99.9 % interval), and bytes"
                            + " where there are any. Threads: " + threads);
            report.table(table(jmh(threads)));
        }
        report.write(!brief && System.getProperty("bench.jmh", "").isEmpty());
    }

    private int forks() {
        return brief ? 1 : 4;
    }

    private Samples fork(String balancer, int size) throws Exception {
        Samples samples = new Samples();
        for (int fork = 0; fork < forks(); fork++) {
            Forks.run(
                    PickFork.class,
                    List.of(balancer, String.valueOf(size), brief ? "5" : "9", "40", String.valueOf(fork)),
                    samples);
        }
        report.samples(balancer + " " + size, samples);
        return samples;
    }

    private static String[] floors(String at) {
        return Arrays.stream(FLOORS).map(floor -> floor + at).toArray(String[]::new);
    }

    private static double[] sum(Samples samples, String... rows) {
        return samples.sum("cpu", rows);
    }

    private void goal(int size, int threads, String what, double limit, Samples samples, double[] against) {
        double[] ours = samples.of("evenkeel/" + threads, "cpu");
        Paired control = Paired.ratio(samples.of("evenkeel again/" + threads, "cpu"), ours);
        add(size, String.valueOf(threads), Goal.atMost(limit, what, Paired.ratio(ours, against), control));
    }

    /** Each of two threads takes so much longer than one alone. */
    private void scaling(int size, Samples samples) {
        double[] one = samples.of("evenkeel/1", "cpu");
        add(
                size,
                "2 against 1",
                Goal.atMost(
                        2.5,
                        "adaptive / adaptive",
                        Paired.ratio(samples.of("evenkeel/2", "cpu"), one),
                        Paired.ratio(samples.of("evenkeel again/1", "cpu"), one)));
    }

    private void add(int size, String threads, Goal goal) {
        boolean wanted = Double.isFinite(goal.limit());
        goals.add(List.of(
                String.valueOf(size),
                threads,
                goal.what(),
                wanted ? goal.goal() : "",
                goal.measured().toString(),
                goal.control().toString(),
                wanted ? goal.verdict() : ""));
    }

    private Collection<RunResult> jmh(int threads) throws Exception {
        String brevity = brief ? " -wi 2 -w 100ms -i 2 -r 100ms -p replicas=10" : "";
        return new Runner(new OptionsBuilder()
                        .parent(new CommandLineOptions(
                                ("-prof gc" + brevity + " " + System.getProperty("bench.jmh", ""))
                                        .trim()
                                        .split(" +", -1)))
                        .include(PeerBenchmark.class.getSimpleName())
                        .param("balancer", balancers.toArray(String[]::new))
                        .threads(threads)
                        .resultFormat(ResultFormatType.JSON)
                        .result(Main.TARGET
                                .resolve("peers-" + threads + "-threads.json")
                                .toString())
                        .build())
                .run();
    }

    private List<List<String>> table(Collection<RunResult> results) {
        Map<Integer, Map<String, String>> cells = new TreeMap<>();
        for (RunResult result : results) {
            cells.computeIfAbsent(Integer.valueOf(result.getParams().getParam("replicas")), size -> new TreeMap<>())
                    .put(result.getParams().getParam("balancer"), cell(result));
        }
        List<List<String>> table = new ArrayList<>();
        List<String> head = new ArrayList<>(List.of("replicas"));
        cells.keySet().forEach(size -> head.add(String.valueOf(size)));
        table.add(head);
        for (String balancer : balancers) {
            List<String> row = new ArrayList<>(List.of(balancer));
            cells.values().forEach(column -> row.add(column.getOrDefault(balancer, "-")));
            table.add(row);
        }
        return table;
    }

    private static String cell(RunResult result) {
        Result<?> time = result.getPrimaryResult();
        Result<?> bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
        String allocation = bytes == null || bytes.getScore() < 1 ? "" : ", " + Math.round(bytes.getScore()) + " B";
        return Report.number(time.getScore()) + " (" + Report.number(time.getScoreError()) + ")" + allocation;
    }
}
