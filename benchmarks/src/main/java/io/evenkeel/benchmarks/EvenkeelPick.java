package io.evenkeel.benchmarks;

import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.Subset;
import io.evenkeel.balance.Lease;
import io.evenkeel.balance.LoadBalancer;
import java.util.stream.IntStream;

/** A balancer's acquire and complete. */
final class EvenkeelPick implements Pick, AutoCloseable {

    private final LoadBalancer balancer;
    private final int failOneIn;

    EvenkeelPick(LoadBalancer.Builder settings, int replicas, int failOneIn) {
        // Of the whole list: a subset of twenty would be as fast whatever its length.
        this.balancer =
                settings.subset(Subset.off()).endpoints(endpoints(replicas)).build();
        this.failOneIn = failOneIn;
    }

    /** That many addresses at which nobody is. */
    static Endpoint[] endpoints(int replicas) {
        return IntStream.range(0, replicas)
                .mapToObj(i -> Endpoint.of("http://10.0." + i / 250 + "." + (1 + i % 250) + ":8080"))
                .toArray(Endpoint[]::new);
    }

    @Override
    public long run(int times) throws Exception {
        long sum = 0;
        for (int i = 0; i < times; i++) {
            sum += once(i % failOneIn == 1);
        }
        return sum;
    }

    int once(boolean fails) throws Exception {
        Lease lease = balancer.acquire();
        lease.complete(fails ? Outcome.FAILURE : Outcome.SUCCESS);
        return lease.endpoint() == null ? 1 : 0;
    }

    @Override
    public void close() {
        balancer.close();
    }
}
