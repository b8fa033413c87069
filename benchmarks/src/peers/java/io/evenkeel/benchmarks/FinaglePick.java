package io.evenkeel.benchmarks;

import com.twitter.finagle.Address;
import com.twitter.finagle.Address$;
import com.twitter.finagle.ClientConnection;
import com.twitter.finagle.NoBrokersAvailableException;
import com.twitter.finagle.Service;
import com.twitter.finagle.ServiceFactory;
import com.twitter.finagle.ServiceFactory$;
import com.twitter.finagle.Stack;
import com.twitter.finagle.loadbalancer.Balancers;
import com.twitter.finagle.loadbalancer.Balancers$;
import com.twitter.finagle.loadbalancer.EndpointFactory;
import com.twitter.finagle.loadbalancer.LazyEndpointFactory;
import com.twitter.finagle.loadbalancer.LoadBalancerFactory;
import com.twitter.util.Activity;
import com.twitter.util.Await;
import com.twitter.util.Future;
import java.util.ArrayList;
import java.util.List;
import scala.jdk.javaapi.CollectionConverters;

/** Finagle: takes a session from the balancer, over endpoints that always have one, and closes it. */
final class FinaglePick extends PeerPick {

    private static final Balancers$ DEFAULT = Balancers$.MODULE$;

    private final ServiceFactory<Integer, Integer> balancer;

    FinaglePick(LoadBalancerFactory kind, int replicas) {
        List<EndpointFactory<Integer, Integer>> endpoints = new ArrayList<>();
        for (int replica = 0; replica < replicas; replica++) {
            endpoints.add(endpoint(Address$.MODULE$.apply(host(replica), 8080)));
        }
        balancer = kind.newBalancer(
                Activity.value(CollectionConverters.asScala(endpoints).toIndexedSeq()),
                new NoBrokersAvailableException("orders"),
                Stack.Params$.MODULE$.empty());
    }

    private static EndpointFactory<Integer, Integer> endpoint(Address address) {
        Service<Integer, Integer> service = Service.mk(Future::value);
        return new LazyEndpointFactory<>(() -> ServiceFactory$.MODULE$.constant(service), address);
    }

    static LoadBalancerFactory p2c() {
        return Balancers.p2c(DEFAULT.p2c$default$1());
    }

    static LoadBalancerFactory ewma() {
        return Balancers.p2cPeakEwma(DEFAULT.p2cPeakEwma$default$1(), DEFAULT.p2cPeakEwma$default$2());
    }

    static LoadBalancerFactory aperture() {
        return Balancers.aperture(
                DEFAULT.aperture$default$1(),
                DEFAULT.aperture$default$2(),
                DEFAULT.aperture$default$3(),
                DEFAULT.aperture$default$4(),
                DEFAULT.aperture$default$5(),
                DEFAULT.aperture$default$6());
    }

    @Override
    Object once() throws Exception {
        Service<Integer, Integer> session = Await.result(balancer.apply(ClientConnection.nil()));
        return session.close();
    }
}
