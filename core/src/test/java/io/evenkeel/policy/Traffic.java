package io.evenkeel.policy;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * One client, or many, and a fleet on virtual time. Each replica serves its calls one after the other, unless told otherwise; a call
 * that fails does so at once, past the queue. Times are whole ticks; what happens does not depend on how long a tick is.
 */
final class Traffic {

    /** How one call goes, by its replica and the time in ticks. */
    interface Service {
        /** Ticks of work; less than 0: fails after as many ticks, without waiting for its turn. */
        double ticks(int replica, long now, SplittableRandom random);
    }

    private record End(long time, long number, Client client, int replica, long start, boolean failed) {}

    /** Each sees its own calls only. */
    private record Client(List<FakeReplica> fleet, Selector selector) {}

    private final List<Client> clients = new ArrayList<>();
    private final long tickNanos;
    private final SplittableRandom random;
    private final long[] freeAt;
    private final PriorityQueue<End> ends =
            new PriorityQueue<>(Comparator.comparingLong(End::time).thenComparingLong(End::number));
    private long now;
    private long number;

    /** Whether replicas serve all their calls at once. */
    private boolean parallel;
    /** Latency, in ticks, beyond which an answer is late. */
    private long limit = Long.MAX_VALUE;

    /** Calls begun at each replica, and how many of them failed, since {@link #forget()}. */
    final long[] begun;

    long failed;
    long late;
    long answered;

    Traffic(Policy policy, List<FakeReplica> fleet, long tickNanos, long seed) {
        this.tickNanos = tickNanos;
        this.random = new SplittableRandom(seed);
        this.freeAt = new long[fleet.size()];
        this.begun = new long[fleet.size()];
        join(policy, fleet);
    }

    private void join(Policy policy, List<FakeReplica> fleet) {
        fleet.forEach(replica -> replica.remember(policy.newState(replica.endpoint())));
        clients.add(new Client(fleet, policy.selector(List.copyOf(fleet), Optional.empty(), 0, random)));
    }

    /** More clients of the same replicas, each of which begins as many calls. */
    Traffic amongOthers(Policy policy, int others) {
        for (int i = 0; i < others; i++) {
            join(policy, FakeReplica.fleet(begun.length));
        }
        return this;
    }

    void forget() {
        Arrays.fill(begun, 0);
        failed = 0;
        late = 0;
        answered = 0;
    }

    /** Replicas that are never busy, and a limit beyond which an answer is late. */
    Traffic inParallel(long limitTicks) {
        parallel = true;
        limit = limitTicks;
        return this;
    }

    Selector selector() {
        return clients.get(0).selector;
    }

    /** Poisson arrivals until {@code end}, in ticks. */
    void run(long end, double callsPerTick, Service service) {
        for (long next = now + gap(callsPerTick); next < end; next += gap(callsPerTick)) {
            settle(next);
            now = next;
            begin(service);
        }
        settle(end);
        now = end;
    }

    private long gap(double callsPerTick) {
        return (long) (exponential() / callsPerTick);
    }

    double exponential() {
        return -Math.log(1 - random.nextDouble());
    }

    private void begin(Service service) {
        Client client = clients.get(clients.size() == 1 ? 0 : random.nextInt(clients.size()));
        int index = client.selector.select(Call.any(), now * tickNanos, random);
        FakeReplica replica = client.fleet.get(index);
        replica.inFlight++;
        replica.lastStarted = now * tickNanos;
        begun[index]++;
        client.selector.started(replica, now * tickNanos);
        double ticks = service.ticks(index, now, random);
        if (ticks < 0) {
            ends.add(new End(now + (long) -ticks, number++, client, index, now, true));
        } else {
            freeAt[index] = (parallel ? now : Math.max(now, freeAt[index])) + Math.max(1, (long) ticks);
            ends.add(new End(freeAt[index], number++, client, index, now, false));
        }
    }

    private void settle(long until) {
        while (!ends.isEmpty() && ends.element().time <= until) {
            End end = ends.remove();
            FakeReplica replica = end.client.fleet.get(end.replica);
            replica.inFlight--;
            long latency = end.time - end.start;
            failed += end.failed ? 1 : 0;
            late += latency > limit ? 1 : 0;
            answered++;
            end.client.selector.answered(
                    replica, end.failed ? Outcome.FAILURE : Outcome.SUCCESS, latency * tickNanos, end.time * tickNanos);
        }
    }
}
