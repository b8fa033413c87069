package io.evenkeel.discovery.common;

import java.io.IOException;

/** What a registry or a file says is of no use; the message is the reason, in words that can follow the name of who said it. */
public final class UnusableException extends IOException {

    private static final long serialVersionUID = 1;

    private final String reason;

    /** For this reason. */
    public UnusableException(String reason) {
        super(reason);
        this.reason = reason;
    }

    /** For this reason, which has a cause. */
    public UnusableException(String reason, Throwable cause) {
        super(reason, cause);
        this.reason = reason;
    }

    /** The reason, in words. */
    public String reason() {
        return reason;
    }
}
