package io.evenkeel.examples;

import io.evenkeel.Endpoint;
import io.evenkeel.Outcome;
import io.evenkeel.balance.Attempt;
import io.evenkeel.balance.Exchange;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.AbstractBlockingStub;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A unary call of gRPC: how an attempt is made, and what its status says of the replica. Made to be copied; it works with
 * any blocking stub.
 *
 * @param stubs the stub of each endpoint, always by the same channel
 * @param rpc what to call
 */
record GrpcExchange<S extends AbstractBlockingStub<S>, T>(Function<Endpoint, S> stubs, Function<S, T> rpc)
        implements Exchange<T> {

    @Override
    public T attempt(Attempt attempt) {
        S stub = stubs.apply(attempt.endpoint());
        long timeout = attempt.timeoutNanos();
        T answer =
                rpc.apply(timeout == Attempt.UNBOUNDED ? stub : stub.withDeadlineAfter(timeout, TimeUnit.NANOSECONDS));
        attempt.complete(Outcome.SUCCESS);
        return answer;
    }

    @Override
    public Outcome judge(Throwable error, Attempt attempt) {
        return error instanceof StatusRuntimeException failed
                ? outcome(failed.getStatus())
                : Exchange.super.judge(error, attempt);
    }

    static Outcome outcome(Status status) {
        return switch (status.getCode()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, INTERNAL, UNKNOWN, DATA_LOSS -> Outcome.FAILURE;
            case RESOURCE_EXHAUSTED -> Outcome.OVERLOADED;
            case CANCELLED -> isCancelledHere(status) ? Outcome.IGNORED : Outcome.FAILURE;
            default -> Outcome.SUCCESS; // its answer to this call, such as INVALID_ARGUMENT or NOT_FOUND
        };
    }

    /** The caller's context was cancelled, its thread interrupted, or the like; a server's status has no cause. */
    private static boolean isCancelledHere(Status cancelled) {
        return cancelled.getCause() != null || Context.current().isCancelled();
    }
}
