package io.evenkeel.discovery.xds;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * By which the endpoints of each locality weigh more than they say. A locality's weight is its share of the calls of its priority, an endpoint's its share of
 * those of the locality. So an endpoint weighs its own weight times the locality's, divided by the sum of weights in the locality; and all of a priority are scaled alike, for their
 * sum to be what it is without the weights of localities.
 *
 * <p>Endpoints that are not used count in the sums: the weight of one does not grow because another is ill.
 */
final class Weights {

    private static final double MOST = 1_000_000;

    private final List<Double> factors;

    /** What a locality, or all of a priority, weigh: as localities, and as endpoints. */
    private record Sums(double localities, double endpoints) {

        static Sums of(LocalityLbEndpoints locality) {
            double endpoints = locality.getLbEndpointsList().stream()
                    .mapToDouble(Weights::own)
                    .sum();
            return new Sums(number(locality.getLoadBalancingWeight()), endpoints);
        }

        Sums plus(Sums other) {
            return new Sums(localities + other.localities, endpoints + other.endpoints);
        }

        double factorAmong(Sums all) {
            boolean weightless = all.localities == 0 || endpoints == 0;
            return weightless ? 1 : localities / all.localities * all.endpoints / endpoints;
        }
    }

    private Weights(List<Double> factors) {
        this.factors = factors;
    }

    static Weights of(ClusterLoadAssignment message) {
        List<LocalityLbEndpoints> localities = message.getEndpointsList();
        List<Sums> sums = localities.stream().map(Sums::of).toList();
        Map<Integer, Sums> priorities = new HashMap<>();
        for (int i = 0; i < sums.size(); i++) {
            priorities.merge(localities.get(i).getPriority(), sums.get(i), Sums::plus);
        }
        double[] factors = new double[sums.size()];
        double most = MOST;
        for (int i = 0; i < factors.length; i++) {
            factors[i] = sums.get(i)
                    .factorAmong(priorities.getOrDefault(localities.get(i).getPriority(), sums.get(i)));
            most = Math.max(most, factors[i] * largest(localities.get(i)));
        }
        double scale = MOST / most;
        return new Weights(
                Arrays.stream(factors).mapToObj(factor -> factor * scale).toList());
    }

    private static double largest(LocalityLbEndpoints locality) {
        return locality.getLbEndpointsList().stream()
                .mapToDouble(Weights::own)
                .max()
                .orElse(0);
    }

    /** Of the endpoints of a locality, by its place in the message. */
    double factor(int locality) {
        return factors.get(locality);
    }

    /** An endpoint's weight, in the range of ours. */
    static double of(LbEndpoint each, double factor) {
        return Math.min(MOST, own(each) * factor);
    }

    private static double own(LbEndpoint each) {
        return each.hasLoadBalancingWeight() ? number(each.getLoadBalancingWeight()) : 1;
    }

    private static double number(UInt32Value weight) {
        return Integer.toUnsignedLong(weight.getValue());
    }
}
