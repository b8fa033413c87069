package io.evenkeel.benchmarks;

import io.evenkeel.Retry;
import io.evenkeel.policy.Policy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * What callers see when one of five replicas turns bad: 1,000 calls a second from one client to five processes with 2 ms of
 * service time. All balancers in one JVM, in turns; each turn a new client and the same five origins, healed.
 */
final class Tail {

    private static final int ORIGINS = 5;
    private static final int SPREAD = 25;
    private static final double MOST_FAILED = 0.05;

    private static final String ADAPTIVE = "Evenkeel adaptive";
    private static final String AGAIN = "Evenkeel adaptive again";
    private static final String RETRYING = "Evenkeel adaptive, with retry";
    private static final String HEALTHY = "healthy";

    private final boolean brief;
    private final int rounds;
    private final int windows;
    private final int windowMillis;
    private final Report report = new Report("tail", "One of five replicas turns bad");
    private final TailFigures figures = new TailFigures();
    private final Map<String, Contender.Maker> contenders = new LinkedHashMap<>();
    private final HttpClient commands = HttpClient.newHttpClient();

    Tail(boolean brief) {
        this.brief = brief;
        this.rounds = brief ? 1 : 4;
        this.windows = brief ? 2 : 5;
        this.windowMillis = brief ? 500 : 1_000;
    }

    /**
     * What becomes of the odd one.
     *
     * @param slots of each origin
     * @param settleMillis time to notice, which is not counted
     */
    private record Scenario(String words, int slots, WaitingOrigin.Behaviour odd, int settleMillis) {

        static final Scenario SLOW = slow("20 times slower", 16);
        static final Scenario OVERLOADED = slow("20 times slower, its fifth is over its capacity", 4);
        static final Scenario FAILING = answering(500);
        static final Scenario REFUSING = answering(503);

        private static Scenario slow(String words, int slots) {
            return new Scenario(words, slots, new WaitingOrigin.Behaviour(200, slots, 40_000, SPREAD), 1_500);
        }

        private static Scenario answering(int status) {
            return new Scenario(
                    "answers " + status + " in 0.1 ms", 16, new WaitingOrigin.Behaviour(status, 16, 100, SPREAD), 0);
        }

        static List<Scenario> all() {
            return List.of(SLOW, OVERLOADED, FAILING, REFUSING);
        }

        WaitingOrigin.Behaviour healthy() {
            return new WaitingOrigin.Behaviour(200, slots, 2_000, SPREAD);
        }
    }

    /** A balancer in a scenario. */
    private record Turn(String contender, Contender.Maker maker, Scenario scenario) {

        String row() {
            return contender + ", " + scenario.words;
        }
    }

    void run() throws Exception {
        contenders();
        List<Turn> turns = turns();
        try (Processes processes = new Processes()) {
            List<String> origins = new ArrayList<>();
            for (int origin = 0; origin < ORIGINS; origin++) {
                origins.addAll(List.of(WaitingOrigin.start(processes, 1, "64m", Scenario.SLOW.healthy())));
            }
            for (Contender.Maker contender : contenders.values()) {
                warmUp(contender, origins);
            }
            for (int round = 0; round < rounds; round++) {
                Collections.shuffle(turns, new Random(round));
                for (Turn turn : turns) {
                    take(turn, origins, origins.get(round % ORIGINS));
                }
            }
        }
        write();
    }

    private void contenders() {
        contenders.put(ADAPTIVE, evenkeel(Policy.adaptive(), Retry.none()));
        contenders.put(AGAIN, evenkeel(Policy.adaptive(), Retry.none()));
        contenders.put(RETRYING, HttpContender.evenkeel(settings -> settings.policy(Policy.adaptive())));
        contenders.put("Evenkeel leastRequest", evenkeel(Policy.leastRequest(), Retry.none()));
        contenders.put("Evenkeel peakEwma", evenkeel(Policy.peakEwma(), Retry.none()));
        if (HaProxy.installed()) {
            contenders.put("HAProxy leastconn, observe layer7", HttpContender.haproxy(HaProxy.Settings.OBSERVING));
        }
        Peers.present().ifPresent(peers -> contenders.putAll(peers.contenders()));
    }

    private static Contender.Maker evenkeel(Policy policy, Retry retry) {
        return HttpContender.evenkeel(settings -> settings.policy(policy).retry(retry));
    }

    /** Everybody everywhere, but what would only repeat. */
    private List<Turn> turns() {
        List<Turn> turns = new ArrayList<>();
        contenders.forEach((contender, maker) -> {
            for (Scenario scenario : Scenario.all()) {
                boolean refusing = scenario.equals(Scenario.REFUSING);
                boolean wanted = switch (contender) {
                    case ADAPTIVE -> true;
                    case AGAIN -> !refusing && !scenario.equals(Scenario.OVERLOADED);
                    case RETRYING -> refusing || scenario.equals(Scenario.FAILING);
                    default -> !refusing;
                };
                if (wanted) {
                    turns.add(new Turn(contender, maker, scenario));
                }
            }
        });
        return turns;
    }

    private void warmUp(Contender.Maker contender, List<String> origins) throws Exception {
        try (Contender client = contender.over(origins)) {
            OpenLoop.run(client, 0, () -> null, OpenLoop.callsIn(brief ? 500 : 2_000));
        }
    }

    /** Failing begins after a healthy time, which is counted, too; the other troubles after a short one, which is not. */
    private void take(Turn turn, List<String> origins, String odd) throws Exception {
        for (String origin : origins) {
            command(origin, turn.scenario.healthy());
        }
        int window = OpenLoop.callsIn(windowMillis);
        int begin = OpenLoop.callsIn(brief ? 300 : 700);
        int healthy = turn.scenario.equals(Scenario.FAILING) ? windows * window : 0;
        int settle = OpenLoop.callsIn(turn.scenario.settleMillis);
        OpenLoop loop;
        try (Contender client = turn.maker.over(origins)) {
            loop = OpenLoop.run(
                    client, begin + healthy, () -> command(odd, turn.scenario.odd), settle + windows * window);
        }
        int port = URI.create(odd).getPort();
        for (int from = begin; from < begin + healthy; from += window) {
            figures.add(turn.contender + ", " + HEALTHY, loop.window(from, window), port);
        }
        int bad = begin + healthy + settle;
        for (int number = 0; number < windows; number++) {
            figures.add(turn.row(), loop.window(bad + number * window, window), port);
        }
        figures.addFailed(turn.row(), loop.window(bad, windows * window).failed());
    }

    private Object command(String origin, WaitingOrigin.Behaviour behaviour) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(origin + behaviour.path())).build();
        return commands.send(request, BodyHandlers.discarding());
    }

    private void write() throws Exception {
        report.samples("windows", figures.samples());
        report.paragraph(
                "Five origins, each a process of its own on this machine, serve a request in 2 ms (evenly spread, 25 % less to"
                        + " 25 % more) in one of their 16 slots (4, where the odd one is overloaded); one client makes 1,000 calls a"
                        + " second, at constant intervals, and latency counts from when a call should have begun. Each turn has a new"
                        + " client; soon after its first call one origin turns bad; where it will fail, " + windows
                        + " windows later, which are the healthy rows. Where it turns slow the next 1.5 s are not counted, where it fails all are. Medians over windows of "
                        + windowMillis + " ms, p99.9 over all calls; windows in which more than "
                        + Report.number(TailFigures.MOST_LATE)
                        + " % of the calls began more than 1 ms late are left out, but for failures. Evenkeel without retry, where it is"
                        + " not said; a 500 is never repeated, a 503 is. HAProxy is behind a bare JDK client and has its"
                        + " default error limit of 10; Finagle (with the profile peers) is its own HTTP client, all defaults but the balancer.");
        report.table(figures.table(HEALTHY, contenders.keySet()));
        for (Scenario scenario : Scenario.all()) {
            report.table(figures.table(scenario.words, contenders.keySet()));
        }
        goals();
        report.write(!brief);
    }

    /** The best of the others is the one that did best in this run. */
    private void goals() {
        String slow = ADAPTIVE + ", " + Scenario.SLOW.words;
        String healthy = ADAPTIVE + ", " + HEALTHY;
        Paired control = figures.ratio(AGAIN + ", " + HEALTHY, healthy);
        List<Goal> goals = new ArrayList<>();
        goals.add(Goal.atMost(1.2, "adaptive, one slow / all healthy, p99", figures.ratio(slow, healthy), control));
        contenders.keySet().stream()
                .filter(contender -> !contender.startsWith("Evenkeel"))
                .min(Comparator.comparingDouble(
                        contender -> figures.median(contender + ", " + Scenario.SLOW.words, "p99")))
                .ifPresent(best -> goals.add(Goal.atMost(
                        1,
                        "adaptive / " + best + ", one slow, p99",
                        figures.ratio(slow, best + ", " + Scenario.SLOW.words),
                        figures.ratio(AGAIN + ", " + Scenario.SLOW.words, slow))));
        goals.add(Goal.atMost(
                4,
                "adaptive, one overloaded / all healthy, p99",
                figures.ratio(ADAPTIVE + ", " + Scenario.OVERLOADED.words, healthy),
                control));
        report.goals(goals);
        double[] failed = figures.failed(ADAPTIVE + ", " + Scenario.FAILING.words);
        double worst = Arrays.stream(failed).max().orElseThrow();
        report.paragraph(
                "Calls that fail in the first %d ms, without retry: %.3f %% (at most %.3f %% in %d turns); goal: at most %.2f %%: %s."
                        .formatted(
                                windows * windowMillis,
                                Samples.median(failed),
                                worst,
                                failed.length,
                                MOST_FAILED,
                                worst <= MOST_FAILED ? "met" : "not met"));
    }
}
