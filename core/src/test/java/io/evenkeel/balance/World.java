package io.evenkeel.balance;

import io.evenkeel.Breaker;
import io.evenkeel.Call;
import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.EndpointState;
import io.evenkeel.EndpointStats;
import io.evenkeel.Observer;
import io.evenkeel.Outcome;
import io.evenkeel.VirtualTime;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** A balancer with its world in the test's hand: time, chance, lists, probes, and all that the observer was told. */
final class World implements Observer, AutoCloseable {

    final VirtualTime time = new VirtualTime();
    final List<Object> events = new ArrayList<>();
    final Set<String> accepting = new HashSet<>();
    final List<String> probed = new ArrayList<>();
    EndpointSource.@Nullable Listener listener;
    boolean watchClosed;
    int refreshed;
    final LoadBalancer balancer;

    World(UnaryOperator<LoadBalancer.Builder> settings) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(42);
        LoadBalancer.Builder builder = LoadBalancer.builder("orders")
                .source(to -> {
                    listener = to;
                    return new EndpointSource.Watch() {
                        @Override
                        public void refresh() {
                            refreshed++;
                        }

                        @Override
                        public void close() {
                            watchClosed = true;
                        }
                    };
                })
                .policy(Policy.leastRequest()) // of what health decides; an adaptive one has a judgement of its own
                .clock(time)
                .scheduler(time)
                .random(() -> random)
                .observer(this)
                .probe(endpoint -> {
                    probed.add(endpoint.id());
                    return CompletableFuture.completedFuture(accepting.contains(endpoint.id()));
                });
        balancer = settings.apply(builder).build();
    }

    /** A world with {@code n} endpoints, listed, on default settings. */
    static World of(int n) {
        return of(n, settings -> settings);
    }

    static World of(int n, UnaryOperator<LoadBalancer.Builder> settings) {
        World world = new World(settings);
        world.list(n);
        return world;
    }

    static Endpoint endpoint(int i) {
        return Endpoint.of("http://10.0." + (i >> 8) + "." + (i & 255) + ":80");
    }

    /** Lists endpoints 1 to n. */
    void list(int n) {
        Endpoint[] all = new Endpoint[n];
        Arrays.setAll(all, i -> endpoint(i + 1));
        list(all);
    }

    void list(Endpoint... endpoints) {
        listener.endpoints(List.of(endpoints));
    }

    void pass(Duration duration) {
        time.advance(duration);
    }

    Lease acquire() {
        return acquire(Call.any());
    }

    Lease acquire(Call call) {
        try {
            return balancer.acquire(call);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Takes a lease on endpoint {@code i}, whatever the policy would like. */
    Lease acquire(int i) {
        Call call = Call.any();
        for (EndpointStats line : balancer.stats().endpoints()) {
            if (!line.endpoint().id().equals(endpoint(i).id())) {
                call = call.withTried(line.endpoint());
            }
        }
        Lease lease = acquire(call);
        if (!lease.endpoint().id().equals(endpoint(i).id())) {
            throw new AssertionError("endpoint " + i + " is not eligible: " + balancer.explain(call));
        }
        return lease;
    }

    /** Calls that end with {@code outcome} on endpoint {@code i}. */
    void calls(int n, int i, Outcome outcome) {
        for (int call = 0; call < n; call++) {
            acquire(i).complete(outcome);
        }
        settle();
    }

    void refuse(int i) {
        acquire(i).fail(new ConnectException("refused"));
        settle();
    }

    /** Lets the updates that calls asked for happen. */
    void settle() {
        pass(Duration.ofMillis(10));
    }

    EndpointStats stats(int i) {
        return balancer.stats().endpoints().stream()
                .filter(line -> line.endpoint().id().equals(endpoint(i).id()))
                .findFirst()
                .orElseThrow();
    }

    EndpointState state(int i) {
        return stats(i).state();
    }

    /** How often each endpoint is chosen by {@code n} calls, one after the other, that succeed. */
    Map<String, Integer> shares(int n) {
        return shares(n, Call.any());
    }

    Map<String, Integer> shares(int n, Call call) {
        Map<String, Integer> shares = new TreeMap<>();
        for (int i = 0; i < n; i++) {
            Lease lease = acquire(call);
            shares.merge(lease.endpoint().id(), 1, Integer::sum);
            lease.complete(Outcome.SUCCESS);
        }
        return shares;
    }

    int share(int i, int n) {
        return shares(n).getOrDefault(endpoint(i).id(), 0);
    }

    <E> List<E> events(Class<E> type) {
        return events.stream().filter(type::isInstance).map(type::cast).toList();
    }

    /** Breaker settings with an empty row, so that only the breaker acts. */
    static UnaryOperator<LoadBalancer.Builder> onlyBreaker() {
        return settings -> settings.outliers(io.evenkeel.Outliers.off()).breaker(Breaker.defaults());
    }

    @Override
    public void endpointsChanged(EndpointsChanged event) {
        events.add(event);
    }

    @Override
    public void listHeld(ListHeld event) {
        events.add(event);
    }

    @Override
    public void wouldHaveHeld(ListHeld event) {
        events.add(event);
    }

    @Override
    public void listRecalled(ListRecalled event) {
        events.add(event);
    }

    @Override
    public void sourceRecovered(SourceRecovered event) {
        events.add(event);
    }

    @Override
    public void sourceFailed(SourceFailed event) {
        events.add(event);
    }

    @Override
    public void stateChanged(StateChanged event) {
        events.add(event);
    }

    @Override
    public void wouldHaveTakenOut(WouldHaveTakenOut event) {
        events.add(event);
    }

    @Override
    public void conditionChanged(ConditionChanged event) {
        events.add(event);
    }

    @Override
    public void prioritiesChanged(PrioritiesChanged event) {
        events.add(event);
    }

    @Override
    public void zoneSpillChanged(ZoneSpillChanged event) {
        events.add(event);
    }

    @Override
    public void callsHeldBack(CallsHeldBack event) {
        events.add(event);
    }

    @Override
    public void close() {
        balancer.close();
    }
}
