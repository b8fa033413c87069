package io.evenkeel.benchmarks;

import com.linecorp.armeria.client.endpoint.EndpointSelectionStrategy;
import com.netflix.loadbalancer.BestAvailableRule;
import com.netflix.loadbalancer.RoundRobinRule;
import io.evenkeel.policy.Policy;
import io.grpc.LoadBalancerRegistry;
import io.grpc.xds.LeastRequestLoadBalancerProvider;
import io.servicetalk.loadbalancer.LoadBalancingPolicies;
import io.smallrye.stork.loadbalancer.leastresponsetime.LeastResponseTimeConfiguration;
import io.smallrye.stork.loadbalancer.leastresponsetime.LeastResponseTimeLoadBalancer;
import io.smallrye.stork.loadbalancer.requests.LeastRequestsLoadBalancer;
import io.vertx.core.net.endpoint.LoadBalancer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The balancers of the JVM that come with the profile {@code peers}, by name. */
public final class OtherBalancers implements Peers {

    static final String FINAGLE_P2C = "finagle p2c";
    static final String FINAGLE_EWMA = "finagle ewma";

    /** Held, so that its level lasts: Finagle tells of each replica that it takes out. */
    private static final Logger LOG = Logger.getLogger("com.twitter");

    private final Map<String, Maker> makers = new LinkedHashMap<>();

    /** Makes a pick over so many replicas. */
    @FunctionalInterface
    private interface Maker {
        Pick over(int replicas) throws Exception;
    }

    /** Knows them all; makes none. */
    public OtherBalancers() {
        makers.put("evenkeel adaptive", replicas -> new Ours(Policy.adaptive(), replicas));
        makers.put("evenkeel leastRequest", replicas -> new Ours(Policy.leastRequest(), replicas));
        makers.put("floor two choices", Floors.TwoChoices::new);
        makers.put("floor bare breaker", replicas -> new Floors.BareBreaker(replicas, Pick.NONE));
        makers.put("floor two clock reads", replicas -> new Floors.TwoClockReads());
        makers.put(FINAGLE_P2C, replicas -> new FinaglePick(FinaglePick.p2c(), replicas));
        makers.put(FINAGLE_EWMA, replicas -> new FinaglePick(FinaglePick.ewma(), replicas));
        makers.put("finagle aperture", replicas -> new FinaglePick(FinaglePick.aperture(), replicas));
        makers.put("grpc least_request", replicas -> new GrpcPick(new LeastRequestLoadBalancerProvider(), replicas));
        makers.put(
                "grpc round_robin",
                replicas ->
                        new GrpcPick(LoadBalancerRegistry.getDefaultRegistry().getProvider("round_robin"), replicas));
        makers.put(
                "armeria weightedRoundRobin",
                replicas -> new ArmeriaPick(EndpointSelectionStrategy.weightedRoundRobin(), replicas));
        makers.put(
                "servicetalk p2c",
                replicas -> new ServiceTalkPick(LoadBalancingPolicies.p2c().build(), replicas));
        makers.put(
                "servicetalk roundRobin",
                replicas ->
                        new ServiceTalkPick(LoadBalancingPolicies.roundRobin().build(), replicas));
        makers.put("spring cloud roundRobin", SpringCloudPick::new);
        makers.put("ribbon roundRobin", replicas -> new RibbonPick(new RoundRobinRule(), replicas));
        makers.put("ribbon bestAvailable", replicas -> new RibbonPick(new BestAvailableRule(), replicas));
        makers.put("stork powerOfTwoChoices", replicas -> new StorkPick(StorkPick.p2c(), replicas));
        makers.put("stork leastRequests", replicas -> new StorkPick(new LeastRequestsLoadBalancer(), replicas));
        makers.put(
                "stork leastResponseTime",
                replicas -> new StorkPick(
                        new LeastResponseTimeLoadBalancer(new LeastResponseTimeConfiguration()), replicas));
        makers.put("vertx powerOfTwoChoices", replicas -> new VertxPick(LoadBalancer.POWER_OF_TWO_CHOICES, replicas));
        makers.put("vertx leastRequests", replicas -> new VertxPick(LoadBalancer.LEAST_REQUESTS, replicas));
        makers.put("vertx roundRobin", replicas -> new VertxPick(LoadBalancer.ROUND_ROBIN, replicas));
    }

    /** One operation of Evenkeel, with all defaults but the policy. */
    private static final class Ours extends PeerPick {

        private final EvenkeelPick pick;

        Ours(Policy policy, int replicas) {
            pick = new EvenkeelPick(
                    io.evenkeel.balance.LoadBalancer.builder("orders").policy(policy), replicas, Pick.NONE);
        }

        @Override
        Object once() throws Exception {
            return pick.once(false);
        }
    }

    List<String> names() {
        return List.copyOf(makers.keySet());
    }

    @Override
    public Pick pick(String name, int replicas) throws Exception {
        Maker maker = makers.get(name);
        if (maker == null) {
            throw new IllegalArgumentException("no balancer " + name + ": one of " + makers.keySet());
        }
        return maker.over(replicas);
    }

    @Override
    public Map<String, Contender.Maker> contenders() {
        LOG.setLevel(Level.WARNING);
        Map<String, Contender.Maker> contenders = new LinkedHashMap<>();
        contenders.put("Finagle p2c", FinagleContender.over(FinaglePick.p2c()));
        contenders.put("Finagle ewma", FinagleContender.over(FinaglePick.ewma()));
        contenders.put("Finagle aperture", FinagleContender.over(FinaglePick.aperture()));
        return contenders;
    }

    @Override
    public void compare(boolean brief) throws Exception {
        new PeerTables(brief, names()).run();
    }
}
