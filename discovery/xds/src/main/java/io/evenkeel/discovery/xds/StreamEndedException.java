package io.evenkeel.discovery.xds;

import io.evenkeel.discovery.common.Shown;
import io.grpc.Status;
import java.io.IOException;

/** A stream has ended, and so it must be begun again. */
final class StreamEndedException extends IOException {

    private static final long serialVersionUID = 1;

    private final boolean orderly;
    private final boolean tooManyPings;

    /**
     * With this status.
     *
     * @param server its name
     * @param secret what the server may have repeated and nobody is to read; empty if there is none
     */
    StreamEndedException(String server, Status status, String secret) {
        super(server + ": " + words(status, secret));
        this.orderly = status.isOk();
        this.tooManyPings = String.valueOf(status.getDescription()).contains("too_many_pings");
    }

    private static String words(Status status, String secret) {
        if (status.isOk()) {
            return "the control plane ended the stream without an answer";
        }
        StringBuilder words = new StringBuilder(status.getCode().toString());
        if (status.getDescription() != null) {
            words.append(": ").append(status.getDescription());
        }
        if (status.getCause() != null) {
            words.append(": ").append(status.getCause());
        }
        return Shown.text(secret.isEmpty() ? words.toString() : words.toString().replace(secret, "***"));
    }

    boolean wasOrderly() {
        return orderly;
    }

    /** Whether the server said that we look too often whether it is still there. */
    boolean hadTooManyPings() {
        return tooManyPings;
    }
}
