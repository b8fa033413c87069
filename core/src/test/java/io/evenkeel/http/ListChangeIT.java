package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.evenkeel.Endpoint;
import io.evenkeel.EndpointSource;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No call is lost when the list changes. */
@Timeout(60)
class ListChangeIT {

    private final CountDownLatch released = new CountDownLatch(1);
    private final CompletableFuture<EndpointSource.Listener> source = new CompletableFuture<>();
    private ScriptedServer slow;
    private ScriptedServer two;
    private ScriptedServer three;
    private LoadBalancer orders;
    private BalancedHttpClient client;

    @BeforeEach
    void start() throws IOException {
        slow = ScriptedServer.start(visit -> {
            if (visit.request().target().equals("/slow")) {
                visit.begin(200, 9);
                visit.write("half ");
                Waiting.on(released);
                visit.write("done");
            } else {
                visit.answer(200, "quick");
            }
        });
        two = ScriptedServer.answering(200, "two");
        three = ScriptedServer.answering(200, "three");
        orders = LoadBalancer.builder("orders")
                .policy(new InOrder())
                .source(listener -> {
                    source.complete(listener);
                    return () -> {};
                })
                .build();
        client = BalancedHttpClient.of(orders);
    }

    @AfterEach
    void stop() throws IOException {
        client.shutdownNow();
        orders.close();
        slow.close();
        two.close();
        three.close();
    }

    private void list(ScriptedServer... servers) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (ScriptedServer server : servers) {
            endpoints.add(server.endpoint());
        }
        source.join().endpoints(endpoints);
    }

    private String get(String path) throws IOException, InterruptedException {
        return client.send(Fleet.request(path).build(), BodyHandlers.ofString()).body();
    }

    @Test
    void callUnderWayFinishesOnAReplicaThatLeft() throws Exception {
        list(slow, two, three);
        CompletableFuture<HttpResponse<String>> response =
                client.sendAsync(Fleet.request("/slow").build(), BodyHandlers.ofString());
        Waiting.until("the request is there", () -> slow.requests().size() == 1);
        list(two, three);
        assertThat(get("/")).isEqualTo("two");
        released.countDown();
        assertThat(response.get(20, TimeUnit.SECONDS).body()).isEqualTo("half done");
        list(slow, two, three);
        Waiting.until("ended", () -> orders.stats().endpoints().get(0).inFlight() == 0);
        assertThat(orders.stats().endpoints().get(0).successes()).isEqualTo(1);
    }

    @Test
    void bodyIsReadToItsEndFromAReplicaThatLeft() throws Exception {
        list(slow, two, three);
        InputStream body = client.send(Fleet.request("/slow").build(), BodyHandlers.ofInputStream())
                .body();
        list(two, three);
        released.countDown();
        assertThat(body).hasContent("half done");
        list(slow, two, three);
        Waiting.until("ended", () -> orders.stats().endpoints().get(0).inFlight() == 0);
    }

    @Test
    void replicaIsDrainedWhenItsLastBodyHasEnded() throws Exception {
        list(slow, two, three);
        InputStream body = client.send(Fleet.request("/slow").build(), BodyHandlers.ofInputStream())
                .body();
        CompletableFuture<Void> drained = orders.drain(slow.endpoint());
        assertThat(get("/")).isEqualTo("two");
        assertThat(drained).isNotDone();
        released.countDown();
        assertThat(body).hasContent("half done");
        drained.get(20, TimeUnit.SECONDS);
    }

    @Test
    void noCallFailsWhileHealthyReplicasComeAndGo() throws Exception {
        list(slow, two, three);
        AtomicBoolean calling = new AtomicBoolean(true);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> callers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                callers.add(threads.submit(() -> {
                    int answered = 0;
                    while (calling.get()) {
                        assertThat(get("/")).isIn("quick", "two", "three");
                        answered++;
                    }
                    return answered;
                }));
            }
            for (int turn = 0; turn < 200; turn++) {
                list(two, three);
                list(slow, three);
                list(slow);
                list();
                list(slow, two, three);
                get("/");
            }
            calling.set(false);
            for (Future<Integer> caller : callers) {
                assertThat(caller.get(20, TimeUnit.SECONDS)).isPositive();
            }
        }
        assertThat(orders.stats().repeats()).isZero();
        assertThat(orders.stats().endpoints()).allSatisfy(line -> {
            assertThat(line.failures()).isZero();
            assertThat(line.inFlight()).isZero();
        });
    }

    @Test
    void replicaThatTakesThePlaceOfAnotherIsUsedAtOnce() throws Exception {
        list(two);
        assertThat(get("/")).isEqualTo("two");
        list(three);
        assertThat(get("/")).isEqualTo("three");
        try (HttpClient other = BalancedHttpClient.of(orders)) {
            assertThat(other.send(Fleet.request("/").build(), BodyHandlers.ofString())
                            .body())
                    .isEqualTo("three");
        }
    }
}
