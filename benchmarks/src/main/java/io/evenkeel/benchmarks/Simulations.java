package io.evenkeel.benchmarks;

import io.evenkeel.benchmarks.sim.Comparison;
import io.evenkeel.benchmarks.sim.Pace;
import io.evenkeel.benchmarks.sim.Suite;

/** Policies side by side in the simulator's scenarios. */
final class Simulations {

    private final boolean brief;
    private final Report report = new Report("sim", "Simulated fleets");

    Simulations(boolean brief) {
        this.brief = brief;
    }

    void run() throws Exception {
        int seeds = brief ? 3 : 5;
        report.paragraph(
                "Real policies and balancers on a virtual clock, against replicas at which calls of 10 ms, exponentially"
                        + " distributed if nothing else is said, queue for one slot; arrivals are Poisson, the network takes no time. Of "
                        + seeds
                        + " seeds, which are the same calls for all variants of a scenario, means are shown, with 95 % intervals."
                        + " Where a policy sends a replica more than it can do there is no steady state: figures say how long the run was, and what was not answered in 200 s is endless.");
        for (Suite.Part part : Suite.parts(brief)) {
            Comparison comparison = part.scenario().compare(seeds, part.variants());
            report.table(comparison.table());
            report.put(comparison.scenario(), comparison.values());
        }
        report.paragraph("The simulator's own pace, with 100 clients and 100 replicas:");
        report.table(Pace.table());
        report.write(!brief);
    }
}
