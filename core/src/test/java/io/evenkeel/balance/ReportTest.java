package io.evenkeel.balance;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.policy.Candidate;
import io.evenkeel.policy.Policy;
import io.evenkeel.policy.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportTest {

    private final List<String> heard = new ArrayList<>();
    private final World world = World.of(2, settings -> settings.policy(new Listening()));

    /** Writes down what it is told of load; where there is an error to throw, it throws it after that. */
    private final class Listening implements Policy, Selector {

        private List<Candidate> all = List.of();

        @Override
        public Selector selector(
                List<Candidate> all, Optional<Selector> previous, long nowNanos, RandomGenerator random) {
            this.all = all;
            return this;
        }

        @Override
        public int select(Call call, long nowNanos, RandomGenerator random) {
            return call.tried(all.get(0).endpoint()) ? 1 : 0;
        }

        @Override
        public void reported(Candidate candidate, double inFlight, double latencyNanos, long nowNanos) {
            heard.add(candidate.endpoint().id() + " " + inFlight + " " + latencyNanos);
            if (inFlight == 13) {
                throw new IllegalStateException("as the test wants");
            }
        }
    }

    @Test
    void theReplicasOwnReportReachesThePolicy() {
        try (Lease lease = world.acquire(2)) {
            lease.reported(3, 1_000);
            lease.complete(Outcome.SUCCESS);
        }
        assertThat(heard).containsExactly(World.endpoint(2).id() + " 3.0 1000.0");
    }

    @Test
    void aReportCountsAfterTheEndOfItsLeaseAndOfAFailureToo() {
        Lease lease = world.acquire(1);
        lease.complete(Outcome.OVERLOADED);
        lease.reported(0, Double.NaN);
        assertThat(heard).containsExactly(World.endpoint(1).id() + " 0.0 NaN");
        assertThat(world.balancer.stats().malformedReports()).isZero();
    }

    @Test
    void aProtocolOfOnesOwnReportsByItsAttempt() throws Exception {
        String answer = world.balancer.execute(Call.any(), attempt -> {
            attempt.reported(4, 2_000);
            attempt.complete(Outcome.SUCCESS);
            return "served";
        });
        assertThat(answer).isEqualTo("served");
        assertThat(heard).containsExactly(World.endpoint(1).id() + " 4.0 2000.0");
    }

    @ParameterizedTest
    @CsvSource({
        "-1, NaN",
        "NaN, NaN",
        "NaN, 1000",
        "Infinity, 1000",
        "1.000001e9, 1000",
        "3, 0",
        "3, -1",
        "3, Infinity",
        "3, 1.000001e15"
    })
    void whatIsOutOfRangeIsCountedAndNotTold(double inFlight, double latencyNanos) {
        Lease lease = world.acquire();
        lease.reported(inFlight, latencyNanos);
        lease.complete(Outcome.SUCCESS);
        assertThat(heard).isEmpty();
        assertThat(world.balancer.stats().malformedReports()).isEqualTo(1);
        assertThat(world.stats(1).successes()).isEqualTo(1);
    }

    @Test
    void theEndsOfTheRangeAreInIt() {
        world.acquire().reported(0, Double.MIN_VALUE);
        world.acquire().reported(1e9, 1e15);
        assertThat(heard).hasSize(2);
        assertThat(world.balancer.stats().malformedReports()).isZero();
    }

    @Test
    void aPolicyThatThrowsHarmsNoCall() {
        Lease lease = world.acquire(1);
        lease.reported(13, Double.NaN);
        lease.complete(Outcome.SUCCESS);
        assertThat(heard).hasSize(1);
        assertThat(world.stats(1).successes()).isEqualTo(1);
    }
}
