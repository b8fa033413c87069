package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointStats;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** What calls change without a lock: counts, signals, and who waits for the last call. */
public class ReplicaLincheckIT {

    private static final int MOST = 200;
    private static final Endpoint ENDPOINT = World.endpoint(1);

    private static Replica withInFlight(int calls) {
        Replica replica = Bare.replica(ENDPOINT, Gate.NONE, Outliers.defaults());
        for (int i = 0; i < calls; i++) {
            replica.tryStart(Replica.OPEN_TO_ALL, 0);
        }
        return replica;
    }

    /** Calls that begin and end. */
    public static final class Calls {

        private final Replica replica = withInFlight(1);

        public void start() {
            replica.tryStart(Replica.OPEN_TO_ALL, 0);
        }

        public void succeed() {
            replica.ended(Outcome.SUCCESS, 0);
        }

        public void fail() {
            replica.ended(Outcome.FAILURE, 0);
        }

        @Validate
        public void noneIsLost() {
            EndpointStats stats = replica.stats(false);
            check(stats.inFlight() == 1 && stats.successes() == 1 && stats.failures() == 1, stats);
        }
    }

    @Test
    void noCountIsLost() {
        explore(MOST, Calls.class, "start succeed | fail start");
    }

    /** An operator who drains a replica while its calls end and others want to begin. */
    public static final class Drain {

        private final Replica replica = withInFlight(2);
        private volatile CompletableFuture<Void> drained = new CompletableFuture<>();
        private volatile CompletableFuture<Void> again;

        public void drain() {
            replica.bar(Replica.OUT_OF_SERVICE);
            drained = replica.drained();
        }

        public void drainAgain() {
            again = replica.drained();
        }

        public void enable() {
            replica.undrain();
        }

        public void end() {
            replica.ended(Outcome.SUCCESS, 0);
        }

        public void endOther() {
            replica.ended(Outcome.FAILURE, 0);
        }

        public void call() {
            if (replica.tryStart(Replica.OUT, 0)) {
                check(!drained.isDone(), "the operator was told that no call is in flight");
                replica.ended(Outcome.SUCCESS, 0);
            }
        }

        @Validate
        public void whoWaitsIsToldAndInTime() {
            check(drained.isDone() && (again == null || again.isDone()), "nobody is in flight");
            check(replica.inFlight() == 0, replica.inFlight());
        }
    }

    @Test
    void whoWaitsForTheLastCallIsToldAndNoCallBeginsThen() {
        explore(
                MOST,
                Drain.class,
                "drain | end | endOther",
                "drain | drainAgain | end endOther",
                "drain | enable | end endOther",
                "drain | end endOther | call",
                "end endOther drain | call");
    }

    /** Signals that are put up and taken. */
    public static final class Signals {

        private final Replica replica = withInFlight(0);
        private volatile boolean first;
        private volatile boolean second;
        private volatile boolean taken;
        private volatile boolean gated;

        public void refuse() {
            first = replica.signal(Replica.REFUSED);
        }

        public void refuseToo() {
            second = replica.signal(Replica.REFUSED);
        }

        public void gate() {
            gated = replica.signal(Replica.GATE);
        }

        public void take() {
            taken = replica.takeSignal(Replica.REFUSED);
        }

        @Validate
        public void eachIsAnnouncedOnceForEachTimeThatItIsTaken() {
            boolean left = replica.takeSignal(Replica.REFUSED);
            int announced = (first ? 1 : 0) + (second ? 1 : 0);
            int seen = (taken ? 1 : 0) + (left ? 1 : 0);
            check(announced == seen && seen >= 1, announced, "announced, taken", taken, left);
            check(!gated || replica.takeSignal(Replica.GATE), "another signal was taken, too");
        }
    }

    @Test
    void aSignalIsAnnouncedOnceForEachTimeThatItIsTaken() {
        explore(MOST, Signals.class, "refuse | refuseToo | take", "refuse | gate | take");
    }

    /** The third to the fifth failure in a row, at once; the fifth is one too many. */
    public static final class Row {

        private final Replica replica = withInFlight(5);
        private volatile boolean first;
        private volatile boolean second;
        private volatile boolean third;

        public Row() {
            replica.ended(Outcome.FAILURE, 0);
            replica.ended(Outcome.FAILURE, 0);
        }

        public void fail() {
            first = replica.ended(Outcome.FAILURE, 0);
        }

        public void failToo() {
            second = replica.ended(Outcome.FAILURE, 0);
        }

        public void failAlso() {
            third = replica.ended(Outcome.FAILURE, 0);
        }

        @Validate
        public void oneAsksForAnUpdate() {
            check((first ? 1 : 0) + (second ? 1 : 0) + (third ? 1 : 0) == 1, first, second, third);
            check(replica.takeSignal(Replica.FAILING), "failing");
        }
    }

    @Test
    void aRowOfFailuresAsksForOneUpdate() {
        explore(MOST, Row.class, "fail | failToo | failAlso");
    }
}
