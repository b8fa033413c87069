package io.evenkeel;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.function.Function;
import java.util.function.IntFunction;

/**
 * How answers and errors are classified. Both functions are called once per attempt on the path of a call: they must be
 * quick, must not throw and never return null; one that does is replaced by the default for that attempt.
 *
 * @param ofStatus what an HTTP status, 100 to 599, says of the replica
 * @param ofError what an error of {@code call}, {@code callAsync} or of the HTTP transport says of the replica
 */
public record Outcomes(IntFunction<Outcome> ofStatus, Function<Throwable, Outcome> ofError) {

    private static final Outcomes DEFAULTS = new Outcomes(Outcomes::defaultOfStatus, Outcomes::defaultOfError);

    /** Refuses null. */
    public Outcomes {
        requireNonNull(ofStatus, "ofStatus");
        requireNonNull(ofError, "ofError");
    }

    /**
     * 1xx to 4xx SUCCESS, but 408 FAILURE and 429 OVERLOADED; 503 OVERLOADED; 500, 502, 504 FAILURE; other 5xx SUCCESS.
     * An {@link IOException}, itself or among the causes, is FAILURE, unless one of them tells of an interrupt; any other
     * error is IGNORED.
     */
    public static Outcomes defaults() {
        return DEFAULTS;
    }

    /** A copy in which one status, 100 to 599, means {@code outcome}. */
    public Outcomes withStatus(int status, Outcome outcome) {
        Check.range("status", status, 100, 599);
        requireNonNull(outcome, "outcome");
        IntFunction<Outcome> others = ofStatus;
        return withStatuses(s -> s == status ? outcome : others.apply(s));
    }

    /** A copy that classifies statuses by {@code ofStatus}. */
    public Outcomes withStatuses(IntFunction<Outcome> ofStatus) {
        return new Outcomes(ofStatus, ofError);
    }

    /** A copy that classifies errors by {@code ofError}. */
    public Outcomes withErrors(Function<Throwable, Outcome> ofError) {
        return new Outcomes(ofStatus, ofError);
    }

    private static Outcome defaultOfStatus(int status) {
        return switch (status) {
            case 408, 500, 502, 504 -> Outcome.FAILURE;
            case 429, 503 -> Outcome.OVERLOADED;
            default -> Outcome.SUCCESS;
        };
    }

    private static Outcome defaultOfError(Throwable error) {
        boolean failed = false;
        int depth = 0;
        for (Throwable t = error; t != null && depth < 32; t = t.getCause(), depth++) {
            if (t instanceof InterruptedException || t instanceof ClosedByInterruptException) {
                return Outcome.IGNORED;
            }
            failed |= t instanceof IOException;
        }
        return failed ? Outcome.FAILURE : Outcome.IGNORED;
    }
}
