package io.evenkeel.benchmarks;

import java.util.List;
import java.util.stream.IntStream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.loadbalancer.core.RoundRobinLoadBalancer;
import org.springframework.cloud.loadbalancer.core.ServiceInstanceListSupplier;
import reactor.core.publisher.Flux;

/** Spring Cloud LoadBalancer: {@code choose} over a list that is at hand; it is told nothing of how calls end. */
final class SpringCloudPick extends PeerPick {

    private final RoundRobinLoadBalancer balancer;

    SpringCloudPick(int replicas) {
        List<ServiceInstance> instances = IntStream.range(0, replicas)
                .<ServiceInstance>mapToObj(
                        replica -> new DefaultServiceInstance("" + replica, "orders", host(replica), 8080, false))
                .toList();
        StaticListableBeanFactory beans = new StaticListableBeanFactory();
        beans.addBean("instances", new Instances(Flux.just(instances)));
        ObjectProvider<ServiceInstanceListSupplier> supplier = beans.getBeanProvider(ServiceInstanceListSupplier.class);
        balancer = new RoundRobinLoadBalancer(supplier, "orders");
    }

    @Override
    Object once() {
        return balancer.choose().block();
    }

    private record Instances(Flux<List<ServiceInstance>> list) implements ServiceInstanceListSupplier {

        @Override
        public String getServiceId() {
            return "orders";
        }

        @Override
        public Flux<List<ServiceInstance>> get() {
            return list;
        }
    }
}
