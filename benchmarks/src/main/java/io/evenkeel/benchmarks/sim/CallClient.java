package io.evenkeel.benchmarks.sim;

import io.evenkeel.Call;
import io.evenkeel.Outcome;
import io.evenkeel.balance.LoadBalancer;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A client with a balancer, by asynchronous calls: all of the engine, its repeats and deadlines with it. */
final class CallClient implements Client {

    private final World world;
    private final LoadBalancer balancer;

    CallClient(World world, LoadBalancer balancer) {
        this.world = world;
        this.balancer = balancer;
    }

    @Override
    public void call(Errand errand) {
        CompletionStage<Boolean> answer = balancer.callAsync(Call.any().idempotent(), endpoint -> {
            Sent visit = new Sent(errand, world.at(endpoint));
            visit.go();
            return visit.answer;
        });
        answer.whenComplete(
                (answered, error) -> errand.ended(error == null, world.time().now()));
    }

    private final class Sent extends Visit {

        private final CompletableFuture<Boolean> answer = new CompletableFuture<>();

        Sent(Errand errand, Origin origin) {
            super(world.network(), errand, origin);
            CompletionStage<Boolean> done = answer;
            done.whenComplete((answered, error) -> abandon()); // by the balancer, perhaps: it cancels what is late
        }

        @Override
        void ended(Outcome outcome) {
            if (outcome == Outcome.SUCCESS) {
                answer.complete(true);
            } else {
                answer.completeExceptionally(Failed.FAILED);
            }
        }
    }

    /** Its type is all that matters. */
    private static final class Failed extends IOException {

        private static final long serialVersionUID = 1;

        @SuppressWarnings("StaticAssignmentOfThrowable")
        static final Failed FAILED = new Failed();

        private Failed() {
            super("the replica failed");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }
}
