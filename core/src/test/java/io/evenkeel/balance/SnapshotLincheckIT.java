package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointStats;
import io.evenkeel.Outcome;
import io.evenkeel.Outliers;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Calls that hold a snapshot while another takes its place: each ends on the replica that served it. */
public class SnapshotLincheckIT {

    private static final int MOST = 150;
    private static final List<Endpoint> ENDPOINTS = List.of(World.endpoint(1), World.endpoint(2), World.endpoint(3));

    /** Replicas 1 and 2 are listed, then 2 and 3. */
    public static final class Lists {

        private final Replica one = replica(0);
        private final Replica two = replica(1);
        private final Replica three = replica(2);
        private final Snapshot next = Bare.snapshot(two, three);
        private volatile Snapshot current = Bare.snapshot(one, two);
        private volatile boolean barred;
        private volatile String first = "";
        private volatile String second = "";

        private static Replica replica(int number) {
            return Bare.replica(ENDPOINTS.get(number), Gate.NONE, Outliers.off());
        }

        /** As an update does: first the snapshot, then the bar. */
        public void change() {
            current = next;
            one.bar(Replica.OUT_OF_SERVICE);
            barred = true;
        }

        public void call() throws IOException {
            first = served();
        }

        public void callToo() throws IOException {
            second = served();
        }

        private String served() throws IOException {
            Snapshot held = current;
            boolean late = barred;
            try (Lease lease = held.admit(Call.any(), null, Set.of())) {
                String id = lease.endpoint().id();
                check(!late || !id.equals(one.id()), "a call began on a replica that was barred");
                lease.complete(Outcome.SUCCESS);
                return id;
            }
        }

        @Validate
        public void eachCallIsBookedWhereItWasServed() {
            check(!first.isEmpty() && !second.isEmpty(), "a call was lost");
            for (Replica replica : List.of(one, two, three)) {
                EndpointStats stats = replica.stats(false);
                int calls = (first.equals(replica.id()) ? 1 : 0) + (second.equals(replica.id()) ? 1 : 0);
                check(stats.inFlight() == 0 && stats.successes() == calls, stats, "calls", calls);
            }
        }
    }

    @Test
    void noCallIsLostNorBeginsOnAReplicaThatIsBarred() {
        explore(MOST, Lists.class, "call | change | callToo");
    }
}
