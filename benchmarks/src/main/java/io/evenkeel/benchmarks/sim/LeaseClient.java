package io.evenkeel.benchmarks.sim;

import io.evenkeel.Outcome;
import io.evenkeel.balance.Lease;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A client with a balancer, by leases: all of the engine but repeats and deadlines. */
final class LeaseClient implements Client {

    private final World world;
    private final LoadBalancer balancer;
    /** What it is told by answers, if anything. */
    private final @Nullable Reports reports;

    LeaseClient(World world, LoadBalancer balancer, @Nullable Reports reports) {
        this.world = world;
        this.balancer = balancer;
        this.reports = reports;
    }

    @Override
    public void call(Errand errand) {
        try {
            new Sent(errand, balancer.acquire()).go();
        } catch (IOException e) {
            errand.ended(false, world.time().now());
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts, and the list is there", e);
        }
    }

    private final class Sent extends Visit {

        private final Lease lease;

        Sent(Errand errand, Lease lease) {
            super(world.network(), errand, world.at(lease.endpoint()));
            this.lease = lease;
        }

        @Override
        void ended(Outcome outcome) {
            if (outcome == Outcome.SUCCESS && reports != null) {
                lease.reported(reportedCalls(), reports.latency() ? reportedLatencyNanos() : Double.NaN);
            }
            lease.complete(outcome);
            errand().ended(outcome == Outcome.SUCCESS, world.time().now());
        }
    }
}
