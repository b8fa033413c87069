package io.evenkeel.http;

import io.evenkeel.resilience.Unsent;
import java.util.concurrent.CancellationException;

/** What the errors of the JDK's client mean. They are known by type, or where there is none by message, anywhere in the
 * chain of causes. */
final class Failures {

    private static final int DEPTH = 32;

    private Failures() {}

    /** Whether nothing was sent, for certain. */
    static boolean unsent(Throwable error) {
        return Unsent.neverConnected(error) || tooManyStreams(error);
    }

    /** The client fails at once beyond the peer's limit of streams (JDK-8225647); nothing was sent. */
    static boolean tooManyStreams(Throwable error) {
        return anyMessage(error, "too many concurrent streams");
    }

    /** Whether the caller ended the exchange: it cancelled or was interrupted. */
    static boolean cancelled(Throwable error) {
        int depth = 0;
        for (Throwable t = error; t != null && depth < DEPTH; t = t.getCause(), depth++) {
            if (t instanceof CancellationException || t instanceof InterruptedException) {
                return true;
            }
        }
        return anyMessage(error, "Request cancelled");
    }

    private static boolean anyMessage(Throwable error, String message) {
        int depth = 0;
        for (Throwable t = error; t != null && depth < DEPTH; t = t.getCause(), depth++) {
            if (t.getMessage() != null && t.getMessage().contains(message)) {
                return true;
            }
        }
        return false;
    }
}
