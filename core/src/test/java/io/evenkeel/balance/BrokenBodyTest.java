package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointState;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a policy hears of a call that was answered well, but whose body broke off. */
class BrokenBodyTest {

    private final List<String> heard = new ArrayList<>();
    private boolean throwing;
    private final World world = World.of(2, settings -> settings.policy(new Listening()));

    private final class Listening implements Policy, Selector {

        @Override
        public Selector selector(
                List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
            return this;
        }

        @Override
        public int select(Call call, long nowNanos, RandomGenerator random) {
            return 0;
        }

        @Override
        public void answered(Candidate candidate, Outcome outcome, long latencyNanos, long nowNanos) {
            heard.add("answered " + outcome + " after " + latencyNanos);
        }

        @Override
        public void brokeOff(Candidate candidate, long nowNanos) {
            heard.add("broke off with " + candidate.inFlight() + " in flight");
            if (throwing) {
                throw new IllegalStateException("as the test wants");
            }
        }
    }

    @Test
    void thePolicyHearsThatItFailedAfterAll() {
        Lease lease = world.acquire();
        lease.answered(Outcome.SUCCESS);
        world.pass(Duration.ofSeconds(1));
        lease.complete(Outcome.FAILURE);
        lease.complete(Outcome.FAILURE);
        assertThat(heard).containsExactly("answered SUCCESS after 0", "broke off with 0 in flight");
        assertThat(world.stats(1).failures()).isEqualTo(1);
    }

    @Test
    void soItDoesOfABodyThatWasWatched() throws Exception {
        world.balancer.execute(Call.any(), attempt -> {
            attempt.answered(Outcome.SUCCESS, false);
            attempt.endWhenAbandoned();
            world.list(3);
            attempt.complete(Outcome.FAILURE);
            return "half of it";
        });
        assertThat(heard).containsExactly("answered SUCCESS after 0", "broke off with 0 in flight");
    }

    @Test
    void anyOtherEndIsNoNews() {
        for (Outcome end : List.of(Outcome.SUCCESS, Outcome.IGNORED, Outcome.OVERLOADED)) {
            Lease lease = world.acquire();
            lease.answered(Outcome.SUCCESS);
            lease.complete(end);
        }
        Lease failed = world.acquire();
        failed.answered(Outcome.FAILURE);
        failed.complete(Outcome.FAILURE);
        world.acquire().complete(Outcome.FAILURE);
        assertThat(heard).hasSize(5).allMatch(line -> line.startsWith("answered"));
    }

    @Test
    void aPolicyThatThrowsHarmsNoCall() {
        throwing = true;
        Lease lease = world.acquire();
        lease.answered(Outcome.SUCCESS);
        lease.complete(Outcome.FAILURE);
        assertThat(world.stats(1).failures()).isEqualTo(1);
        assertThat(world.stats(1).inFlight()).isZero();
        assertThat(world.state(1)).isEqualTo(EndpointState.UP);
    }

    @Test
    void peakEwmaChargesForIt() {
        World peaks = World.of(2, settings -> settings.policy(Policy.peakEwma()));
        Lease lease = peaks.acquire(1);
        peaks.pass(Duration.ofMillis(10));
        lease.answered(Outcome.SUCCESS);
        double before = score(peaks, World.endpoint(1));
        lease.complete(Outcome.FAILURE);
        // Ten mean latencies, of which there is one; twice the latency before, while it was in flight.
        assertThat(score(peaks, World.endpoint(1))).isEqualTo(5 * before);
    }

    private static double score(World world, Endpoint endpoint) {
        return world.balancer.explain(Call.any()).candidates().stream()
                .filter(line -> line.endpoint().equals(endpoint))
                .findFirst()
                .orElseThrow()
                .score()
                .orElseThrow();
    }
}
