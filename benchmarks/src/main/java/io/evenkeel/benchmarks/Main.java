package io.evenkeel.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Runs the parts named, or all. */
public final class Main {

    /** Where results go, and where the pages are that a full run rewrites. */
    static final Path TARGET = Path.of(System.getProperty("bench.target", "target"));

    static final Path DOCS = Path.of(System.getProperty("bench.docs", "../docs"));

    /** All parts, in the order of the page. */
    static final List<String> PARTS = List.of(
            "pick",
            "jmh",
            "peers",
            "rebuild",
            "http",
            "features",
            "tail",
            "scaling",
            "memory",
            "elasticity",
            "chaos",
            "rush",
            "soak",
            "sim");

    private Main() {}

    /** {@code main(parts)}: names of parts, or {@code all}; the property {@code bench.short} makes it a trial run. */
    public static void main(String[] args) throws Exception {
        boolean brief = Boolean.getBoolean("bench.short");
        for (String part : args.length == 0 || args[0].equals("all") ? PARTS : List.of(args)) {
            switch (part) {
                case "pick" -> new PickRatios(brief).run();
                case "jmh" -> new JmhTable(brief).run();
                case "peers" -> peers(brief);
                case "rebuild" -> new Rebuild(brief).run();
                case "http" -> new WholeClient(brief).run();
                case "features" -> new Features(brief).run();
                case "tail" -> new Tail(brief).run();
                case "scaling" -> new Scaling(brief).run();
                case "memory" -> new Memory(brief).run();
                case "elasticity" -> new Elasticity(brief).run();
                case "chaos" -> new Chaos(brief).run();
                case "rush" -> new Chaos(brief).runRushes();
                case "soak" -> new Soak(brief).run();
                case "sim" -> new Simulations(brief).run();
                default -> throw new IllegalArgumentException("no part " + part + ": one of " + PARTS + ", or all");
            }
        }
    }

    private static void peers(boolean brief) throws Exception {
        Optional<Peers> peers = Peers.present();
        if (peers.isEmpty()) {
            System.out.println("Part peers is left out: it needs the profile peers (mvn -q -Pbench,peers).");
            return;
        }
        peers.get().compare(brief);
    }
}
