package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.evenkeel.Endpoint;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Whoever gives our client where the JDK's was sees the same of it, but for what docs/drop-in.md lists. */
class ConformanceIT {

    private static final int AT_A_TIME = 6;

    private static Origins origins;
    private static ExecutorService callers;

    @BeforeAll
    static void startServers(@TempDir Path folder) throws Exception {
        origins = new Origins(folder);
        callers = Executors.newFixedThreadPool(
                AT_A_TIME, Thread.ofPlatform().daemon().factory());
    }

    @AfterAll
    static void stopServers() throws Exception {
        callers.shutdownNow();
        origins.close();
    }

    @TestFactory
    List<DynamicContainer> itIsWithOursAsWithTheJdksClient() {
        return Arrays.stream(Origin.values())
                .map(origin -> dynamicContainer("at " + origin, testsAt(origin).toList()))
                .toList();
    }

    private static Stream<DynamicTest> testsAt(Origin origin) {
        if (origins.isMissing(origin)) {
            return Stream.of(dynamicTest("it is installed", () -> skip(origin)));
        }
        return Behaviours.ALL.stream()
                .filter(behaviour -> behaviour.origins().contains(origin))
                .filter(behaviour -> behaviour.since() <= Runtime.version().feature())
                .map(behaviour -> testOf(behaviour, origin));
    }

    private static DynamicTest testOf(Behaviour behaviour, Origin origin) {
        Future<Comparison> comparison = callers.submit(() -> compare(behaviour, origin));
        return dynamicTest(behaviour.name(), () -> ended(comparison, behaviour).check());
    }

    private static Comparison ended(Future<Comparison> comparison, Behaviour behaviour) throws Exception {
        try {
            return comparison.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(behaviour.name(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("it hangs: " + behaviour.name(), e);
        }
    }

    private static void skip(Origin origin) {
        if ("true".equals(System.getenv("CI"))) {
            fail(origin + " is not installed");
        }
        System.out.println(origin + " is not installed");
        abort(origin + " is not installed");
    }

    private record Comparison(Behaviour behaviour, Origin origin, Observation bare, Observation ours) {

        void check() {
            assertThat(bare.isEmpty()).as("nothing was noted").isFalse();
            assertThat(ours.differingFrom(bare))
                    .as(
                            "%s, at %s: what differs of%s\nwith the JDK's client, and of%s\nwith ours",
                            behaviour.name(), origin, bare, ours)
                    .isEqualTo(behaviour.differingAt(origin));
        }
    }

    private static Comparison compare(Behaviour behaviour, Origin origin) throws Exception {
        return new Comparison(behaviour, origin, byTheJdks(behaviour, origin), byOurs(behaviour, origin));
    }

    private static Observation byTheJdks(Behaviour behaviour, Origin origin) throws Exception {
        Cues cues = new Cues();
        try (Origins.Open open = origins.open(origin, behaviour.script(), cues)) {
            HttpClient client = settings(behaviour, origin)
                    .map(settings -> settings.apply(HttpClient.newBuilder()).build())
                    .orElseGet(HttpClient::newHttpClient);
            return observe(behaviour, client, open, cues);
        }
    }

    private static Observation byOurs(Behaviour behaviour, Origin origin) throws Exception {
        Cues cues = new Cues();
        try (Origins.Open open = origins.open(origin, behaviour.script(), cues);
                LoadBalancer balancer = LoadBalancer.builder(
                                open.site().service().getHost())
                        .endpoints(open.site().replicas().toArray(Endpoint[]::new))
                        .policy(Policy.roundRobin())
                        .build()) {
            BalancedHttpClient.Builder client = BalancedHttpClient.builder().balance(balancer);
            settings(behaviour, origin)
                    .ifPresent(settings -> client.transport(() -> settings.apply(HttpClient.newBuilder())));
            return observe(behaviour, client.build(), open, cues);
        }
    }

    private static Optional<UnaryOperator<HttpClient.Builder>> settings(Behaviour behaviour, Origin origin) {
        Optional<UnaryOperator<HttpClient.Builder>> own = Optional.ofNullable(behaviour.settings());
        if (!origin.isSecure()) {
            return own;
        }
        return Optional.of(
                settings -> own.orElse(UnaryOperator.identity()).apply(settings.sslContext(Certificates.TRUSTING)));
    }

    private static Observation observe(Behaviour behaviour, HttpClient client, Origins.Open open, Cues cues)
            throws Exception {
        try (Caller caller = new Caller(client, open.site().service(), cues)) {
            behaviour.act().perform(caller);
            if (behaviour.countsRequests()) {
                open.requests().forEach(request -> caller.note("requests", request));
            }
            Set<Integer> ports = new HashSet<>(open.site().ports());
            ports.addAll(caller.ports());
            return caller.seen().without(ports);
        } finally {
            client.shutdownNow();
        }
    }
}
