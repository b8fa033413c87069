package io.evenkeel.policy;

import io.evenkeel.Endpoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A replica as a policy sees it, whose numbers a test sets, and which counts how often it was looked at. For one thread. */
final class FakeReplica implements Candidate {

    private final Endpoint endpoint;
    double weight;
    int inFlight;
    long lastStarted;
    long looks;
    private Object state;

    FakeReplica(Endpoint endpoint, double weight) {
        this.endpoint = endpoint;
        this.weight = weight;
        this.state = endpoint;
    }

    /** What the balancer does with a new replica. */
    void remember(Object state) {
        this.state = state;
    }

    static FakeReplica at(int number, double weight) {
        return new FakeReplica(Endpoint.of("http://replica-" + number + ".example"), weight);
    }

    /** Replicas of weight 1. */
    static List<FakeReplica> fleet(int size) {
        return IntStream.range(0, size).mapToObj(i -> at(i, 1)).toList();
    }

    static List<FakeReplica> weighted(double... weights) {
        return IntStream.range(0, weights.length)
                .mapToObj(i -> at(i, weights[i]))
                .toList();
    }

    static List<FakeReplica> without(List<FakeReplica> fleet, int index) {
        List<FakeReplica> others = new ArrayList<>(fleet);
        others.remove(index);
        return others;
    }

    /** Each weight as a share of their sum. */
    static double[] weightShares(List<FakeReplica> fleet) {
        double[] weights = fleet.stream().mapToDouble(FakeReplica::weight).toArray();
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    @Override
    public Endpoint endpoint() {
        looks++;
        return endpoint;
    }

    @Override
    public double weight() {
        looks++;
        return weight;
    }

    @Override
    public int inFlight() {
        looks++;
        return inFlight;
    }

    @Override
    public long lastStartedNanos() {
        looks++;
        return lastStarted;
    }

    @Override
    public Object state() {
        looks++;
        return state;
    }

    @Override
    public String toString() {
        return endpoint.id() + " of weight " + weight + " with " + inFlight + " in flight";
    }
}
