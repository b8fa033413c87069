package io.evenkeel.benchmarks;

import io.evenkeel.balance.LoadBalancer;
import java.lang.management.ManagementFactory;
import java.util.List;

/** What a replica weighs: heap in use before and after a balancer of 10,000, with its endpoints, was made and used. */
final class Memory {

    private static final int REPLICAS = 10_000;
    private static final int CALLS_EACH = 100;
    private static final double GOAL = 4_096;

    private final boolean brief;

    Memory(boolean brief) {
        this.brief = brief;
    }

    void run() throws Exception {
        Samples samples = new Samples();
        Forks.run(Memory.class, List.of(), samples);
        double fresh = samples.median("replica", "fresh");
        double used = samples.median("replica", "used");
        Report report = new Report("memory", "Memory");
        report.samples("bytes", samples);
        report.paragraph("Heap in use after collection, for each of " + Report.number(REPLICAS)
                + " replicas with all defaults, endpoint included.");
        report.table(List.of(
                List.of("", "bytes a replica", "goal", "verdict"),
                List.of("before the first call", Report.number(fresh), "", ""),
                List.of(
                        "after " + CALLS_EACH + " calls to each",
                        Report.number(used),
                        "<= " + Report.number(GOAL),
                        used <= GOAL ? "met" : "not met")));
        report.write(!brief);
    }

    /** In a JVM of its own. */
    public static void main(String[] args) throws Exception {
        Samples samples = new Samples();
        weigh(10, new Samples()); // loads the classes
        for (int time = 0; time < 5; time++) {
            weigh(REPLICAS, samples);
        }
        samples.print();
    }

    private static void weigh(int replicas, Samples samples) throws Exception {
        double before = heapInUse();
        try (EvenkeelPick pick = new EvenkeelPick(LoadBalancer.builder("orders"), replicas, Pick.NONE)) {
            samples.add("replica", "fresh", (heapInUse() - before) / replicas);
            pick.run(replicas * CALLS_EACH);
            samples.add("replica", "used", (heapInUse() - before) / replicas);
        }
    }

    private static double heapInUse() throws InterruptedException {
        for (int time = 0; time < 3; time++) {
            System.gc();
            Thread.sleep(20);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
