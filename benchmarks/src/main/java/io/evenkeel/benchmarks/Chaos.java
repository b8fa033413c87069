package io.evenkeel.benchmarks;

import io.evenkeel.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What callers see of real faults: replicas, each a process, behind a {@link FaultProxy} each; one client with all defaults makes calls at constant
 * intervals while something happens to a replica, to the network or to the list, and after it is mended.
 */
final class Chaos {

    /** The verdict where nothing is amiss. */
    static final String WELL_BORNE = "as it should be";

    private static final List<String> COLUMNS = List.of(
            "trouble",
            "calls",
            "failed",
            "p99 before, ms",
            "p99 meanwhile, ms",
            "p99 at the end, ms",
            "attempts a call",
            "most repeats in 10 s",
            "noticed after, ms",
            "calls to it since the first evidence",
            "in full again after, s",
            "its share at the end, %",
            "calls answered again after, s",
            "executed twice",
            "verdict");

    /** A call that has been open for so many mean latencies is the first evidence against a replica that says nothing. */
    private static final double EVIDENCE_LATENCIES = 8;
    /** So many calls may begin at a dead replica since the first evidence. */
    private static final long MOST_SINCE_EVIDENCE = 3;

    private static final int SLICE_MILLIS = 250;
    private static final double GOOD_PERCENT = 95;
    private static final int AGAIN_SECONDS = 5;
    private static final double NANOS_A_SECOND = 1e9;
    private static final String TAB = "\t";

    private final Pace pace;

    Chaos(boolean brief) {
        this(brief ? Pace.BRIEF : Pace.FULL);
    }

    private Chaos(Pace pace) {
        this.pace = pace;
    }

    /** How long a trouble is looked at, in milliseconds, with how many calls a second, of which each may take so long. */
    private record Pace(int before, int during, int after, int rate, int timeoutMillis) {

        static final Pace FULL = new Pace(3_000, 5_000, 40_000, 500, 2_000);
        static final Pace BRIEF = new Pace(1_000, 3_000, 4_000, 500, 2_000);
        /** With so few calls, and so much time for each, that a machine which is busy with other work does not show. */
        static final Pace UNHURRIED = new Pace(1_000, 3_000, 3_000, 100, 15_000);

        /** Those of whom nobody returns by a ramp need not be waited for so long. */
        Pace of(Trouble trouble) {
            int less =
                    trouble.kind().isOfOne() || trouble.kind() == Trouble.Kind.MANY ? after : Math.min(after, 15_000);
            int calls = trouble.setting().rate() == 0 ? rate : trouble.setting().rate();
            return new Pace(before, during, less, calls, timeoutMillis);
        }

        int callsIn(int millis) {
            return (int) ((long) millis * rate / 1_000);
        }

        Duration timeout() {
            return Duration.ofMillis(timeoutMillis);
        }

        List<String> words() {
            return Stream.of(before, during, after, rate, timeoutMillis)
                    .map(String::valueOf)
                    .toList();
        }

        static Pace of(List<String> words) {
            int[] numbers = words.stream().mapToInt(Integer::parseInt).toArray();
            return new Pace(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]);
        }
    }

    static Chaos unhurried() {
        return new Chaos(Pace.UNHURRIED);
    }

    /** One trouble in a network of its own: the pace in numbers, and its name. Prints its row, tabs between. */
    public static void main(String[] args) throws Exception {
        Namespace.begin();
        List<String> words = List.of(args);
        Pace pace = Pace.of(words.subList(0, words.size() - 1));
        Chaos chaos = new Chaos(pace);
        chaos.warm();
        Trouble trouble = Trouble.named(words.getLast(), pace.during).orElseThrow();
        System.out.println(String.join(TAB, chaos.row(trouble)));
        System.exit(0);
    }

    /** All but rushes. */
    void run() throws Exception {
        Report report = new Report("chaos", "Real faults");
        List<List<String>> rows = rows(trouble -> trouble.kind() != Trouble.Kind.RUSH);
        report.paragraph(
                "Five replicas, each a process of its own with 4 ms of service time, behind a TCP proxy each that can misbehave. One client with all defaults,"
                        + " and a timeout of 2 s a call, makes 500 calls a second at constant intervals, and latency counts from when a call should have begun."
                        + " The trouble lasts " + pace.during / 1_000.0
                        + " s. Packets are lost in a network namespace.");
        report.paragraph(
                "Noticed: the first change of a replica's state. Evidence: the first failed attempt, or a call open for eight mean latencies. In full again, and"
                        + " answered again (95 % of the calls of each quarter of a second succeed): since it was mended. Executed twice: calls that a replica was sent again, or"
                        + " two were sent, and that may not be repeated. Verdict: no repeatable call failed where one replica alone is in trouble, or the list, but for answers that callers are to see (a 500, and a body that"
                        + " breaks off or trickles); nothing was executed twice; a dead"
                        + " replica got at most 3 calls since the first evidence; no repeat was made beyond 0.2 of the calls and 10 a second of the 10 s before it;"
                        + " and nothing is left in flight.");
        report.table(rows);
        report.write(pace.equals(Pace.FULL));
    }

    /** Only rushes. */
    void runRushes() throws Exception {
        Report report = new Report("rush", "More calls than replicas can do");
        List<List<String>> rows = rows(trouble -> trouble.kind() == Trouble.Kind.RUSH);
        report.paragraph(
                "As above, but the replicas can do 500 calls a second together, and get 400. Then, for "
                        + pace.during / 1_000.0
                        + " s, they get two or three times what they can do. A limit is `Limit.adaptive()`, a queue one of 50.");
        report.paragraph(
                "Verdict: calls were answered again within 5 s; no repeat was made beyond 0.2 of the calls and 10 a second of the"
                        + " 10 s before it; and nothing is left in flight.");
        report.table(rows);
        report.write(pace.equals(Pace.FULL));
    }

    /** What came of the troubles of these names; a row each, below a row that names the columns. */
    List<List<String>> rows(Set<String> names) throws Exception {
        return rows(trouble -> names.contains(trouble.name()));
    }

    private List<List<String>> rows(Predicate<Trouble> some) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        rows.add(COLUMNS);
        Optional<String> missing = Namespace.missing();
        warm();
        for (Trouble trouble : Trouble.all(pace.during)) {
            if (!some.test(trouble)) {
                continue;
            }
            if (trouble.isOfPackets() && missing.isPresent()) {
                System.out.println("Left out: " + trouble.name() + ": " + missing.get() + ".");
                continue;
            }
            rows.add(trouble.isOfPackets() ? rowApart(trouble) : row(trouble));
            System.out.println(String.join(" | ", rows.getLast())); // it may take half an hour: nothing is to be lost
        }
        return rows;
    }

    /** A cold JVM is a trouble of its own. */
    private void warm() throws Exception {
        Trouble any = Trouble.all(pace.during).getFirst();
        try (ChaosFleet cold = new ChaosFleet(any.setting(), true, pace.timeout())) {
            OpenLoop.run(cold, pace.rate, 0, () -> null, pace.callsIn(3_000));
        }
    }

    private List<String> rowApart(Trouble trouble) throws IOException, InterruptedException {
        List<String> args = new ArrayList<>(pace.words());
        args.add(trouble.name());
        return List.of(Namespace.lines(Chaos.class, args).getLast().split(TAB, -1));
    }

    private List<String> row(Trouble trouble) throws Exception {
        Pace own = pace.of(trouble);
        try (ChaosFleet fleet = new ChaosFleet(trouble.setting(), trouble.repeatable(), own.timeout())) {
            RepeatWatch repeats = new RepeatWatch(fleet.balancer());
            OpenLoop warm = OpenLoop.run(fleet, own.rate, 0, () -> null, own.callsIn(1_000));
            fleet.forgetEvents();
            AtomicLong happened = new AtomicLong();
            AtomicLong onset = new AtomicLong();
            AtomicLong mended = new AtomicLong();
            OpenLoop loop = loop(trouble, own, fleet, happened, onset, mended);
            repeats.stop();
            return new Result(trouble, own, fleet, warm, loop, repeats, happened.get(), onset.get(), mended.get())
                    .row();
        }
    }

    private static OpenLoop loop(
            Trouble trouble, Pace own, ChaosFleet fleet, AtomicLong happened, AtomicLong onset, AtomicLong mended)
            throws Exception {
        return OpenLoop.run(
                fleet,
                own.rate,
                own.callsIn(own.before),
                () -> {
                    happened.set(System.nanoTime());
                    trouble.happens().to(fleet);
                    onset.set(System.nanoTime());
                    long past = (System.nanoTime() - happened.get()) / 1_000_000;
                    Thread.sleep(Math.max(0, own.during - past));
                    mended.set(System.nanoTime());
                    trouble.mend().to(fleet);
                    return null;
                },
                own.callsIn(own.during + own.after));
    }

    /** One trouble, looked back upon. */
    private record Result(
            Trouble trouble,
            Pace pace,
            ChaosFleet fleet,
            OpenLoop warm,
            OpenLoop loop,
            RepeatWatch repeats,
            long happened,
            long onset,
            long mended) {

        List<String> row() throws InterruptedException {
            int before = pace.callsIn(pace.before);
            long twice = trouble.repeatable() ? 0 : fleet.executedTwice();
            return List.of(
                    trouble.name(),
                    String.valueOf(calls()),
                    String.valueOf(failed()),
                    Report.number(loop.window(before / 2, before / 2).percentile(99)),
                    Report.number(loop.window(before, pace.callsIn(pace.during)).percentile(99)),
                    Report.number(loop.window(baseCalls() - before, before).percentile(99)),
                    String.format(Locale.ROOT, "%.4f", attemptsACall()),
                    String.valueOf(repeats.most()),
                    orDash(fleet.noticed(happened), 1e6),
                    trouble.kind().isOfOne() ? String.valueOf(sinceEvidence()) : "",
                    orDash(fleet.allUp(mended), NANOS_A_SECOND),
                    trouble.kind().isOfOne() ? Report.number(shareAtEnd()) : "",
                    Report.number(answeredAgain()),
                    trouble.repeatable() ? "" : String.valueOf(twice),
                    verdict(twice));
        }

        private String verdict(long twice) throws InterruptedException {
            List<String> amiss = new ArrayList<>();
            note(amiss, trouble.repeatable() && trouble.kind().lossless && failed() > 0, "calls failed");
            note(amiss, twice > 0, "executed twice");
            note(
                    amiss,
                    trouble.kind() == Trouble.Kind.ONE_DEAD && sinceEvidence() > MOST_SINCE_EVIDENCE,
                    "calls to a dead replica");
            note(amiss, !repeats.isWithinBudget(), "too many repeats");
            note(
                    amiss,
                    trouble.kind() == Trouble.Kind.RUSH && answeredAgain() > AGAIN_SECONDS,
                    "not answered again soon");
            note(amiss, warm.window(0, pace.callsIn(1_000)).failed() > 0, "failed before");
            amiss.addAll(fleet.leftBehind());
            return amiss.isEmpty() ? WELL_BORNE : String.join(", ", amiss);
        }

        private static void note(List<String> amiss, boolean is, String words) {
            if (is) {
                amiss.add(words);
            }
        }

        private int baseCalls() {
            return pace.callsIn(pace.before + pace.during + pace.after);
        }

        private int calls() {
            OpenLoop rush = fleet.rushed();
            return baseCalls() + (rush == null ? 0 : rush.calls());
        }

        private long failed() {
            OpenLoop rush = fleet.rushed();
            return loop.failures() + (rush == null ? 0 : rush.failures());
        }

        private double attemptsACall() {
            double all = fleet.balancer().stats().calls();
            return 1 + fleet.balancer().stats().repeats() / all;
        }

        /** Calls that began at the first replica, while it was in trouble, after that was to be known. */
        private long sinceEvidence() {
            long open = evidenceNanos();
            long evidence = fleet.attemptsAtFirst()
                    .filter(attempt -> attempt.ended() - happened >= 0)
                    .filter(attempt -> attempt.outcome() != Outcome.SUCCESS || attempt.ended() - onset > open)
                    .mapToLong(attempt -> Math.min(attempt.ended(), latest(attempt.began(), onset) + open) - onset)
                    .min()
                    .orElse(Long.MAX_VALUE);
            return fleet.attemptsAtFirst()
                    .filter(attempt -> attempt.began() - onset > evidence && attempt.began() - mended < 0)
                    .count();
        }

        /** So long a call must have been open. */
        private long evidenceNanos() {
            double mean = fleet.attempts()
                    .filter(attempt -> attempt.outcome() == Outcome.SUCCESS)
                    .filter(attempt -> attempt.ended() - happened > 0 && attempt.ended() - mended < 0)
                    .mapToLong(attempt -> attempt.ended() - attempt.began())
                    .average()
                    .orElse(0);
            return (long) (EVIDENCE_LATENCIES * mean);
        }

        private static long latest(long one, long other) {
            return one - other > 0 ? one : other;
        }

        private double shareAtEnd() {
            int last = pace.callsIn(pace.before);
            return loop.window(baseCalls() - last, last).share(fleet.firstPort());
        }

        /** Seconds from when it was mended to the end of the last slice of which too many calls failed. */
        private double answeredAgain() {
            int slice = Math.max(1, pace.callsIn(SLICE_MILLIS));
            int first = pace.callsIn(pace.before) + pace.callsIn((int) ((mended - happened) / 1_000_000));
            double last = 0;
            for (int from = first; from + slice <= baseCalls(); from += slice) {
                if (100 - loop.window(from, slice).failed() < GOOD_PERCENT) {
                    last = (double) (from + slice - first) / pace.rate;
                }
            }
            return last;
        }

        private static String orDash(long nanos, double unit) {
            return nanos < 0 ? "-" : Report.number(nanos / unit);
        }
    }
}
