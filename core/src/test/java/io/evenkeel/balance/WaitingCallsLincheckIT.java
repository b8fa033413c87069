package io.evenkeel.balance;

import static io.evenkeel.Interleavings.check;
import static io.evenkeel.Interleavings.explore;

import io.evenkeel.Breaker;
import io.evenkeel.Limit;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.Outcomes;
import io.evenkeel.Outliers;
import io.evenkeel.OverloadedException;
import io.evenkeel.SlowStart;
import io.evenkeel.VirtualTime;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/** Calls that come, wait, get the only place, leave it and are cancelled, on any threads: nobody is forgotten while it is free. */
public class WaitingCallsLincheckIT {

    private static final int MOST = 300;

    /** A replica that takes one call at a time, and room for a few to wait. */
    public static final class OnePlace {

        private final VirtualTime time = new VirtualTime();
        private final Ambient ambient = new Ambient(time, () -> null, time, task -> task.run(), endpoint -> null);
        private final WaitingCalls waiting = new WaitingCalls("orders", ambient, 5);
        private final Snapshot snapshot = new Snapshot(
                new Engine("orders", ambient, Outcomes.defaults(), Observer.none(), Outliers.defaults(), null, waiting),
                null,
                Eligibility.of(List.of(), List.of()),
                Wanted.ALL,
                List.of(),
                Map.of());
        private final Replica replica = new Replica(
                World.endpoint(1),
                "",
                Gate.NONE,
                new Standing(Outliers.off(), Breaker.off(), SlowStart.defaults()),
                null,
                Limit.perReplica(1),
                0);
        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();
        private volatile CompletableFuture<Lease> last = new CompletableFuture<>();

        public OnePlace() {
            replica.settle(0);
        }

        private Lease admit() throws OverloadedException {
            if (!replica.tryStart(Replica.OPEN_TO_ALL, 0)) {
                throw new OverloadedException("full", null);
            }
            return new Lease(snapshot, replica, 0, 0);
        }

        /** Comes, and as soon as it has the place leaves it. */
        public void call() {
            begun.incrementAndGet();
            CompletableFuture<Lease> lease = waiting.enter(this::admit, Wanted.ALL, 0, 1_000);
            last = lease;
            lease.whenComplete((granted, error) -> {
                if (granted != null) {
                    granted.complete(Outcome.SUCCESS);
                }
                ended.incrementAndGet();
            });
        }

        /** Whoever came last gives up. */
        public void cancel() {
            last.cancel(true);
        }

        public void close() {
            waiting.close("closed");
        }

        @Validate
        public void nobodyIsForgotten() {
            check(replica.inFlight() == 0, "in flight", replica.inFlight());
            check(ended.get() == begun.get(), "ended", ended, "of", begun);
        }
    }

    @Test
    void nobodyIsForgotten() {
        explore(
                MOST,
                OnePlace.class,
                "call | call",
                "call call | call",
                "call | call | call",
                "call | call cancel",
                "call | call | cancel",
                "call | call close",
                "call | close | call");
    }
}
