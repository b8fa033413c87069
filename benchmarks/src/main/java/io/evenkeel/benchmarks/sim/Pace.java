package io.evenkeel.benchmarks.sim;

import com.sun.management.OperatingSystemMXBean;
import io.evenkeel.policy.Policy;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How fast the simulator is: calls simulated in a minute of one core, collection of garbage and compilation included. */
public final class Pace {

    private static final long CALLS = 2_000_000;
    private static final double NANOS_A_MINUTE = 60e9;

    private Pace() {}

    /** A row for each level, below a row that names the columns: 100 clients, 100 replicas, 90 % load. */
    public static List<List<String>> table() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("level", "million calls a core-minute", "goal", "verdict"));
        rows.add(row(Variant.policy("policy alone", Policy.adaptive()), 15));
        rows.add(row(Variant.engine("whole engine, by leases", settings -> settings), 5));
        rows.add(row(Variant.repeating("whole engine, by calls that may repeat", settings -> settings), 5));
        return rows;
    }

    private static List<String> row(Variant variant, double goal) {
        double million = perCoreMinute(variant) / 1e6;
        return List.of(
                variant.name(),
                Estimate.number(million),
                ">= " + Estimate.number(goal),
                million >= goal ? "met" : "not met");
    }

    private static double perCoreMinute(Variant variant) {
        Scenario scenario = Scenario.of("pace")
                .replicas(100, Script.of(1))
                .clients(100)
                .load(0.9)
                .calls(CALLS);
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        long start = system.getProcessCpuTime();
        scenario.run(variant, 1);
        return CALLS * NANOS_A_MINUTE / (system.getProcessCpuTime() - start);
    }
}
