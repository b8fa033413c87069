package io.evenkeel.benchmarks;

import io.smallrye.stork.api.LoadBalancer;
import io.smallrye.stork.api.ServiceInstance;
import io.smallrye.stork.impl.DefaultServiceInstance;
import io.smallrye.stork.loadbalancer.poweroftwochoices.PowerOfTwoChoicesLoadBalancer;
import java.util.List;
import java.util.stream.IntStream;

/** Stork: its balancer over a list that is at hand, and the statistics that it wants of each call. */
final class StorkPick extends PeerPick {

    private final LoadBalancer balancer;
    private final List<ServiceInstance> instances;

    StorkPick(LoadBalancer balancer, int replicas) {
        this.balancer = balancer;
        instances = IntStream.range(0, replicas)
                .<ServiceInstance>mapToObj(replica -> new DefaultServiceInstance(replica, host(replica), 8080, false))
                .toList();
    }

    static LoadBalancer p2c() {
        return new PowerOfTwoChoicesLoadBalancer(false) {};
    }

    @Override
    Object once() {
        ServiceInstance instance = balancer.selectServiceInstance(instances);
        if (instance.gatherStatistics()) {
            instance.recordStart(true);
            instance.recordReply();
            instance.recordEnd(null);
        }
        return instance;
    }
}
