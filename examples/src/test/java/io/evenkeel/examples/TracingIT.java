package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.evenkeel.Call;
import io.evenkeel.Hedge;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.http.BalancedHttpClient;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceId;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.MDC;

/** A trace of OpenTelemetry's, and what SLF4J says in every line, go with a call to whatever thread it goes on at. */
@Timeout(180)
class TracingIT {

    private static final String ALICES = "alice of 0000000000000000000000000000000a";
    private static final String BOBS = "bob of 0000000000000000000000000000000b";
    private static final String NOBODYS = "null of " + TraceId.getInvalid();

    /** What every attempt saw. */
    private final List<String> seen = new CopyOnWriteArrayList<>();
    /** Where answers and errors come from; it knows of no trace. */
    private final ExecutorService transport = Executors.newSingleThreadExecutor();

    @AfterEach
    void nothingIsLeftBehind() throws Exception {
        transport.submit(() -> assertThat(current()).isEqualTo(NOBODYS)).get();
        transport.shutdown();
        assertThat(current()).isEqualTo(NOBODYS);
    }

    /** Runs tasks in the trace of this moment and thread, and with what its log says in every line. */
    private static Executor carry(Executor executor) {
        Context trace = Context.current();
        Map<String, String> log = MDC.getCopyOfContextMap();
        return task -> executor.execute(trace.wrap(() -> {
            Map<String, String> before = MDC.getCopyOfContextMap();
            setLog(log);
            try {
                task.run();
            } finally {
                setLog(before);
            }
        }));
    }

    private static void setLog(Map<String, String> log) {
        if (log == null) { // as some have it when there is nothing
            MDC.clear();
        } else {
            MDC.setContextMap(log);
        }
    }

    private static String current() {
        return MDC.get("user") + " of " + Span.current().getSpanContext().getTraceId();
    }

    /** As a framework does around the work for a request. */
    private static <T> T as(String whose, Callable<T> work) throws Exception {
        Span span = Span.wrap(SpanContext.create(
                whose.substring(whose.length() - TraceId.getLength()),
                "00000000000000f1",
                TraceFlags.getSampled(),
                TraceState.getDefault()));
        MDC.put("user", whose.substring(0, whose.indexOf(' ')));
        try {
            return Context.current().with(span).wrap(work).call();
        } finally {
            MDC.clear();
        }
    }

    private static LoadBalancer balancer(UnaryOperator<LoadBalancer.Builder> settings) {
        return settings.apply(LoadBalancer.builder("orders")
                        .endpoints("any://127.0.0.1:1", "any://127.0.0.1:2")
                        .context(TracingIT::carry))
                .build();
    }

    private CompletableFuture<String> failing() {
        seen.add(current());
        CompletableFuture<String> answer = new CompletableFuture<>();
        transport.execute(() -> answer.completeExceptionally(new IOException("broken")));
        return answer;
    }

    @Test
    void repeatsAtOnceAndAfterAWaitSeeIt() throws Exception {
        try (LoadBalancer orders = balancer(settings -> settings)) {
            CompletableFuture<String> answer =
                    as(ALICES, () -> orders.callAsync(Call.any().idempotent(), endpoint -> failing()));
            assertThatThrownBy(answer::get).hasRootCauseMessage("broken");
            assertThat(seen).containsExactly(ALICES, ALICES, ALICES);
        }
    }

    @Test
    void hedgesOfEachCallSeeItsOwn() throws Exception {
        try (LoadBalancer orders = balancer(settings -> settings.hedge(Hedge.after(Duration.ofMillis(1))))) {
            CompletableFuture<String> first = hedged(orders, ALICES);
            CompletableFuture<String> second = hedged(orders, BOBS);
            first.join();
            second.join();
            assertThat(seen).containsExactlyInAnyOrder(ALICES, ALICES, BOBS, BOBS);
        }
    }

    /** Answered as soon as its second attempt begins. */
    private CompletableFuture<String> hedged(LoadBalancer orders, String whose) throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        return as(
                whose,
                () -> orders.callAsync(Call.any().idempotent(), endpoint -> {
                    seen.add(current());
                    CompletableFuture<String> answer = new CompletableFuture<>();
                    if (attempts.incrementAndGet() == 2) {
                        transport.execute(() -> answer.complete(""));
                    }
                    return answer;
                }));
    }

    @Test
    void aBlockingCallThatIsHedgedSeesItOnItsThreads() throws Exception {
        CountDownLatch both = new CountDownLatch(2);
        try (LoadBalancer orders = balancer(settings -> settings.hedge(Hedge.after(Duration.ofMillis(1))))) {
            as(
                    ALICES,
                    () -> orders.call(Call.any().idempotent(), endpoint -> {
                        seen.add(current());
                        both.countDown();
                        both.await();
                        return "";
                    }));
        }
        assertThat(seen).containsExactly(ALICES, ALICES);
    }

    @Test
    void aBlockingCallStaysOnItsThread() throws Exception {
        try (LoadBalancer orders = balancer(settings -> settings.context(executor -> executor))) {
            assertThatThrownBy(() -> as(
                            ALICES,
                            () -> orders.call(Call.any().idempotent(), endpoint -> {
                                seen.add(current());
                                throw new IOException("broken");
                            })))
                    .hasMessage("broken");
        }
        assertThat(seen).containsExactly(ALICES, ALICES, ALICES);
    }

    @Test
    void withoutACarrierRepeatsDoNotSeeIt() throws Exception {
        try (LoadBalancer orders = balancer(settings -> settings.context(executor -> executor))) {
            CompletableFuture<String> answer =
                    as(ALICES, () -> orders.callAsync(Call.any().idempotent(), endpoint -> failing()));
            assertThatThrownBy(answer::get).hasRootCauseMessage("broken");
            assertThat(seen).containsExactly(ALICES, NOBODYS, NOBODYS);
        }
    }

    @Test
    void whatTheCallerHangsOnTheAnswerSeesItOnlyByAnExecutorThatCarriesIt() throws Exception {
        CompletableFuture<String> reply = new CompletableFuture<>();
        try (LoadBalancer orders = balancer(settings -> settings)) {
            CompletableFuture<String> answer = as(ALICES, () -> orders.callAsync(endpoint -> reply));
            CompletableFuture<String> plain = as(ALICES, () -> answer.thenApply(text -> current()));
            CompletableFuture<String> carried =
                    as(ALICES, () -> answer.thenApplyAsync(text -> current(), carry(transport)));
            transport.execute(() -> reply.complete(""));
            assertThat(plain.join()).isEqualTo(NOBODYS);
            assertThat(carried.join()).isEqualTo(ALICES);
        }
    }

    @Test
    void aHeaderOfTheRequestGoesWithEveryAttempt() throws Exception {
        List<String> headers = new CopyOnWriteArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            headers.add(exchange.getRequestHeaders().getFirst("traceparent"));
            exchange.sendResponseHeaders(headers.size() == 1 ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        try (LoadBalancer orders = LoadBalancer.builder("orders")
                        .endpoints("http://127.0.0.1:" + server.getAddress().getPort())
                        .build();
                BalancedHttpClient client = BalancedHttpClient.of(orders)) {
            HttpResponse<Void> response = client.send(
                    HttpRequest.newBuilder(URI.create("http://orders/"))
                            .header("traceparent", "00-0000000000000000000000000000000a-00000000000000f1-01")
                            .build(),
                    BodyHandlers.discarding());
            assertThat(response.statusCode()).isEqualTo(204);
        } finally {
            server.stop(0);
        }
        assertThat(headers).hasSize(2).containsOnly("00-0000000000000000000000000000000a-00000000000000f1-01");
    }
}
