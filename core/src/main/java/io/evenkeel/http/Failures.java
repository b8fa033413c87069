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
        return Unsent.neverConnected(error) || tooManyStreams(error) || unprocessed(error);
    }

    /** The server ends the connection in order, by GOAWAY (RFC 9113, section 6.8): it may have worked on the request, or not. */
    static boolean goesAway(Throwable error) {
        return anyMessage(error, "GOAWAY received") || unprocessed(error);
    }

    /** It has not, for certain (JDK-8335181). */
    private static boolean unprocessed(Throwable error) {
        return anyMessage(error, "request not processed by peer");
    }

    /** Whether it says nothing of the replica's health, though the request was not answered. */
    static boolean innocent(Throwable error) {
        return tooManyStreams(error) || goesAway(error);
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
