package io.evenkeel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.evenkeel.Call;
import io.evenkeel.EndpointStats;
import io.evenkeel.balance.LoadBalancer;
import io.evenkeel.policy.Policy;
import io.grpc.Context;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real server's status says of it: one that answers with the status whose name it is sent, and else not at all. */
@Timeout(180)
class GrpcExchangeIT {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final AtomicInteger answers = new AtomicInteger();
    private final GrpcChannels channels = new GrpcChannels();
    private Server server;
    private LoadBalancer balancer;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), InsecureServerCredentials.create())
                .addService(Greeter.service(this::answer))
                .build()
                .start();
        balancer = LoadBalancer.builder("greeter")
                .endpoints("grpc://127.0.0.1:" + server.getPort())
                .build();
    }

    @AfterEach
    void stop() {
        balancer.close();
        channels.close();
        server.shutdownNow();
    }

    private void answer(String status, StreamObserver<String> answer) {
        if (status.isEmpty()) {
            asked.countDown();
        } else {
            answers.incrementAndGet();
            answer.onError(Status.Code.valueOf(status).toStatus().asRuntimeException());
        }
    }

    private String call(Call call, String status) throws IOException, InterruptedException {
        return balancer.execute(
                call, new GrpcExchange<>(endpoint -> Greeter.stub(channels.to(endpoint)), stub -> stub.hello(status)));
    }

    private EndpointStats stats() {
        return balancer.stats().endpoints().getFirst();
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, 0, 1, 0", "DEADLINE_EXCEEDED, 0, 1, 0", "INTERNAL, 0, 1, 0", "UNKNOWN, 0, 1, 0",
        "CANCELLED, 0, 1, 0", "RESOURCE_EXHAUSTED, 0, 0, 1", "INVALID_ARGUMENT, 1, 0, 0", "NOT_FOUND, 1, 0, 0",
        "PERMISSION_DENIED, 1, 0, 0", "UNAUTHENTICATED, 1, 0, 0", "UNIMPLEMENTED, 1, 0, 0"
    })
    void aServersStatusIsItsOutcome(String status, int successes, int failures, int overloaded) {
        assertThatThrownBy(() -> call(Call.any(), status))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        error -> assertThat(error.getStatus().getCode()).hasToString(status));
        assertThat(stats())
                .returns((long) successes, EndpointStats::successes)
                .returns((long) failures, EndpointStats::failures)
                .returns((long) overloaded, EndpointStats::overloaded)
                .returns(0L, EndpointStats::ignored);
        assertThat(answers).hasValue(1);
    }

    @Test
    void anErrorThatIsTheAnswerIsNotRepeated() {
        assertThatThrownBy(() -> call(Call.any().idempotent(), "INVALID_ARGUMENT"))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(answers).hasValue(1);
    }

    @Test
    void aFailureIsRepeatedIfTheCallIsIdempotent() {
        assertThatThrownBy(() -> call(Call.any().idempotent(), "INTERNAL")).isInstanceOf(StatusRuntimeException.class);
        assertThat(answers).hasValueGreaterThan(1);
    }

    @Test
    void aCallThatFoundNoConnectionIsRepeatedElsewhere() throws IOException, InterruptedException {
        int nobodys = portOfNobody();
        try (GreeterServer live = new GreeterServer("live");
                LoadBalancer greeter = LoadBalancer.builder("greeter")
                        .endpoints("grpc://127.0.0.1:" + nobodys, live.address())
                        .policy(Policy.pickFirst())
                        .build()) {
            String answer = greeter.execute(
                    Call.any(),
                    new GrpcExchange<>(endpoint -> Greeter.stub(channels.to(endpoint)), stub -> stub.hello("world")));
            assertThat(answer).isEqualTo("hello world from live");
            assertThat(greeter.stats().endpoints())
                    .filteredOn(endpoint -> endpoint.endpoint().port() == nobodys)
                    .allMatch(endpoint -> endpoint.failures() == 1);
        }
    }

    private static int portOfNobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Test
    void anAnswerLongerThanAllowedIsAsAServersThatHasNoRoom() throws IOException {
        try (GreeterServer live = new GreeterServer("live");
                LoadBalancer greeter = LoadBalancer.builder("greeter")
                        .endpoints(live.address())
                        .build()) {
            assertThatThrownBy(() -> greeter.execute(
                            Call.any(),
                            new GrpcExchange<>(
                                    endpoint ->
                                            Greeter.stub(channels.to(endpoint)).withMaxInboundMessageSize(3),
                                    stub -> stub.hello("world"))))
                    .hasMessageContaining("RESOURCE_EXHAUSTED");
            assertThat(greeter.stats().endpoints().getFirst().overloaded()).isEqualTo(1);
        }
    }

    @Test
    void aCallerWhoseContextIsCancelledSaysNothingOfTheReplica() throws InterruptedException {
        Context.CancellableContext context = Context.current().withCancellation();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> call = () -> call(Call.any().idempotent(), "");
            Future<String> answer = threads.submit(context.wrap(call));
            asked.await();
            context.cancel(null);
            assertThatThrownBy(answer::get).rootCause().isInstanceOf(StatusRuntimeException.class);
        }
        assertThat(stats()).returns(1L, EndpointStats::ignored).returns(0L, EndpointStats::failures);
    }

    @Test
    void aCallerThatIsInterruptedSaysNothingOfTheReplica() throws InterruptedException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> answer = threads.submit(() -> call(Call.any().idempotent(), ""));
            asked.await();
            threads.shutdownNow();
            assertThatThrownBy(answer::get).hasRootCauseInstanceOf(InterruptedException.class);
        }
        assertThat(stats()).returns(1L, EndpointStats::ignored).returns(0L, EndpointStats::failures);
    }
}
