package io.evenkeel.balance;

import io.evenkeel.Endpoint;
import java.util.concurrent.CompletionStage;

/** Asks lightly whether an endpoint that refused connections accepts them again. Never blocks the caller. */
@FunctionalInterface
interface Probe {

    /** Completes with the answer, within a second or so; never exceptionally. */
    CompletionStage<Boolean> accepts(Endpoint endpoint);
}
