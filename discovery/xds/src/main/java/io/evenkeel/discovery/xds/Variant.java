package io.evenkeel.discovery.xds;

import com.google.rpc.Status;
import io.grpc.MethodDescriptor;
import java.util.Optional;

/** A variant of the protocol: how it says what both have to say. Immutable. */
interface Variant<Q, R> {

    MethodDescriptor<Q, R> method();

    /** Asks for what {@code to} wants: at the beginning of a stream, or {@code instead} of what it wanted before. */
    Q subscribe(Subscription<?> to, Optional<String> instead);

    /** Accepts the last answer. */
    Q accept(Subscription<?> to);

    /** Accepts the last answer, which says that there is no such resource, and goes on waiting for it. */
    Q acceptLoss(Subscription<?> to);

    /** Refuses the last answer. */
    Q refuse(Subscription<?> to, String reason);

    Answer read(R response);

    /** Why an answer is refused, for the server's log. */
    static Status refusal(String reason) {
        return Status.newBuilder()
                .setCode(io.grpc.Status.Code.INVALID_ARGUMENT.value())
                .setMessage(reason)
                .build();
    }
}
