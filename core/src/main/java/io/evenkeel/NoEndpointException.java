package io.evenkeel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Nobody to send to: no list yet, nobody usable in it, or the balancer is closed. Carries no stack trace; the message
 * says what is known and the cause is the last real one, where there is one. */
public final class NoEndpointException extends IOException {

    private static final long serialVersionUID = 1;

    /** With a message that names the balancer and what is known. */
    public NoEndpointException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
