package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import io.evenkeel.VirtualTime;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Bodies that nobody reads: each is ended once, whoever adds others or ends it while the wheel turns. */
public class IdleBodiesLincheckIT {

    private static final int MOST = 60;
    private static final Endpoint ENDPOINT = World.endpoint(1);
    private static final Snapshot SNAPSHOT = Bare.snapshot(Bare.replica(ENDPOINT, Gate.NONE, Outliers.off()));
    private static final long START = TimeUnit.SECONDS.toNanos(100);

    /** A wheel, and two bodies that were last touched so long ago that its next tick ends them. */
    public static final class Wheel {

        private final VirtualTime time = new VirtualTime(START);
        private final IdleBodies bodies = new IdleBodies(new Ambient(time, null, time, null, null));
        private final Replica replica = Bare.replica(ENDPOINT, Gate.NONE, Outliers.off());
        private final Attempt one = abandoned();
        private final Attempt other = abandoned();

        private Attempt abandoned() {
            if (!replica.tryStart(Replica.OPEN_TO_ALL, 0)) {
                throw new AssertionError("a replica in service takes calls");
            }
            Attempt attempt = new Attempt(SNAPSHOT, replica, Gate.UNWATCHED, 0, Call.any(), null);
            attempt.answered(Outcome.SUCCESS);
            attempt.touchedNanos = START - IdleBodies.LONGEST_NANOS;
            return attempt;
        }

        public void add() {
            bodies.add(one);
        }

        public void addOther() {
            bodies.add(other);
        }

        public void end() {
            one.complete(Outcome.SUCCESS);
        }

        public void tick() {
            time.advance(Duration.ofSeconds(1));
        }

        @Validate
        public void eachIsEndedOnceAndTheWheelStands() {
            time.advance(Duration.ofSeconds(70));
            check(replica.inFlight() == 0 && one.isDone() && other.isDone(), replica.inFlight());
            check(time.waiting() == 0, "the wheel turns although it is empty");
        }
    }

    @Test
    void eachBodyIsEndedOnce() {
        explore(MOST, Wheel.class, "add | addOther tick", "add tick | addOther", "add end | addOther | tick");
    }
}
