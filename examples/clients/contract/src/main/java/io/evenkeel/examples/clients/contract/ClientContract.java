package io.evenkeel.examples.clients.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.evenkeel.EndpointStats;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every library does on a balanced client: what it does on the JDK's, at several replicas. */
@Timeout(60)
public abstract class ClientContract {

    /** The service, by the name of its balancer. */
    protected static final URI ORDERS = URI.create("http://orders");

    private static final Duration AMPLE = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(400);

    private final List<Replica> replicas = new ArrayList<>();

    /** By the library on a balanced client; no answer takes longer than {@code timeout}. */
    protected abstract Caller balanced(LoadBalancer orders, Duration timeout);

    /** The same on the JDK's own client, at one replica. */
    protected abstract Caller bare(URI replica, Duration timeout);

    /** How replicas write their answers: as text, unless the library wants another. */
    protected Format format() {
        return Format.TEXT;
    }

    /** Whether the library tells the client how long it waits; one that does not ends the call by itself. */
    protected boolean tellsHowLongItWaits() {
        return true;
    }

    @BeforeEach
    final void startReplicas() throws IOException {
        for (int i = 0; i < 3; i++) {
            replicas.add(new Replica(format()));
        }
    }

    @AfterEach
    final void stopReplicas() {
        replicas.forEach(Replica::close);
    }

    private LoadBalancer.Builder orders() {
        return LoadBalancer.builder("orders")
                .endpoints(replicas.stream()
                        .map(replica -> replica.uri().toString())
                        .toArray(String[]::new));
    }

    @Test
    void callsAreSpreadOverAllReplicas() throws Exception {
        try (LoadBalancer orders = orders().policy(Policy.roundRobin()).build();
                Caller caller = balanced(orders, AMPLE)) {
            for (int i = 0; i < 30; i++) {
                assertThat(caller.order(i)).isEqualTo("order " + i);
            }
            assertThat(replicas)
                    .extracting(replica -> replica.received().size())
                    .containsExactly(10, 10, 10);
            awaitIdle(orders);
        }
    }

    @Test
    void aReplicaThatDiesInMidRunCostsNoCall() throws Exception {
        try (LoadBalancer orders = orders().build();
                Caller caller = balanced(orders, AMPLE)) {
            assertThat(inParallel(8, 50, caller)).hasSize(400).allMatch(answer -> answer.startsWith("order "));
            assertThat(replicas)
                    .allSatisfy(replica -> assertThat(replica.received()).isNotEmpty());
            awaitIdle(orders);
        }
    }

    @Test
    void aReplicaThatHangsCostsNoCall() throws Exception {
        Duration timeout = Duration.ofSeconds(3);
        LoadBalancer.Builder builder = orders().policy(Policy.roundRobin());
        replicas.get(1).suffer(Trouble.HANGS);
        try (LoadBalancer orders = tellsHowLongItWaits()
                        ? builder.build()
                        : builder.deadline(timeout).build();
                Caller caller = balanced(orders, timeout)) {
            for (int i = 0; i < 3; i++) {
                assertThat(caller.order(i)).isEqualTo("order " + i);
            }
            assertThat(replicas.get(1).received()).isNotEmpty();
            awaitIdle(orders);
        }
    }

    /** The answers to as many calls by each of the threads, while one replica dies after a quarter of them. */
    private List<String> inParallel(int threads, int calls, Caller caller) throws Exception {
        AtomicInteger made = new AtomicInteger();
        Callable<List<String>> run = () -> {
            List<String> answers = new ArrayList<>();
            for (int i = 0; i < calls; i++) {
                if (made.incrementAndGet() == threads * calls / 4) {
                    replicas.get(1).suffer(Trouble.IS_DEAD);
                }
                answers.add(caller.order(i));
            }
            return answers;
        };
        List<String> answers = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (Future<List<String>> done : executor.invokeAll(Collections.nCopies(threads, run))) {
                answers.addAll(done.get());
            }
        }
        return answers;
    }

    @Test
    void aReplicaThatIsDeadCostsNoCallNotEvenAPost() throws Exception {
        replicas.get(1).suffer(Trouble.IS_DEAD);
        try (LoadBalancer orders = orders().policy(Policy.roundRobin()).build();
                Caller caller = balanced(orders, AMPLE)) {
            for (int i = 0; i < 3; i++) {
                assertThat(caller.place("tea")).isEqualTo(Replica.PLACE);
            }
            assertThat(orders.stats().repeats()).isPositive();
            awaitIdle(orders);
        }
    }

    @Test
    void requestsArriveAsTheBareClientSendsThem() throws Exception {
        Replica one = replicas.get(0);
        try (Caller caller = bare(one.uri(), AMPLE)) {
            caller.order(7);
            caller.place("tea");
        }
        List<Replica.Received> wanted = List.copyOf(one.received());
        one.received().clear();
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                        .endpoints(one.uri().toString())
                        .build();
                Caller caller = balanced(orders, AMPLE)) {
            assertThat(caller.order(7)).isEqualTo("order 7");
            assertThat(caller.place("tea")).isEqualTo(Replica.PLACE);
        }
        assertThat(one.received())
                .isEqualTo(wanted)
                .hasSize(2)
                .last()
                .satisfies(post -> assertThat(post.body()).contains("tea"));
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void errorsAreThoseOfTheBareClient(Trouble trouble) throws Exception {
        replicas.forEach(replica -> replica.suffer(trouble));
        Duration timeout = trouble == Trouble.HANGS ? SHORT : AMPLE;
        try (Caller bare = bare(replicas.get(0).uri(), timeout);
                LoadBalancer orders = orders().build();
                Caller balanced = balanced(orders, timeout)) {
            Throwable wanted = catchThrowable(() -> bare.order(7));
            Throwable error = catchThrowable(() -> balanced.order(7));
            assertThat(kinds(error)).isNotEmpty().isEqualTo(kinds(wanted));
            awaitIdle(orders);
        }
    }

    /** Of the error and its causes, down to the first of the network's; what the JDK's client says below varies. */
    private static List<String> kinds(Throwable error) {
        List<String> kinds = new ArrayList<>();
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String kind = cause.getClass().getName();
            if (!kinds.contains(kind)) {
                kinds.add(kind); // a blocking send of the JDK's wraps an error in another of its kind
            }
            if (kind.startsWith("java.net.")) {
                break;
            }
        }
        return kinds;
    }

    /** Every call has ended, for the balancer as well, and so have bodies that the library left unread. */
    private static void awaitIdle(LoadBalancer orders) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (inFlight(orders) > 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(inFlight(orders)).isZero();
    }

    private static int inFlight(LoadBalancer orders) {
        return orders.stats().endpoints().stream()
                .mapToInt(EndpointStats::inFlight)
                .sum();
    }
}
