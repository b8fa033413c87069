package io.evenkeel;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Endpoints exist, but every gate is shut at this moment. Carries no stack trace; the message
 * says who was asked, and the cause is the last real one, where there is one. */
public final class OverloadedException extends IOException {

    private static final long serialVersionUID = 1;

    /** With a message that names the balancer and what is known. */
    public OverloadedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    @Override
    public Throwable fillInStackTrace() {
        return this;
    }
}
