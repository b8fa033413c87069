package io.evenkeel.benchmarks;

import com.netflix.loadbalancer.BaseLoadBalancer;
import com.netflix.loadbalancer.IRule;
import com.netflix.loadbalancer.Server;
import com.netflix.loadbalancer.ServerStats;
import java.util.List;
import java.util.stream.IntStream;

/** Ribbon: {@code chooseServer}, and the statistics that its client keeps of each call. */
final class RibbonPick extends PeerPick {

    private final BaseLoadBalancer balancer = new BaseLoadBalancer();

    RibbonPick(IRule rule, int replicas) {
        balancer.setRule(rule);
        List<Server> servers = IntStream.range(0, replicas)
                .mapToObj(replica -> new Server(host(replica), 8080))
                .toList();
        balancer.setServersList(servers);
    }

    @Override
    Object once() {
        Server server = balancer.chooseServer("");
        ServerStats stats = balancer.getLoadBalancerStats().getSingleServerStat(server);
        stats.incrementActiveRequestsCount();
        stats.decrementActiveRequestsCount();
        stats.incrementNumRequests();
        stats.noteResponseTime(2);
        return server;
    }
}
