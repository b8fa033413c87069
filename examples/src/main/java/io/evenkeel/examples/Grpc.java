package io.evenkeel.examples;

import io.evenkeel.Call;
import io.evenkeel.balance.LoadBalancer;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** A stub of gRPC through the balancer, with a channel to each replica. One of three is shut down, which no caller notices. */
public final class Grpc {

    private final LoadBalancer balancer;
    private final GrpcChannels channels;

    private Grpc(LoadBalancer balancer, GrpcChannels channels) {
        this.balancer = balancer;
        this.channels = channels;
    }

    public static void main(String[] args) throws Exception {
        try (GreeterServer one = new GreeterServer("one");
                GreeterServer two = new GreeterServer("two");
                GreeterServer three = new GreeterServer("three");
                GrpcChannels channels = new GrpcChannels();
                LoadBalancer greeter = LoadBalancer.builder("greeter")
                        .endpoints(one.address(), two.address(), three.address())
                        .deadline(Duration.ofSeconds(20))
                        .build()) {
            new Grpc(greeter, channels).run(two);
        }
    }

    private void run(GreeterServer victim) throws Exception {
        Map<String, Integer> meanwhile = Callers.call(150, () -> hello("world"), victim::shutDown);
        System.out.println("Calls while two was shut down, all answered: " + meanwhile);
        Map<String, Integer> since = Callers.call(20, () -> hello("again"), () -> {});
        System.out.println("Calls since: " + since);
        try {
            System.out.println(hello(""));
        } catch (StatusRuntimeException e) {
            System.out.println("An answer, too, and not repeated: " + e.getStatus());
        }
    }

    private String hello(String name) throws IOException, InterruptedException {
        return balancer.execute(
                Call.any().idempotent(),
                new GrpcExchange<>(endpoint -> Greeter.stub(channels.to(endpoint)), stub -> stub.hello(name)));
    }
}
