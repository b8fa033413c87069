package io.evenkeel.benchmarks.sim;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** A client that has a policy and nothing else: neither health nor repeats. */
final class PolicyClient implements Client {

    private final World world;
    private final RandomGenerator random;
    private final List<BareCandidate> candidates;
    private final Selector selector;
    private final boolean needsTime;
    private final @Nullable Reports reports;

    PolicyClient(World world, Policy policy, @Nullable Reports reports, int number) {
        this.world = world;
        this.reports = reports;
        this.random = world.streams().of(Streams.Purpose.CLIENT, number);
        this.candidates = world.origins().stream()
                .map(origin -> new BareCandidate(origin, policy.newState(origin.endpoint())))
                .toList();
        this.selector = policy.selector(
                List.copyOf(candidates), Optional.empty(), world.time().now(), random);
        this.needsTime = selector.needsTime();
    }

    @Override
    public void call(Errand errand) {
        long now = world.time().now();
        BareCandidate chosen = candidates.get(selector.select(Call.any(), needsTime ? now : 0, random));
        chosen.begin(now);
        selector.started(chosen, now);
        new Sent(errand, chosen).go();
    }

    private void tell(Sent answer, Reports reports) {
        selector.reported(
                answer.chosen,
                answer.reportedCalls(),
                reports.latency() ? answer.reportedLatencyNanos() : Double.NaN,
                world.time().now());
    }

    private final class Sent extends Visit {

        private final BareCandidate chosen;

        Sent(Errand errand, BareCandidate chosen) {
            super(world.network(), errand, chosen.origin());
            this.chosen = chosen;
        }

        @Override
        void ended(Outcome outcome) {
            long now = world.time().now();
            chosen.end();
            selector.answered(chosen, outcome, latencyNanos(), now);
            if (reports != null && outcome == Outcome.SUCCESS) {
                if (reports.delayNanos() == 0) {
                    tell(this, reports);
                } else {
                    world.time().after(reports.delayNanos(), nothing -> tell(this, reports), 0);
                }
            }
            errand().ended(outcome == Outcome.SUCCESS, now);
        }
    }
}
