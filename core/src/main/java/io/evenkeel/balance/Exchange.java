package io.evenkeel.balance;

import io.evenkeel.Call;
import io.evenkeel.Hedge;
import io.evenkeel.Outcome;
import io.evenkeel.Retry;
import io.evenkeel.resilience.Unsent;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How one protocol makes an attempt and judges it, for {@link LoadBalancer#execute} and {@link
 * LoadBalancer#executeAsync}; the HTTP client is one.
 *
 * @param <T> what an attempt gives; a {@link java.util.concurrent.CompletionStage} for the asynchronous driver
 */
@FunctionalInterface
public interface Exchange<T> {

    /**
     * Makes one attempt, within {@link Attempt#timeoutNanos()}. Reports the answer with {@link Attempt#answered(Outcome,
     * boolean)} or {@link Attempt#complete}; what it throws is reported by the caller, unless it was reported before.
     */
    T attempt(Attempt attempt) throws Exception;

    /** Schemes, in lower case, of the endpoints that this exchange can use; empty, the default, means any. The same set each
     * time. */
    default Set<String> schemes() {
        return Set.of();
    }

    /** How long the call may take, over all attempts and waits, if it brings no deadline of its own; empty, the default, means
     * the balancer's; more than a century counts as one. */
    default Optional<Duration> deadline() {
        return Optional.empty();
    }

    /** How often the call is attempted, in the place of the balancer's setting; empty, the default, means that. */
    default Optional<Retry> retry() {
        return Optional.empty();
    }

    /** Whether a second attempt starts beside a first that takes long, in the place of the balancer's setting; empty, the default,
     * means that. One by percentile goes by the percentile that the balancer is set to: without one there is none. */
    default Optional<Hedge> hedge() {
        return Optional.empty();
    }

    /** What an error says of the replica; by default, what the balancer's outcomes say. */
    default Outcome judge(Throwable error, Attempt attempt) {
        return attempt.classify(error);
    }

    /** Whether {@code error} proves that no connection to the endpoint came about: then it is ejected at once, and the call,
     * which was not sent, may be repeated. */
    default boolean neverConnected(Throwable error, Attempt attempt) {
        return Unsent.neverConnected(error);
    }

    /** Whether the call may run again after {@code error}, which was judged to be {@code outcome}; by default if that is
     * FAILURE or OVERLOADED (a SUCCESS is the answer of any other replica, too), and the call is idempotent or was not sent. */
    default boolean mayRepeat(Throwable error, Outcome outcome, Attempt attempt) {
        boolean isOfTheReplica = outcome == Outcome.FAILURE || outcome == Outcome.OVERLOADED;
        return isOfTheReplica && (attempt.isIdempotent() || neverConnected(error, attempt));
    }

    /** The caller has gone, perhaps before the answer came: nobody will read it, or what is left of it. */
    default void abandoned(Attempt attempt) {}

    /**
     * The call with what more choosing may know of it, such as {@linkplain Call#withEndpoint where a session lives}; by default there is nothing.
     * Asked before each attempt, when there is a list. What it throws ends the call.
     */
    default Call place(Call call) throws IOException {
        return call;
    }

    /** For an attempt of the same call beside the first; by default this, which is right for one that keeps nothing of an attempt. */
    default Exchange<T> another() {
        return this;
    }

    /** The error for a deadline that passed. */
    default IOException timedOut(String message) {
        return new SocketTimeoutException(message);
    }
}
