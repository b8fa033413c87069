package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointStats;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.net.ConnectException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** The two ends of a lease may come from any threads, in any order, more than once. */
public class LeaseLincheckIT {

    private static final int MOST = 200;
    private static final int TOKEN = 7;
    private static final Endpoint ENDPOINT = World.endpoint(1);
    private static final Snapshot SNAPSHOT = Bare.snapshot(Bare.replica(ENDPOINT, Gate.NONE, Outliers.off()));

    /** A replica with one call in flight, and the lease on it. */
    public static final class Flight {

        private final AtomicInteger left = new AtomicInteger();
        private final Gate gate = new Gate() {
            @Override
            public boolean leave(int token, Outcome outcome, long latencyNanos) {
                left.addAndGet(token == TOKEN ? 1 : 0);
                return false;
            }
        };
        private final Replica replica = Bare.replica(ENDPOINT, gate, Outliers.off());
        private final Lease lease = new Lease(SNAPSHOT, replica, TOKEN, 0);

        public Flight() {
            if (!replica.tryStart(Replica.OPEN_TO_ALL, 0)) {
                throw new AssertionError("a replica in service takes calls");
            }
        }

        public void answerWell() {
            lease.answered(Outcome.SUCCESS);
        }

        public void answerOverloaded() {
            lease.answered(Outcome.OVERLOADED);
        }

        public void completeWell() {
            lease.complete(Outcome.SUCCESS);
        }

        public void breakOff() {
            lease.complete(Outcome.FAILURE);
        }

        public void fail() {
            lease.fail(new ConnectException("refused"));
        }

        public void close() {
            lease.close();
        }

        public void look() {
            int inFlight = replica.inFlight();
            check(inFlight == 0 || inFlight == 1, inFlight);
        }

        @Validate
        public void bookedOnceAndNoLongerInFlight() {
            EndpointStats stats = replica.stats(false);
            long booked = stats.successes() + stats.failures() + stats.overloaded() + stats.ignored();
            check(stats.inFlight() == 0 && booked == 1 && left.get() == 1, stats, "left the gate", left);
        }
    }

    @Test
    void whoeverEndsItItEndsOnceAndCountsOnce() {
        explore(
                MOST,
                Flight.class,
                "completeWell | fail | close",
                "breakOff | close | look look",
                "answerWell | breakOff close | close",
                "answerWell fail | close | look look",
                "answerOverloaded | answerWell completeWell | breakOff");
    }
}
